"""Priors p(z), what the codes should be distributed as: one in each public file, whose name users type.

To add one: a file with one subclass of `Distribution`; or, elsewhere, such a class that is registered
(`likeness.register`) or an entry point of the group `likeness.priors`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
