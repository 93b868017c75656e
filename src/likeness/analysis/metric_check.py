"""A check of whether the learned metric of a run can be trusted on its data, beside strong controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis import metric_questions
from likeness.data.batches import whole
from likeness.data.choosing import select_split, thin
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.intervals import Interval, interval
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_own_data, load_prepared
from likeness.nets import add_condition
from likeness.noise import use_seed
from likeness.runs import checkpoints
from likeness.runs.loading import load_metric, load_model
from likeness.runs.run import Run
from likeness.shapes import UNLABELLED, Images, Labels, PerSample
from likeness.similarity.assumptions import assume
from likeness.similarity.controls import Distance, control_distances, fitted_controls, untaught_terms
from likeness.similarity.distortions import DISTORTIONS, UNSEEN_DISTORTIONS
from likeness.similarity.image_metric import ImageMetric
from likeness.similarity.mixture import nearest_in_pixels
from likeness.similarity.perceptual_metric import PerceptualMetric
from likeness.similarity.taught_metric import TaughtMetric

LEARNED, UNTRAINED, UNTAUGHT_MIXTURE = "learned", "untrained network", "without teaching"
AGREEMENT = "ranks pairs as another run does"
QUERY_COUNT, NEIGHBOUR_COUNT, MIN_IMAGES = 8, 5, 20
FITTED_IMAGES = 1800
"""Training images for controls that are fitted; the last sixth chooses among their terms."""
CONTENT = f"same class among {NEIGHBOUR_COUNT} nearest"
CHOICES, UNSEEN, GROWTH = "right choices", "right choices, unseen kinds", "grows with severity"
SUMMARIES = (CONTENT, CHOICES, UNSEEN)
"""Questions by which a metric is compared with its controls."""
WEIGHTS = ("as trained", "averaged")
Values = Mapping[str, PerSample]
"""One value for each image, by metric."""


@dataclass(frozen=True)
class Drift:
    """Distances of fixed pairs at one checkpoint."""

    weights: str
    """`as trained` or `averaged`."""
    step: int
    rank_correlation: float
    """Spearman's, with the distances of the same pairs at the last checkpoint."""
    distances: dict[str, float]
    """The mean distance of each kind of pair."""


@dataclass(frozen=True)
class Rival:
    """The best control of a question, and how much better the learned metric is on the same images."""

    question: str
    name: str
    difference: Interval
    """Of the learned metric's values minus the control's: above 0 is better."""

    @property
    def outcome(self) -> str:
        """`better`, `worse` or `undecided`."""
        if self.difference.low > 0:
            return "better"
        return "worse" if self.difference.high < 0 else "undecided"


@dataclass(frozen=True)
class MetricCheck:
    """Answers by question and metric, and nearest neighbours by metric."""

    values: dict[str, dict[str, PerSample]]
    """One value for each image, by question and metric; the learned metric comes first."""
    agreement: dict[str, Interval]
    """Rank correlation with the metric of other runs, by run."""
    nearest: dict[str, Float[Tensor, "rows c h w"]]
    drift: list[Drift]
    images: int
    notes: tuple[str, ...] = ()
    """What could not be asked, and why."""

    @cached_property
    def answers(self) -> dict[str, dict[str, Interval]]:
        """Means with their intervals, by question and metric."""
        found = {q: {name: interval(v) for name, v in by.items()} for q, by in self.values.items()}
        return found | ({AGREEMENT: self.agreement} if self.agreement else {})

    @cached_property
    def rivals(self) -> list[Rival]:
        """The best control of each question that compares metrics."""
        return [_rival(q, self.values[q]) for q in SUMMARIES if q in self.values]

    @cached_property
    def equals(self) -> list[str]:
        """Controls that are as good as the learned metric, or better, in every question that compares."""
        controls = [name for name in self.values[CHOICES] if name != LEARNED]
        return [
            name for name in controls if all(_holds(self.values[r.question], name) for r in self.rivals)
        ]


def _rival(question: str, values: Values) -> Rival:
    name = max((name for name in values if name != LEARNED), key=lambda name: float(values[name].mean()))
    return Rival(question, name, interval(values[LEARNED] - values[name]))


def _holds(values: Values, control: str) -> bool:
    """Whether the learned metric is not better than a control."""
    return interval(values[LEARNED] - values[control]).low <= 0


def check_metric(
    path: str,
    data: str | None = None,
    split: str = "test",
    most: int = 200,
    others: Sequence[str] = (),
    device: str = "cpu",
) -> MetricCheck:
    """Ask all questions of the metric of a run, and of its controls, on images of a split, computing on a
    device.

    `others` are runs of the same kind, such as of other seeds. Raises UserError if there are too few
    images, or a run has no metric.
    """
    learned, trained = load_metric(path, device=device), load_model(path)
    trained.training_data = trained.training_data.at(data)
    x, labels = _images(trained, load_prepared(trained, data or trained.data.place), split, most)
    distances = {LEARNED: learned} | controls_of(learned, _training_images(trained))
    values, nearest = compare(distances, x, labels)
    pairs = _pairs(x)
    here = learned.distances(*pairs)
    agreement = {
        run: metric_questions.agreement(here, load_metric(run, device=device).distances(*pairs))
        for run in others
    }
    drift = [] if isinstance(learned, TaughtMetric) else _drift(Path(path), pairs, device)
    return MetricCheck(values, agreement, nearest, drift, len(x), _notes(labels))


def compare(
    distances: Mapping[str, Distance], x: Images, labels: Labels
) -> tuple[dict[str, dict[str, PerSample]], dict[str, Float[Tensor, "rows c h w"]]]:
    """Values for each image by question and metric, and nearest neighbours of the first images by
    metric."""
    others = x[nearest_in_pixels(x)]
    values: dict[str, dict[str, PerSample]] = {}
    nearest = {}
    for name, distance in distances.items():
        found = metric_questions.neighbours(metric_questions.pairwise(distance, x), NEIGHBOUR_COUNT)
        nearest[name] = torch.cat([x[:QUERY_COUNT, None], x[found[:QUERY_COUNT]]], 1).flatten(0, 1)
        for question, answer in _answers(distance, x, others, found, labels).items():
            values.setdefault(question, {})[name] = answer
    return values, nearest


def _answers(
    distance: Distance, x: Images, others: Images, nearest: Tensor, labels: Labels
) -> dict[str, PerSample]:
    """One value for each image, by question."""
    choices, unseen = (
        metric_questions.right_choices(distance, x, others, kinds)
        for kinds in (DISTORTIONS, UNSEEN_DISTORTIONS)
    )
    growths = {kind: metric_questions.growth(distance, x, kind) for kind in DISTORTIONS}
    found = {} if _notes(labels) else {CONTENT: metric_questions.precision(nearest, labels)}
    found |= {CHOICES: choices.mean(1), UNSEEN: unseen.mean(1)}
    found[GROWTH] = torch.stack(list(growths.values())).mean(0)
    found |= {f"right choice under {kind}": choices[:, k] for k, kind in enumerate(DISTORTIONS)}
    found |= {
        f"right choice under {kind}, unseen": unseen[:, k] for k, kind in enumerate(UNSEEN_DISTORTIONS)
    }
    return found | {f"grows with {kind}": values for kind, values in growths.items()}


def _notes(labels: Labels) -> tuple[str, ...]:
    """Why neighbours are not judged by class, if they are not."""
    if bool((labels == UNLABELLED).any()):
        return ("Images have no labels, so that neighbours are not judged by class.",)
    if len(labels.unique()) < 2:
        return ("All images are of one class, so that neighbours are not judged by class.",)
    return ()


def controls_of(learned: ImageMetric, train: Images) -> dict[str, Distance]:
    """Control distances for a learned metric: those that need no data, those fitted on training images as a
    taught metric is, and the metric without what was learned."""
    cut = len(train) * 5 // 6
    fitted = fitted_controls(
        learned.net, learned.shape, train[:cut], train[cut:], assume(train, learned.scaling)
    )
    found: dict[str, Distance] = dict(fitted)
    if isinstance(learned, TaughtMetric):
        rest = untaught_terms(learned)
        found |= {UNTAUGHT_MIXTURE: rest} if rest else {}
    elif isinstance(learned, PerceptualMetric):
        found = {UNTRAINED: _untrained_metric(learned)} | found
    return found | control_distances(min(learned.shape.space))


def _training_images(trained: Autoencoder) -> Images:
    return whole(thin(load_own_data(trained).train, FITTED_IMAGES), trained.scaling).x


def _images(trained: Autoencoder, dataset: Dataset, split: str, most: int) -> tuple[Images, Labels]:
    seen = select_split(dataset, split, trained.data.place)
    if min(len(seen), most) < MIN_IMAGES:
        raise UserError(f"{min(len(seen), most)} {split} images are too few; give {MIN_IMAGES} or more")
    rows = torch.randperm(len(seen), generator=torch.Generator().manual_seed(0))[:most].sort().values
    batch = whole(seen.rows(rows.numpy()), trained.scaling)
    return batch.x, batch.labels


def _untrained_metric(learned: PerceptualMetric) -> PerceptualMetric:
    """The same metric from a discriminator with untrained weights."""
    parts = learned.parts
    with use_seed():
        Dis = parts.net.discriminator(parts.shape)
        if parts.conditions.width:
            add_condition(Dis, parts.conditions.width)
    where = next(learned.parameters()).device
    return PerceptualMetric(replace(parts, Dis=Dis, layers=learned.weights)).to(where)


Pairs = tuple[Float[Tensor, "m c h w"], Float[Tensor, "m c h w"]]


def _pairs(x: Images) -> Pairs:
    """Fixed pairs: different images, and images with a distorted self."""
    noise = metric_questions.noise_of("pairs")
    distorted = torch.cat([distort(x, 0.5, noise) for distort in DISTORTIONS.values()])
    return torch.cat([x, x.repeat(len(DISTORTIONS), 1, 1, 1)]), torch.cat([x.roll(1, 0), distorted])


def _drift(path: Path, pairs: Pairs, device: str) -> list[Drift]:
    """How the same pairs are ranked and how far apart they are at each checkpoint that is kept, with the
    weights as they were and, where the run keeps them, with averaged ones."""
    places = checkpoints.list_checkpoints(Run(path).checkpoints)
    averaged = bool(places) and checkpoints.AVERAGE in checkpoints.read(places[-1], lambda names: ()).names
    kinds = (False, True) if averaged else (False,)
    return [drift for average in kinds for drift in _drift_of(places, average, pairs, device)]


def _drift_of(places: Sequence[Path], average: bool, pairs: Pairs, device: str) -> list[Drift]:
    far = [load_metric(place, average=average, device=device).distances(*pairs) for place in places]
    names = ["another image", *DISTORTIONS]
    return [
        Drift(
            weights=WEIGHTS[average],
            step=int(place.name.partition("-")[2]),
            rank_correlation=float(metric_questions.spearman(here[None], far[-1][None])),
            distances={name: float(part.mean()) for name, part in zip(names, here.chunk(len(names)))},
        )
        for place, here in zip(places, far)
    ]
