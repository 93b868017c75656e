"""The command `likeness distance`."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from likeness.commands._arguments import Condition, Device, ImagePaths, Layers, RunPath, path_text
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Metavar

Table = Annotated[str | None, BeforeValidator(path_text), Metavar("FILE.csv")]
Picture = Annotated[str | None, BeforeValidator(path_text), Metavar("FILE.png")]


@verb("measure", numbers=True)
def distance(
    run: RunPath,
    images: ImagePaths = [],  # noqa: B006 (never changed)
    *,
    pairs: Table = None,
    layers: Layers = None,
    map: Picture = None,
    out: Table = None,
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Measure the distance of two images in a learned metric, or of each pair of images in a table.

    Args:
        run: A run with a discriminator, or a saved metric.
        images: Two images.
        pairs: Table with columns a and b, paths relative to it, instead of two images.
        map: Draw where the two images differ.
        out: Write the table with a column `distance`.
        condition: Condition of all images; by default the mean of those of training images.
    """
    from likeness.analysis import pair_distances
    from likeness.runs.loading import load_metric

    if (len(images) == 2) == (pairs is not None):
        raise UserError("two images or a table of pairs are compared; write A B, or --pairs PAIRS.csv")
    learned = load_metric(run, layers, condition=condition, device=device)
    if pairs is None:
        value = float(pair_distances.file_distance(learned, images, map))
        return Result([f"{value:.6g}"], {"distance": value}, [Path(map)] if map else [])
    rows = pair_distances.distance_table(learned, Path(pairs))
    distances = [float(row["distance"]) for row in rows]
    if out is not None:
        return Result.wrote(pair_distances.write(rows, Path(out)), numbers=distances)
    return Result([f"{row['distance']}  {row['a']}  {row['b']}" for row in rows], distances)
