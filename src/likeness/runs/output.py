"""Images written out, in the data's own value range, bit depth and channels."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from likeness.errors import UserError
from likeness.files.archives import npy_bytes, npz_bytes
from likeness.files.output import write_output
from likeness.models.autoencoder import Autoencoder
from likeness.pages import pictures
from likeness.runs.run import Run
from likeness.shapes import Images


def write_images(
    model: Autoencoder, x: Images, out: str | Path, names: Sequence[str], columns: int
) -> Path:
    """Write images to `out` and say where they are.

    `x.png` is one picture of all, for the eye; `x.npy` and `x.npz` are arrays (n, h, w, c) in the
    data's own values; anything else is a folder with a file for each image, PNG where that holds
    the data exactly and .npy where it does not.
    """
    out = Path(out)
    if out.suffix == ".png":
        write_picture(out, pictures.grid(x, columns))
    elif out.suffix in (".npy", ".npz"):
        write_arrays(out, model.arrays(x))
    else:
        _each(out, model.arrays(x), names)
    return out


def write_picture(out: Path, picture: Image.Image) -> Path:
    """Write a PNG file at a path that the user gave. Raises UserError if it cannot be written."""
    return write_output(out, pictures.png(picture))


def write_arrays(out: Path, images: np.ndarray, **more: np.ndarray) -> None:
    """Write an .npy file, or an .npz file with `images` and further arrays."""
    content = npy_bytes(images) if out.suffix == ".npy" else npz_bytes({"images": images, **more})
    write_output(out, content)


def _each(folder: Path, images: np.ndarray, names: Sequence[str]) -> None:
    if not folder.name or Run(folder).exists():
        raise UserError(f"{folder} is no place for images; choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({error.strerror}); choose another --out") from None
    for name, image in zip(names, images):
        if _fits_png(image):
            write_picture(folder / f"{name}.png", Image.fromarray(_plain(image)))
        else:
            write_arrays(folder / f"{name}.npy", image)


def _fits_png(image: np.ndarray) -> bool:
    channels = image.shape[2]
    return (image.dtype, channels) in ((np.uint8, 1), (np.uint8, 3), (np.uint16, 1))


def _plain(image: np.ndarray) -> np.ndarray:
    return image[:, :, 0] if image.shape[2] == 1 else image
