"""A regressor that reads attributes off images, trained apart from any model, and its folder:

FOLDER/regressor.json          attributes, the images' shape and range, what it was chosen by
FOLDER/regressor.safetensors   its weights
"""

import copy
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load as weights_of
from safetensors.torch import save as bytes_of
from torch import Tensor, nn

from likeness.data.batches import Batches, in_order
from likeness.data.dataset import Dataset, Split
from likeness.data.scaling import Scaling
from likeness.errors import RunError, UserError
from likeness.nets.larsen import Larsen
from likeness.objectives._regression import Regression
from likeness.runs import checkpoints, files
from likeness.runs.fit import Progress
from likeness.runs.model import CHUNK
from likeness.shapes import Images, ImageShape
from likeness.training import precision
from likeness.training.loop import begin, loop, networks
from likeness.training.optimizers import Adam, Cosine
from likeness.training.settings import TrainingSettings

DOCUMENT, WEIGHTS = "regressor.json", "regressor.safetensors"
WIDTH, STEPS, BATCH, RATE = 0.25, 3000, 64, 1e-3
"""Of the networks of Larsen et al., and how they learn."""
CHOSEN_EVERY = 250
"""Steps between two looks at validation images, by which the weights to keep are chosen."""
Signs = Float[Tensor, "n a"]
"""-1 where an image has not, 1 where it has."""


@dataclass(frozen=True)
class Kept:
    """What is said of a regressor beside its weights."""

    names: list[str]
    shape: list[int]
    fingerprint: str
    """Of the data that it was trained on."""
    steps: int
    """After how many it was best on validation images."""
    error: float
    """Its mean squared error there."""


class Regressor:
    """Reads attributes, by name, off images (n, c, h, w) in [-1, 1]."""

    def __init__(self, kept: Kept, network: nn.Module) -> None:
        self.kept, self.network = kept, network.eval().requires_grad_(False)

    @property
    def names(self) -> list[str]:
        """The attributes."""
        return self.kept.names

    @torch.no_grad()
    def read(self, x: Images) -> Signs:
        """About -1 where an image has an attribute not, about 1 where it has it."""
        return torch.cat([self.network(part.clamp(-1, 1)) for part in x.split(CHUNK)])


def regressor(folder: Path, dataset: Dataset, flip: bool, watcher: Callable[[Progress], None]) -> Regressor:
    """The regressor in a folder, or, where there is none, a new one of a data set's attributes.

    Trained on training images; the weights are those with the least error on validation images. Raises
    UserError if the data have no attributes, or the one in the folder is of other data.
    """
    if not dataset.attribute_names:
        raise UserError("no attributes: the data have no columns of 0 and 1; add them beside the images")
    if not len(dataset.validation):
        raise UserError("no validation images, by which a regressor is chosen; raise --validation")
    if (folder / DOCUMENT).exists():
        return _same(_read(folder), dataset, folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} holds other things than a regressor; name a folder that is new")
    made = _trained(dataset, flip, watcher)
    document = json.dumps(asdict(made.kept), indent=1).encode()
    files.write_folder(folder, {DOCUMENT: document, WEIGHTS: bytes_of(_tensors(made.network))})
    return _read(folder)


def _trained(dataset: Dataset, flip: bool, watcher: Callable[[Progress], None]) -> Regressor:
    dataset.train.check_fills(BATCH)
    learning = TrainingSettings(
        steps=STEPS, batch=BATCH, lr=RATE, optimizer=Adam(beta1=0.9), schedule=Cosine()
    )
    objective = Regression(attributes=len(dataset.attribute_names))
    with torch.random.fork_rng():
        state = begin(
            objective, networks(objective, Larsen(width=WIDTH), dataset.shape, learning), learning
        )
        where = precision.device(learning.device)
        batches = Batches(dataset.train, dataset.scaling, BATCH, learning.seed, flip, 0, where)
        best, total = (float("inf"), 0, state.nets["regressor"]), STEPS
        for t, _ in loop(objective, state, batches, learning, 0, total):
            watcher(Progress(t, total, BATCH, None))
            if t % CHOSEN_EVERY == 0 or t == total:
                network = copy.deepcopy(state.nets["regressor"]).cpu().eval()
                error = _error(network, dataset.validation, dataset.scaling)
                best = min(best, (error, t, network), key=lambda found: found[0])
    error, steps, network = best
    names, shape = list(dataset.attribute_names), list(dataset.shape)
    return Regressor(Kept(names, shape, dataset.fingerprint, steps, error), network)


@torch.no_grad()
def _error(network: nn.Module, split: Split, scaling: Scaling) -> float:
    """The mean squared error over images and attributes."""
    errors = [
        (network(batch.x) - signs(batch.attributes)).square().mean(1)
        for batch in in_order(split, scaling, CHUNK)
    ]
    return float(torch.cat(errors).mean())


def signs(attributes: Tensor | None) -> Signs:
    """-1 and 1 for attributes of 0 and 1."""
    assert attributes is not None
    return 2 * attributes - 1


def _same(found: Regressor, dataset: Dataset, folder: Path) -> Regressor:
    """The regressor found, if it is of these data."""
    kept, names = found.kept, list(dataset.attribute_names)
    if (kept.names, kept.shape) != (names, list(dataset.shape)) or kept.fingerprint != dataset.fingerprint:
        raise UserError(
            f"the regressor in {folder} is of other data, or of another size; name another folder, in "
            "which one is trained for these"
        )
    return found


def _read(folder: Path) -> Regressor:
    """What was written. Raises RunError if it cannot be read."""
    try:
        kept = Kept(**json.loads((folder / DOCUMENT).read_text()))
        network = Larsen(width=WIDTH).encoder(ImageShape(*map(int, kept.shape)), len(kept.names))
        weights = weights_of((folder / WEIGHTS).read_bytes())
        if wrong := checkpoints.mismatch(network.state_dict(), weights):
            raise ValueError(wrong)
        network.load_state_dict(weights)
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        reason = " ".join(f"{error}".split())[:120]
        raise RunError(f"{folder} holds no regressor that can be read ({reason}); remove it") from None
    return Regressor(kept, network)


def _tensors(network: nn.Module) -> dict[str, Any]:
    return {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
