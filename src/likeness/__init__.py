"""Likeness: autoencoders whose measure of likeness is learned from your own data.

model = likeness.load("runs/faces")
x = model.images(["a.png", "b.png"])
model.reconstruct(x), model.sample(16)

metric = likeness.metric("runs/faces", reduction="mean")
loss = metric(made, x)
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
