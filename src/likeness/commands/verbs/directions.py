"""The command `likeness directions`."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from likeness.commands._arguments import (
    Condition,
    DataArgument,
    Device,
    MaxImages,
    OutFile,
    RunPath,
    path_text,
)
from likeness.commands._progress import Progress
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Metavar

Folder = Annotated[str | None, BeforeValidator(path_text), Metavar("DIR")]


@verb("change images", numbers=True)
def directions(
    run: RunPath,
    *,
    data: DataArgument = None,
    max_images: MaxImages = None,
    positive: Folder = None,
    negative: Folder = None,
    name: Annotated[str, Metavar("NAME")] = "attribute",
    leakage: Folder = None,
    out: OutFile = "directions.npz",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Find directions of attributes or classes in the codes, and principal components, for `likeness edit`.

    Args:
        data: Images with attributes or classes: the run's data where they are now, or others; by default
            where they were.
        positive: Folder of examples that have an attribute.
        negative: Folder of examples that lack it.
        name: Name of that attribute.
        leakage: Measure how each direction changes other attributes, as predicted by the attribute
            regressor in this folder, which is trained if there is none.
    """
    from likeness.analysis import directions as finding
    from likeness.runs.loading import load_model
    from likeness.runs.run import run_of

    if (positive is None) != (negative is None):
        raise UserError("--positive and --negative go together; give both")
    if positive is not None and leakage is not None:
        raise UserError("--leakage is for attributes of data; leave out --positive and --negative")
    model = load_model(run, device=device)
    place = data if data is not None else model.data.place
    if positive is not None and negative is not None:
        found = finding.directions_of_folders(model, str(positive), str(negative), name, condition)
    else:
        found = finding.directions_of_data(model, place, max_images)
    lines = [f"{', '.join(found.names)}; {len(found.components)} principal components"]
    numbers: dict[str, Any] = {"attributes": list(found.names), "components": len(found.components)}
    files = [found.write(Path(out))]
    if leakage is None:
        return Result.wrote(*files, lines=lines, numbers=numbers)
    flips = run_of(run).config().augmentation.flips_alone
    table, means, file = _leakage(model, found, place, flips, Path(leakage), Path(out))
    return Result(
        [*lines, str(files[0]), *table, str(file)], numbers | {"leakage": means}, [*map(Path, files), file]
    )


def _leakage(
    model: Any, found: Any, data: Any, flips: Any, folder: Path, out: Path
) -> tuple[list[str], dict[str, Any], Path]:
    """Effect and leakage of each direction: a table, their means, and the file that has them all."""
    from likeness.analysis.leakage import measure_leakage
    from likeness.models.codes import load_prepared
    from likeness.predictors.regressor import regressor

    dataset = load_prepared(model, data)
    dataset = dataset.with_attributes(found.names) if dataset.attribute_names else dataset
    with Progress() as progress:
        predictor = regressor(folder, dataset, flips, progress.show)
    leaks = measure_leakage(model, found, predictor, dataset)
    kinds = {kind: (e.diagonal().tolist(), leaks.leaks(kind).tolist(), leaks.most(kind))
             for kind, e in leaks.effects.items()}  # fmt: skip
    lines = [f"{'':<22}" + "".join(f"{f'{kind}: effect, leakage, most':<48}" for kind in kinds)]
    for k, name in enumerate(leaks.names):
        cells = (f"{e[k]:7.2f} {l[k]:7.3f}  {m[k][1]:+6.2f} {m[k][0]:<23}" for e, l, m in kinds.values())
        lines.append(f"{name:<22}" + "  ".join(cells))
    means = {kind: leaks.means(kind) for kind in kinds}
    cells = (f"{effect:7.2f} {leak:7.3f}{'':<32}" for effect, leak in means.values())
    lines.append(f"{'on average':<22}" + "  ".join(cells))
    numbers = {kind: {"effect": float(e), "leakage": float(leak)} for kind, (e, leak) in means.items()}
    return lines, numbers, Path(leaks.write(out.with_name(f"{out.stem}-leakage.csv")))
