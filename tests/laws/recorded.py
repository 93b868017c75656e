"""Twenty steps of every method, as they were when they were written down.

PYTHONPATH=src:tests python -m laws.recorded    # writes recorded.json anew
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from laws.games import FAMILIES, GIVEN, METHODS, SHAPE, batch, objective_of
from likeness.batch import Batch
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED
from likeness.training.loop import begin, loop, networks
from likeness.training.settings import TrainingSettings

FILE = Path(__file__).with_name("recorded.json")
STEPS, IMAGES = 20, 8
TRAINING = TrainingSettings(steps=STEPS, batch=IMAGES, lr=1e-3, device="cpu", precision="float32")
Lines = list[dict[str, float]]


def cases() -> dict[str, Objective]:
    """Every method as it is, and some with settings that change what a step does."""
    distorted = {
        "input_turn": 20,
        "input_zoom": 0.1,
        "input_shear": 0.1,
        "input_shift": 1,
        "input_noise": 0.3,
    }
    few = {"classes": 3}
    labelled = [m for m in METHODS if m.startswith("aae_")]
    plain = {m: objective_of(m, **(few if m in labelled else {})) for m in METHODS}
    return plain | {
        "aae_semi, distorted inputs": objective_of("aae_semi", **few, **distorted, code_noise=0.1, r1=0.1),
        "aae_semi, mutual information": objective_of("aae_semi", **few, input_turn=20, agreement=0.5),
        "vae_gan, attributes": objective_of("vae_gan", given=GIVEN),
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
        return Batch(made.x, labels, made.index, made.attributes)


class AllLabelled(Made):
    """The same with every label known."""

    def at(self, t: int) -> Batch:
        """Batch number `t`."""
        return batch(1000 + t, IMAGES)


@contextmanager
def exact() -> Iterator[None]:
    """Float64 and one thread."""
    threads = torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            yield
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)


def played(name: str, objective: Objective) -> Lines:
    """What each step reports, and, last, the sum of the absolute weights of each network."""
    stream = AllLabelled() if name == "aae_supervised" else Made()
    with exact():
        nets = networks(objective, FAMILIES["larsen"], SHAPE, TRAINING)
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
