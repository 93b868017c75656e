"""Metrics: one file for each metric; a metric measures a model by numbers with intervals.

To add one: a file with one subclass of `Metric`, or, elsewhere, such a class that is registered
(`likeness.register`) or an entry point of the group `likeness.metrics`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
