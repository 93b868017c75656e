"""Sources: where images come from, one file for each kind of place.

To add one: a file with one subclass of `Source`, or, elsewhere, such a class that is registered
(`likeness.register`) or an entry point of the group `likeness.data`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
