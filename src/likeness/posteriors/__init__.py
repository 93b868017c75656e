"""Posteriors q(z|x), how an encoder's outputs become codes: one in each public file, whose name users type.

To add one: a file with one subclass of `Posterior`; or, elsewhere, such a class that is registered
(`likeness.register`) or an entry point of the group `likeness.posteriors`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
