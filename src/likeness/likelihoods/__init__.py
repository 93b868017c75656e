"""Likelihoods log p(x | mu), what is assumed of errors: one in each public file, whose name users type.

To add one: a file with one subclass of `ObservationModel`; or, elsewhere, such a class that is registered
(`likeness.register`) or an entry point of the group `likeness.likelihoods`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
