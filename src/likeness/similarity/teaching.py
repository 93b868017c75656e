"""Contrastive teaching of a discriminator: views of one image are to be near in its features, those of
different images far (Chen et al. 2020, section 2.1). No label is used."""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.data.batches import Batches
from likeness.data.dataset import Split
from likeness.data.reading.scaling import Scaling
from likeness.losses import at_least_float32
from likeness.nets import Discriminator, Family, Networks, apply_layer
from likeness.noise import use_seed
from likeness.objectives import Moves, Objective, Phase, Step
from likeness.settings import Count, Positive, settings
from likeness.shapes import Images, Scalar, Shape
from likeness.similarity.views import Views
from likeness.training import precision
from likeness.training.loop import begin, loop
from likeness.training.optimizers import AdamW, Cosine
from likeness.training.progress import Progress, Watcher
from likeness.training.settings import TrainingSettings

TRUNK, PROJECTION = "trunk", "projection"
"""Names of the players."""
PROJECTION_SIZE, PROJECTION_HIDDEN = 128, 256
"""Outputs and hidden units of the projection, which is thrown away after teaching."""
MAX_SIDE = 48
"""Smaller side, in pixels, that images are averaged down to before a new network sees them."""
STEPS, BATCH, RATE = 300, 256, 2e-3
"""Length, batch size and first learning rate of teaching."""
Features = dict[str, Tensor]
"""Features (n, channels, ...) by layer."""


class Trunk(nn.Module):
    """The layers of a discriminator that give features, under one condition if it takes any; the layer of
    the logit is left out."""

    def __init__(self, Dis: Discriminator, condition: Float[Tensor, "1 a"] | None = None) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({name: Dis.layers[name] for name in Dis.layer_names})
        self.condition: Tensor | None
        self.register_buffer("condition", condition)

    def forward(self, x: Images) -> Features:
        """Features of images (n, c, *sides) in each layer, by name, from the first to the last."""
        features = {}
        for name, layer in self.layers.items():
            features[name] = x = apply_layer(layer, x, self.condition)
        return features


@settings
class ContrastiveTeaching(Objective):
    """Teach a network by the loss NT-Xent of two views of each image (Chen et al. 2020, equation 1)."""

    views: Views = Views()
    """Changes that keep what an image shows."""
    temperature: Positive = 0.2
    """Temperature of the loss: the lower, the more the nearest other images count."""
    shrink: Count = 1
    """Number of pixels of each side that are averaged to one before the network sees them."""

    @property
    def moves(self) -> Moves:
        return {"teacher": (TRUNK, PROJECTION)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return self.players_of(Trunk(net.discriminator(shrunk_shape(shape, self.shrink))), shape)

    def players_of(self, trunk: Trunk, shape: Shape) -> dict[str, nn.Module]:
        """The players around a trunk that exists."""
        zeros = torch.zeros(1, *shrunk_shape(shape, self.shrink))
        with torch.no_grad():
            size = list(trunk.eval()(zeros).values())[-1].numel()
        hidden = nn.Linear(size, PROJECTION_HIDDEN)
        last = nn.Linear(PROJECTION_HIDDEN, PROJECTION_SIZE)
        projection = nn.Sequential(nn.Flatten(), hidden, nn.BatchNorm1d(PROJECTION_HIDDEN), nn.ReLU(), last)
        return {TRUNK: trunk, PROJECTION: projection}

    def step(self, nets: Any, batch: Batch, t: int) -> Step:
        x = shrink(batch.x, self.shrink)
        views = torch.cat([self.views(x, batch.noise.of(name)) for name in ("first", "second")])
        *_, last = nets[TRUNK](views).values()
        z, z_other = map(batch.gather, nets[PROJECTION](at_least_float32(last)).chunk(2))
        L = batch.once(nt_xent(z, z_other, self.temperature))
        yield Phase({"teacher": L})
        return {"contrast": L}


def nt_xent(z: Float[Tensor, "n d"], z_other: Float[Tensor, "n d"], temperature: float) -> Scalar:
    """NT-Xent, the cross-entropy of finding an image's other view among all other views of the batch by
    cosine similarity (Chen et al. 2020, equation 1)."""
    n = z.shape[0]
    both = F.normalize(at_least_float32(torch.cat([z, z_other])), dim=1)
    with torch.autocast(both.device.type, enabled=False):
        similarity = both @ both.T / temperature
    self_pairs = torch.eye(2 * n, dtype=torch.bool, device=both.device)
    partner = torch.arange(2 * n, device=both.device).roll(n)
    return F.cross_entropy(similarity.masked_fill(self_pairs, -torch.inf), partner)


def shrink(x: Images, factor: int) -> Float[Tensor, "n c ..."]:
    """Images of which blocks of `factor` pixels a side are averaged."""
    return F.avg_pool2d(x, factor) if factor > 1 else x


def shrink_factor(shape: Shape) -> int:
    """The least power of two by which the smaller side becomes at most MAX_SIDE."""
    factor = 1
    while min(shape.space) // factor > MAX_SIDE:
        factor *= 2
    return factor


def shrunk_shape(shape: Shape, factor: int) -> Shape:
    """The shape of images after `shrink`."""
    return Shape(shape.channels, *(side // factor for side in shape.space))


@dataclass(frozen=True)
class Taught:
    """A network that was taught, and how."""

    trunk: Trunk
    objective: ContrastiveTeaching
    loss: float
    """Mean loss of the last tenth of the steps."""


def teach(
    split: Split,
    scaling: Scaling,
    shape: Shape,
    objective: ContrastiveTeaching,
    net: Family,
    *,
    trunk: Trunk | None = None,
    steps: int = STEPS,
    seed: int = 0,
    device: str = "cpu",
    watcher: Watcher = lambda progress: None,
) -> Taught:
    """Teach a new network of the family `net`, or an existing `trunk`, which is changed, on the images of a
    split."""
    batch = min(BATCH, len(split) // 2)
    where = precision.device(device)
    training = TrainingSettings(
        steps=steps, batch=batch, lr=RATE, seed=seed, device=device, schedule=Cosine(),
        optimizer=AdamW(beta1=0.9, weight_decay=1e-4),
    )  # fmt: skip
    with use_seed(seed):
        nets = (
            objective.networks(net, shape)
            if trunk is None
            else Networks(objective.players_of(trunk, shape))
        )
        nets = nets.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
        state = begin(objective, nets, training)
        batches = Batches(split, scaling, batch, seed, device=where)
        losses = []
        for t, report in loop(objective, state, batches, training, 0, steps):
            losses.append(report["contrast"])
            watcher(Progress(t, steps, batch, None))
    last = losses[-max(1, steps // 10) :]
    taught = nets[TRUNK].eval().requires_grad_(False)
    assert isinstance(taught, Trunk)
    return Taught(taught, objective, sum(map(float, last)) / len(last))
