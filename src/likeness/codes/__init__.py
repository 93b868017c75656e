"""Layouts of codes: what an encoder gives for an input, what a decoder takes, and which part a prior is of.

To add one: a file with a subclass of `Code`, and its name in the type of a method's field `code`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
