"""Recipes: the results of a paper, one file for each paper, whose name users type.

To add one: a file with tables of settings, as those beside it have.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
