"""Twenty steps of every method, as they were when they were written down.

PYTHONPATH=src:tests python -m laws.recorded    # writes recorded.json anew
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import torch

from laws.games import CONDITION, FAMILIES, METHODS, SHAPE, batch, objective_of
from likeness.batch import Batch
from likeness.nets import Networks
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED
from likeness.training.loop import begin, loop, networks
from likeness.training.settings import TrainingSettings
from support.global_noise import Global

FILE = Path(__file__).with_name("recorded.json")
STEPS, IMAGES = 20, 8
TRAINING = TrainingSettings(steps=STEPS, batch=IMAGES, lr=1e-3, device="cpu", precision="float32")
Lines = list[dict[str, float]]


def cases() -> dict[str, Objective]:
    """Every method as it is, and some with settings that change what a step does."""
    distorted = {
        "view.rotation": 20,
        "view.zoom": 0.1,
        "view.shear": 0.1,
        "view.shift": 1,
        "view.noise": 0.3,
    }
    few = {"classes": 3}
    labelled = [m for m in METHODS if m.startswith("aae_")]
    plain = {m: objective_of(m, **(few if m in labelled else {})) for m in METHODS}
    return plain | {
        "aae_semi, distorted inputs": objective_of("aae_semi", **few, **distorted, code_noise=0.1, r1=0.1),
        "aae_semi, mutual information": objective_of(
            "aae_semi", **few, rotation=20, mutual_information=0.5
        ),
        "vae_gan, attributes": objective_of("vae_gan", condition=CONDITION),
        "vae_gan, R1": objective_of("vae_gan", r1=1.0),
        "vae, learned variance": objective_of("vae", likelihood={"name": "learned_normal"}),
        "aae, Gaussian posterior, petals": objective_of(
            "aae", latent=2, posterior="gaussian", prior="petals"
        ),
    }


class Made:
    """Batches made up, a function of their number; of some images the label is not known."""

    def at(self, t: int) -> Batch:
        """Batch number `t`."""
        made = batch(1000 + t, IMAGES)
        labels = torch.where(torch.arange(IMAGES) % 4 == 3, UNLABELLED, made.labels)
        return replace(made, labels=labels)


class AllLabelled(Made):
    """The same with every label known."""

    def at(self, t: int) -> Batch:
        """Batch number `t`."""
        return batch(1000 + t, IMAGES)


@contextmanager
def exact() -> Iterator[None]:
    """Float64, one thread, and noise of PyTorch's generator, as it was drawn when it was written down."""
    threads = torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(), patch("likeness.training.loop.noise_of", lambda *_: Global()):
            yield
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)


@torch.no_grad()
def draw_weights(nets: Networks) -> None:
    """First weights and biases that are a function of their names, in whatever order networks are made."""
    for name, parameter in nets.named_parameters():
        drawn = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        if parameter.dim() > 1 or name.endswith("bias"):
            parameter.copy_(0.1 * torch.randn(parameter.shape, generator=drawn))


def played(name: str, objective: Objective) -> Lines:
    """What each step reports, and, last, the sum of the absolute weights of each network."""
    stream = AllLabelled() if name == "aae_supervised" else Made()
    with exact():
        nets = networks(objective, FAMILIES["larsen"], SHAPE, TRAINING, len(objective.condition))
        draw_weights(nets)
        state = begin(objective, nets, TRAINING)
        steps = loop(objective, state, stream, TRAINING, 0, STEPS)
        lines = [{k: float(v) for k, v in report.items()} for _, report in steps]
        sums = {k: float(sum(p.detach().abs().sum() for p in net.parameters())) for k, net in nets.items()}
    return [*lines, sums]


def recorded() -> dict[str, Lines]:
    """What the file holds."""
    return json.loads(FILE.read_text())


if __name__ == "__main__":
    texts = (f"{json.dumps(name)}: {json.dumps(played(name, o))}" for name, o in cases().items())
    FILE.write_text("{\n" + ",\n".join(texts) + "\n}\n")
