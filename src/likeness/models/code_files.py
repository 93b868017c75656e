"""Files that hold codes, and images by their files."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from likeness.errors import UserError, brief
from likeness.files.output import write_output
from likeness.models.model import Model
from likeness.shapes import Codes, Images

CodeFile = dict[str, np.ndarray]
"""Arrays by name, a row for each image."""


def of_files(model: Model, paths: Sequence[str | Path]) -> Codes:
    """Codes of images in files, in order; an .npz file stands for the codes in it. UserError if
    codes have another number of dimensions than the model's."""
    found = [
        read_codes(Path(path)) if str(path).endswith(".npz") else model.encode(model.images([path]))
        for path in paths
    ]
    for z in found:
        model.check_codes(z)
    return torch.cat(found)


def image_of(model: Model, path: str | Path) -> Images:
    """The image (1, c, h, w) of a file, decoded from the first code of an .npz file."""
    return model.decode(read_codes(Path(path))[:1]) if str(path).endswith(".npz") else model.images([path])


def write_named(out: Path, codes: Codes, names: Sequence[str]) -> Path:
    """Write codes with their names. UserError if the file's name does not end in .npz."""
    write_codes(out, {"codes": codes.numpy(), "names": np.array(names, dtype=str)})
    return out


def write_codes(out: Path, codes: CodeFile) -> None:
    """Write an .npz file. UserError if its name does not end so."""
    if out.suffix != ".npz":
        raise UserError(f"{out} does not end in .npz; codes are kept with their names in such a file")
    buffer = io.BytesIO()
    np.savez(buffer, **codes)  # type: ignore[arg-type]
    write_output(out, buffer.getvalue())


def read_codes(path: Path) -> Codes:
    """The codes in an .npz file, under `codes`, or in an .npy file. UserError if there are none."""
    try:
        found = np.load(path, allow_pickle=False)
        array = found["codes"] if isinstance(found, np.lib.npyio.NpzFile) else found
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        text = brief(error, 100)
        reason = "it is not an array of numbers" if "pickle" in text else text
        raise UserError(f"{path} holds no codes ({reason}); give what `likeness encode` wrote") from None
    if array.ndim != 2 or array.dtype.kind != "f" or not array.size or not np.isfinite(array).all():
        raise UserError(
            f"{path} holds {array.dtype} {array.shape}; codes are finite floats (n, dimensions)"
        )
    return torch.from_numpy(array.astype(np.float32))
