"""Layouts of codes: the outputs of an encoder, the inputs of a decoder, and the part that a prior
describes.

To add one: a file with a subclass of `Code`, and its name in the type of the field `code` of a method.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
