"""Sources: where images come from, one file for each kind of place.

To add one: a file with one subclass of `Source`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
