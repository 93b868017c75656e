"""Data: images with what is known of them, from a word or a path to batches in [-1, 1].

from likeness.data import DataSettings, load
images = load(DataSettings(data="photos/", size="64"), seed=0)
images.train, images.train.labels, images.shape

A source finds the data and returns a `Table`: `Pictures` not yet decoded, and a `Column` for each thing
known of them. `reading` makes arrays of the pictures, `splits` divides the rows, `batches` gives them to a
network. To add a kind of place, put a file into `sources` with one subclass of `Source`, or, elsewhere, one
that is registered (`likeness.register`) or an entry point of the group `likeness.data`; a picture format,
name it in `reading/decoding`; an option, a field of `DataSettings`;
a way to change training images, one of `Augmentation`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
