"""Metrics: one file for each; what each says of a model is a number for every image, with an interval.

To add one: a file with `measure(evidence)`, which yields names and values (n,).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
