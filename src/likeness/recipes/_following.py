"""A table of how well conditional models follow attributes, with the paper's beside it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jaxtyping import Float
from torch import Tensor

from likeness.analysis.attribute_fidelity import AttributeFidelity, image_fidelity, sample_fidelity
from likeness.data.batches import whole
from likeness.data.dataset import Dataset, load
from likeness.errors import UserError
from likeness.files import atomic
from likeness.pages import pictures
from likeness.predictors.regressor import regressor
from likeness.recipes._recipe import Watcher
from likeness.runs.loading import load_model
from likeness.runs.output import write_picture
from likeness.runs.settings import gather
from likeness.runs.train import train
from likeness.shapes import Images

MAX_PICTURED = 12
IMAGES, OTHERS = "the images themselves", "other images"


@dataclass(frozen=True)
class AttributeTable:
    """Methods that are conditioned on all attributes of the data, and what the paper says of each."""

    methods: tuple[str, ...]
    """In the order of training: a lender before its borrower."""
    settings: Mapping[str, Any]
    borrowed: Mapping[str, str]
    """Methods that borrow a discriminator, each with its lender."""
    paper: Mapping[str, tuple[float, float]]
    """Cosine and squared error by row, as recalled, on other data and on another scale."""


@dataclass(frozen=True)
class AttributeRow:
    """One row of one seed."""

    name: str
    seed: int
    found: AttributeFidelity


def attribute_rows(
    table: AttributeTable, folder: Path, data: str, seeds: int, split: str, watcher: Watcher
) -> Iterator[AttributeRow]:
    """Rows as they come to be: images, then each method for each seed. Runs and the regressor are kept
    in `folder` and gone on with. Raises UserError if the data have no attributes."""
    said = {**table.settings, "data": data}
    first = gather(table.methods[0], said)
    where, augmentation = first.data, first.augmentation.flips_alone
    dataset = load(where, 0)
    names = _varying_attributes(dataset)
    dataset = dataset.with_attributes(names)
    read = regressor(folder / "regressor", dataset, augmentation, watcher)
    x, attributes = _split_images(dataset, split)
    yield AttributeRow(IMAGES, 0, image_fidelity(read, x, attributes))
    yield AttributeRow(OTHERS, 0, image_fidelity(read, x.roll(1, 0), attributes))
    for seed in range(seeds):
        if seed:  # splits that the source does not make itself are made anew for each seed
            attributes = _split_images(load(where, seed).with_attributes(names), split)[1]
        for method in table.methods:
            settings = said | {"seed": seed, "condition": names}
            if method in table.borrowed:
                settings["borrow"] = {"discriminator": str(folder / f"{table.borrowed[method]}-{seed}")}
            run = train(gather(method, settings), folder / f"{method}-{seed}", resume=True, watcher=watcher)
            yield AttributeRow(method, seed, sample_fidelity(load_model(run.path), read, attributes))


def _varying_attributes(dataset: Dataset) -> tuple[str, ...]:
    """Attributes that some training images have and some have not. UserError if there are none."""
    traits = dataset.train.attributes
    share = [] if traits is None else traits.mean(0)
    names = tuple(n for n, p in zip(dataset.attribute_names, share) if 0 < p < 1)
    if not names:
        raise UserError("no attributes: the data have no columns of 0 and 1; add them beside the images")
    return names


def _split_images(dataset: Dataset, name: str) -> tuple[Images, Float[Tensor, "n a"]]:
    """All images of a split, and the attributes that are asked for. UserError if there are none."""
    split = {"validation": dataset.validation, "test": dataset.test}[name]
    if not len(split):
        raise UserError(
            f"there are no {name} images, whose attributes are asked for; choose another --split"
        )
    batch = whole(split, dataset.scaling)
    assert batch.attributes is not None
    return batch.x, batch.attributes


def format_rows(found: Sequence[AttributeRow], table: AttributeTable) -> list[str]:
    """The rows, a line each: the paper's numbers last, errors also as multiples of those of images."""
    least = found[0].found.mse
    return [_format_row(line, table.paper.get(line.name), table.paper[IMAGES][1], least) for line in found]


def _format_row(
    line: AttributeRow, paper: tuple[float, float] | None, papers_least: float, least: float
) -> str:
    (mean, low, high, _), mse = line.found.cosine, line.found.mse
    name = line.name if line.name in (IMAGES, OTHERS) else f"{line.name}, seed {line.seed}"
    ours = f"{mean:.4f} [{low:.4f}, {high:.4f}]  {mse:.4f} +- {line.found.spread:.4f} {mse / least:6.2f}"
    theirs = f"{paper[0]:12.4f} {paper[1]:9.2f} {paper[1] / papers_least:6.2f}" if paper else ""
    return f"{name:<24} {ours}{theirs}"


def write_rows(
    found: Sequence[AttributeRow], table: AttributeTable, folder: Path, split: str
) -> list[Path]:
    """attributes.json, and a picture of samples with the same attributes and codes: a row for each
    method, of the first seed."""
    document = [{"row": line.name, "seed": line.seed} | asdict(line.found) for line in found]
    atomic.write(folder / "attributes.json", json.dumps(document, indent=1).encode())
    trained = [load_model(folder / f"{method}-0") for method in table.methods]
    dataset = load(trained[0].data, 0).with_attributes(trained[0].conditions.names)
    attributes = _split_images(dataset, split)[1][:MAX_PICTURED]
    made = [one.decode(one.sample_codes(len(attributes)), attributes) for one in trained]
    picture = write_picture(folder / "attributes.png", pictures.rows(*made))
    return [folder / "attributes.json", picture]
