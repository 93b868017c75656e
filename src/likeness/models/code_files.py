"""Files of codes, and codes of image files."""

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
"""Arrays by name, with one row per image."""


def encode_files(model: Autoencoder, paths: Sequence[str | Path], condition: Conditioning = None) -> Codes:
    """Codes (n, code_size) of image files, and the codes in .npz files, in order. Raises UserError if codes
    have another number of dimensions than the model's."""
    codes = [
        read_codes(Path(path))
        if str(path).endswith(".npz")
        else model.encode(model.images([path]), condition).mean
        for path in paths
    ]
    for z in codes:
        model.check_codes(z)
    return torch.cat(codes)


def load_image(model: Autoencoder, path: str | Path, condition: Conditioning = None) -> Images:
    """The image in a file, or the decoded first code of an .npz file, as a batch of one."""
    if not str(path).endswith(".npz"):
        return model.images([path])
    return model.decode(read_codes(Path(path))[:1], condition)


def write_named_codes(out: Path, codes: Codes, names: Sequence[str]) -> Path:
    """Write codes with their names. Raises UserError if the file name does not end in .npz."""
    write_codes(out, {"codes": codes.numpy(), "names": np.array(names, dtype=str)})
    return out


def write_codes(out: Path, codes: CodeFile) -> None:
    """Write an .npz file. Raises UserError if its name does not end in .npz."""
    if out.suffix != ".npz":
        raise UserError(f"{out} does not end in .npz; name an .npz file, which holds codes and their names")
    write_output(out, archives.npz_bytes(codes))


def read_codes(path: Path) -> Codes:
    """The array `codes` of an .npz file, or an .npy file. Raises UserError if there are no codes."""
    arrays = archives.arrays(path, "codes", "give what `likeness encode` wrote")
    array = arrays.get("codes", arrays.get(""))
    if array is None:
        names = ", ".join(arrays) or "nothing"
        raise UserError(f"{path} holds no codes but {names}; give what `likeness encode` wrote")
    if array.ndim != 2 or array.dtype.kind != "f" or not array.size or not np.isfinite(array).all():
        raise UserError(
            f"{path} holds {array.dtype} {array.shape}; codes are finite floats (n, dimensions)"
        )
    return torch.from_numpy(array.astype(np.float32))
