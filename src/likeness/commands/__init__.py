"""Commands: each is a typed function in a file of `verbs`, callable from Python with the same names.

`likeness.commands.sample("runs/x", n=16)` does what `likeness sample runs/x -n 16` does, and returns a
`Result` with lines for people, numbers, and the files written.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
