"""Network families: one design of networks in each public file, called by the name of the file.

To add one: a file with one subclass of `Family`; or, outside of this package, a subclass that is registered
(`likeness.register`) or an entry point of the group `likeness.nets`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
