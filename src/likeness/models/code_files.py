"""Files that hold codes, and images by their files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from likeness.data.conditions import Conditioning
from likeness.errors import UserError
from likeness.files import archives
from likeness.files.output import write_output
from likeness.models.autoencoder import Autoencoder
from likeness.shapes import Codes, Images

CodeFile = dict[str, np.ndarray]
"""Arrays by name, a row for each image."""


def of_files(model: Autoencoder, paths: Sequence[str | Path], condition: Conditioning = None) -> Codes:
    """Codes of images in files, in order, under a condition where the model takes one; an .npz file stands
    for the codes in it. UserError if codes have another number of dimensions than the model's."""
    found = [
        read_codes(Path(path))
        if str(path).endswith(".npz")
        else model.encode(model.images([path]), condition).mean
        for path in paths
    ]
    for z in found:
        model.check_codes(z)
    return torch.cat(found)


def image_of(model: Autoencoder, path: str | Path, condition: Conditioning = None) -> Images:
    """The image of a file, in a batch of one; of an .npz file, what its first code is decoded to, under a
    condition where the model takes one."""
    if not str(path).endswith(".npz"):
        return model.images([path])
    return model.decode(read_codes(Path(path))[:1], condition)


def write_named(out: Path, codes: Codes, names: Sequence[str]) -> Path:
    """Write codes with their names. UserError if the file's name does not end in .npz."""
    write_codes(out, {"codes": codes.numpy(), "names": np.array(names, dtype=str)})
    return out


def write_codes(out: Path, codes: CodeFile) -> None:
    """Write an .npz file. UserError if its name does not end so."""
    if out.suffix != ".npz":
        raise UserError(f"{out} does not end in .npz; codes are kept with their names in such a file")
    write_output(out, archives.npz_bytes(codes))


def read_codes(path: Path) -> Codes:
    """The codes in an .npz file, under `codes`, or in an .npy file. UserError if there are none."""
    found = archives.arrays(path, "codes", "give what `likeness encode` wrote")
    array = found.get("codes", found.get(""))
    if array is None:
        names = ", ".join(found) or "nothing"
        raise UserError(f"{path} holds no codes but {names}; give what `likeness encode` wrote")
    if array.ndim != 2 or array.dtype.kind != "f" or not array.size or not np.isfinite(array).all():
        raise UserError(
            f"{path} holds {array.dtype} {array.shape}; codes are finite floats (n, dimensions)"
        )
    return torch.from_numpy(array.astype(np.float32))
