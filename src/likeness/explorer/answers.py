"""What the page asks and what it is answered: each function is one question, its name the address.

Arguments come from the page and are checked; an answer becomes JSON. Nothing is kept between questions
but what can be made again, so any number of pages may ask.
"""

import base64
from collections.abc import Callable
from typing import Annotated, Any, Literal

import torch
from pydantic import ConfigDict, Field, FiniteFloat, validate_call

from likeness.analysis import embedded_sample
from likeness.analysis.differences import compare_images
from likeness.analysis.editing import INTERPOLATIONS
from likeness.analysis.embedded_sample import Box, PlaneKind
from likeness.analysis.neighbours import Neighbours, embed_images, nearest_neighbours, pixel_vectors
from likeness.analysis.projection import ProjectionLoss, project_images
from likeness.errors import UserError
from likeness.explorer.opened import Gallery, Opened, Row, code_tensor
from likeness.explorer.sources import (
    Code,
    CodeSource,
    Said,
    Source,
    condition_of,
    conform_source,
    label_of,
    tensor,
)
from likeness.explorer.views import finite, heat_map, numbers, picture_urls
from likeness.files.archives import npy_bytes, npz_bytes
from likeness.shapes import UNLABELLED, Codes, Images

Answer = dict[str, Any]
Channel = int | None
"""The one channel of images that is shown, or all."""
Count = Annotated[int, Field(ge=1, le=256)]
POINTS = 400
"""Of a curve."""


def runs(gallery: Gallery) -> Answer:
    """The runs that are open."""
    return {"runs": [_describe_run(k, opened) for k, opened in enumerate(gallery.opened)]}


def _describe_run(number: int, opened: Opened) -> Answer:
    model = opened.model
    return {
        "number": number, "path": opened.path, "method": model.method, "step": model.step,
        "data": model.data.place, "shape": list(model.shape), "dtype": model.scaling.dtype,
        "size": model.code_size, "coding": opened.has_encoder, "judging": opened.has_discriminator,
        "classes": opened.classes, "asks": opened.asks, "directions": opened.said,
        "conditions": opened.controls(),
    }  # fmt: skip


def look(
    gallery: Gallery, run: int, source: Source, channel: Channel = None, again: bool = False,
    condition: Said = None,
) -> Answer:  # fmt: skip
    """An image, its code, its reconstruction, their difference, and the condition used. A code of this run
    is used as it is, unless the image is to be encoded `again`."""
    opened, rows = gallery[run], condition_of(gallery, run, source, condition)
    under = _under(opened, rows)
    if isinstance(source, CodeSource) and source.run == run and not again:
        z = code_tensor(source.code)
        made = picture_urls(opened.model.decode(z, rows), channel)[0]
        return {"original": made, "made": made, "code": numbers(z)[0], "notes": []} | under
    given = conform_source(gallery, opened, source)
    x = tensor(opened, given)
    answer = {
        "original": picture_urls(x, channel)[0],
        "notes": given.notes,
        "label": int(label_of(gallery, source)),
        "channels": source.image(gallery).shape[2],
    } | under
    if not opened.has_encoder or (opened.asks and answer["label"] == UNLABELLED):
        return answer
    z = opened.model.encode(x, rows, label_of(gallery, source)).mean
    return answer | _answer_of_image(opened, x, z, channel, rows)


def _under(opened: Opened, rows: Row) -> Answer:
    """The condition as text for the page, if the run has conditions."""
    return {} if rows is None else {"condition": opened.model.conditions.words(rows)[0]}


def _answer_of_image(opened: Opened, x: Images, z: Codes, channel: Channel, rows: Row) -> Answer:
    made = opened.model.decode(z, rows)
    found = compare_images(x, made, opened.metric() if opened.has_discriminator else None)
    return {
        "made": picture_urls(made, channel)[0],
        "code": numbers(z)[0],
        "pixels": heat_map(found.pixels) | {"mse": finite(found.mse), "psnr": finite(found.psnr)},
        "learned": None if found.learned is None
        else heat_map(found.learned) | {"distance": finite(found.distance or 0.0)},
    }  # fmt: skip


def project(
    gallery: Gallery, run: int, source: Source, channel: Channel = None,
    steps: Annotated[int, Field(ge=1, le=1000)] = 100, condition: Said = None,
) -> Answer:  # fmt: skip
    """The code whose decoded image is nearest to an image, found by gradient descent."""
    opened = gallery[run]
    x, label = tensor(opened, conform_source(gallery, opened, source)), label_of(gallery, source)
    near = ProjectionLoss(opened.metric() if opened.has_discriminator else None)
    rows = condition_of(gallery, run, source, condition)
    z = project_images(opened.model, x, near, label, steps, condition=rows)
    return _answer_of_image(opened, x, z, channel, rows) | _under(opened, rows)


def directions(gallery: Gallery, run: int) -> Answer:
    """Names of the directions that codes can be moved along."""
    found = gallery[run].directions()
    size = gallery[run].model.code_size
    return {"attributes": list(found.names), "components": len(found.components), "dimensions": size}


def edit(
    gallery: Gallery, run: int, code: Code, add: dict[str, FiniteFloat], decorrelated: bool = False,
    channel: Channel = None, condition: Said = None,
) -> Answer:  # fmt: skip
    """A code moved along directions, decoded."""
    opened = gallery[run]
    z = code_tensor(code)
    opened.model.check_codes(z)
    return _decode(opened, z + opened.move(add, decorrelated), channel, condition)


def restyle(
    gallery: Gallery, run: int, source: Source, channel: Channel = None, condition: Said = None
) -> Answer:
    """An image in every class, in its own style."""
    opened = gallery[run]
    labels = torch.arange(opened.model.classes)
    x = tensor(opened, conform_source(gallery, opened, source)).repeat(len(labels), 1, 1, 1)
    rows = condition_of(gallery, run, source, condition)
    return _pictures(opened, opened.model.transfer_style(x, labels, rows), channel, rows)


def samples(
    gallery: Gallery, run: int, n: Annotated[int, Field(ge=1, le=256)] = 24,
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0,
    temperature: Annotated[FiniteFloat, Field(ge=0, le=100)] = 1.0, channel: Channel = None,
    condition: Said = None,
) -> Answer:  # fmt: skip
    """Samples of the prior, decoded."""
    opened = gallery[run]
    return _decode(opened, opened.model.sample_codes(n, seed, temperature).cpu(), channel, condition)


def between(
    gallery: Gallery, run: int, a: Code, b: Code, way: str = "linear", channel: Channel = None,
    at: Annotated[int, Field(ge=0)] = 50, steps: Annotated[int, Field(ge=2, le=201)] = 101,
    every: Annotated[int, Field(ge=1)] | None = None, condition: Said = None,
) -> Answer:  # fmt: skip
    """One image of the interpolation from one code to another, or `every` one of its `steps`."""
    if way not in INTERPOLATIONS:
        raise UserError(f"there is no way {way!r}; choose one of {', '.join(INTERPOLATIONS)}")
    first, last = code_tensor(a)[0], code_tensor(b)[0]
    if len(first) != len(last):
        raise UserError("these codes are not of one run; choose two images of the same run")
    codes = INTERPOLATIONS[way](first, last, steps)
    chosen = codes[::every] if every else codes[min(at, steps - 1)][None]
    return _decode(gallery[run], chosen, channel, condition)


def plane(gallery: Gallery, run: int, by: PlaneKind) -> Answer:
    """The codes of the run's images, projected to points of a plane."""
    opened = gallery[run]
    found, known = opened.plane(by), opened.data_sample()
    return {
        "points": numbers(found.points), "labels": known.labels.tolist(), "names": list(known.names),
        "splits": list(known.splits), "label_names": list(known.label_names), "share": found.share,
    }  # fmt: skip


def region(
    gallery: Gallery,
    run: int,
    by: PlaneKind,
    box: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat],
    side: Annotated[int, Field(ge=2, le=16)] = 8,
    channel: Channel = None,
    condition: Said = None,
) -> Answer:
    """A grid of decoded images of a part of the plane."""
    opened = gallery[run]
    codes = embedded_sample.codes_in_box(
        opened.data_sample().require_codes(), opened.plane(by), Box(*box), side
    )
    return _decode(opened, codes, channel, condition)


def neighbours(gallery: Gallery, run: int, source: Source, k: Count = 8, channel: Channel = None) -> Answer:
    """The images of the data that are nearest to an image, by pixels and by the learned metric."""
    opened = gallery[run]
    x = tensor(opened, conform_source(gallery, opened, source))
    found = {"pixels": _nearest(opened, nearest_neighbours(pixel_vectors(x), opened.pixels(), k), channel)}
    if opened.has_discriminator:
        within = opened.features()
        nearest_features = nearest_neighbours(embed_images(opened.metric(), x), within, k)
        found["learned"] = _nearest(opened, nearest_features, channel) | {"among": len(within)}
    return found | {"among": len(opened.pixels())}


def _nearest(opened: Opened, found: Neighbours, channel: Channel) -> Answer:
    known, rows = opened.data_sample(), found.rows.tolist()
    return {
        "pictures": picture_urls(known.images(opened.model, rows), channel),
        "rows": rows, "distances": found.distances.tolist(),
        "names": [known.names[row] for row in rows], "splits": [known.splits[row] for row in rows],
        "labels": known.labels[rows].tolist(),
    }  # fmt: skip


def training(gallery: Gallery, run: int) -> Answer:
    """Curves of the metrics, and names of the pictures of the training."""
    opened = gallery[run]
    lines = opened.run.metrics()
    names = {
        n: None for line in lines for n, v in line.items() if v is not None and n not in ("step", "seconds")
    }
    curves = {
        name: [(line["step"], line[name]) for line in lines if line.get(name) is not None] for name in names
    }
    thin = {name: points[:: -(-len(points) // POINTS)] for name, points in curves.items()}
    pictures = sorted(path.name for path in opened.run.pictures.glob("*.png"))
    return {"curves": thin, "pictures": pictures, "seconds": opened.run.newest().get("seconds")}


def file(
    gallery: Gallery, run: int, source: Source, kind: Literal["image", "code"], condition: Said = None
) -> Answer:
    """An image (h, w, c) in the data's own values as an .npy file, or its code as an .npz file."""
    opened = gallery[run]
    if kind == "image":
        content = npy_bytes(conform_source(gallery, opened, source).image)
    elif isinstance(source, CodeSource) and source.run == run:
        content = npz_bytes({"codes": code_tensor(source.code).numpy()})
    else:
        x = tensor(opened, conform_source(gallery, opened, source))
        rows = condition_of(gallery, run, source, condition)
        z = opened.model.encode(x, rows, label_of(gallery, source)).mean
        content = npz_bytes({"codes": z.numpy()})
    return {"content": base64.b64encode(content).decode()}


def _decode(opened: Opened, z: Codes, channel: Channel, condition: Said) -> Answer:
    return _pictures(opened, z, channel, opened.condition(condition))


def _pictures(opened: Opened, z: Codes, channel: Channel, rows: Row) -> Answer:
    return {"pictures": picture_urls(opened.model.decode(z, rows), channel), "codes": numbers(z)}


QUESTIONS: dict[str, Callable[..., Answer]] = {
    question.__name__: validate_call(config=ConfigDict(arbitrary_types_allowed=True))(question)
    for question in (
        runs, look, project, directions, edit, restyle, samples, between, plane, region, neighbours,
        training, file,
    )
}  # fmt: skip
"""Every question, by name."""
