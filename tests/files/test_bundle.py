"""A network kept alone in a folder is the one that was written, or is refused with the remedy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save
from torch import Tensor, nn

from likeness.errors import RunError
from likeness.files import bundle

Weights = dict[str, Tensor]


def network(size: int = 3) -> nn.Linear:
    """A fresh one."""
    return nn.Linear(size, 2)


def made(about: dict[str, Any], weights: bundle.Weights) -> nn.Linear:
    """What a document and weights say."""
    return bundle.load_weights(network(int(about["size"])), weights)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A network in a folder."""
    bundle.write(tmp_path / "kept", "net", {"size": 3}, network().state_dict())
    return tmp_path / "kept"


def test_a_network_comes_back_for_use_alone(tmp_path: Path) -> None:
    net = network()
    turned = {"weight": net.weight.detach().T.contiguous().T, "bias": net.bias.detach()}
    assert not turned["weight"].is_contiguous()
    bundle.write(tmp_path / "kept", "net", {"size": 3}, turned)
    found = bundle.read(tmp_path / "kept", "net", made, "make it anew")
    assert torch.equal(found.weight, net.weight) and torch.equal(found.bias, net.bias)
    assert not found.training and not found.weight.requires_grad


def test_only_a_folder_with_one_of_that_name_holds_one(kept: Path) -> None:
    assert bundle.is_there(kept, "net")
    assert not bundle.is_there(kept, "other") and not bundle.is_there(kept.parent, "net")


def test_a_network_is_not_written_over_another(kept: Path) -> None:
    before = (kept / "net.safetensors").read_bytes()
    with pytest.raises(RunError, match="could not be written"):
        bundle.write(kept, "net", {"size": 3}, network().state_dict())
    assert (kept / "net.safetensors").read_bytes() == before


def rewrite(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    """Changes the document of a folder."""

    def do(folder: Path) -> None:
        said = json.loads((folder / "net.json").read_text())
        (folder / "net.json").write_text(json.dumps(change(said)))

    return do


BROKEN: dict[str, Callable[[Path], object]] = {
    "no document": lambda folder: (folder / "net.json").unlink(),
    "no weights": lambda folder: (folder / "net.safetensors").unlink(),
    "half a document": lambda folder: (folder / "net.json").write_text('{"size'),
    "a list": rewrite(lambda said: [1, 2]),
    "no size": rewrite(lambda said: {k: v for k, v in said.items() if k != "size"}),
    "a word": rewrite(lambda said: said | {"size": "three"}),
    "nothing": rewrite(lambda said: said | {"size": None}),
    "another size": rewrite(lambda said: said | {"size": 4}),
    "half of the weights": lambda folder: (folder / "net.safetensors").write_bytes(
        (folder / "net.safetensors").read_bytes()[:-5]
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_named_with_the_remedy(kept: Path, broken: Callable[[Path], object]) -> None:
    broken(kept)
    with pytest.raises(
        RunError, match=rf"^{kept} holds no net that can be read \(\w+: .*\); make it anew$"
    ) as e:
        bundle.read(kept, "net", made, "make it anew")
    assert "\n" not in str(e.value)


def test_a_network_of_another_version_is_refused(kept: Path) -> None:
    rewrite(lambda said: said | {"format": 0})(kept)
    with pytest.raises(RunError, match=r"net\.json has format version 0, this Likeness reads 1"):
        bundle.read(kept, "net", made, "make it anew")


CHANGES: dict[str, Callable[[Weights], Weights]] = {
    "bias is missing": lambda w: {"weight": w["weight"]},
    "more is not known": lambda w: w | {"more": torch.zeros(1)},
    "bias is (3,) torch.float32, not (2,) torch.float32": lambda w: w | {"bias": torch.zeros(3)},
    "bias is (2,) torch.float64, not (2,) torch.float32": lambda w: w | {"bias": w["bias"].double()},
    "weight holds values that are not finite": lambda w: w | {"weight": w["weight"] / 0},
}


@pytest.mark.parametrize(("said", "change"), CHANGES.items(), ids=CHANGES)
def test_the_first_way_in_which_weights_do_not_fit_is_said(
    kept: Path, said: str, change: Callable[[Weights], Weights]
) -> None:
    weights = network().state_dict()
    assert bundle.mismatch(weights, weights) is None
    assert bundle.mismatch(weights, change(weights)) == said
    (kept / "net.safetensors").write_bytes(save(change(weights)))
    with pytest.raises(RunError, match="holds no net that can be read"):
        bundle.read(kept, "net", made, "make it anew")


def test_weights_that_do_not_fit_change_nothing() -> None:
    net = network()
    before = net.weight.detach().clone()
    with pytest.raises(ValueError, match="bias is missing"):
        bundle.load_weights(net, {"weight": torch.zeros(2, 3)})
    assert torch.equal(net.weight, before) and net.weight.requires_grad


def test_whole_numbers_need_not_be_finite_to_fit() -> None:
    counts = {"n": torch.tensor(3)}
    assert bundle.mismatch(counts, {"n": torch.tensor(4)}) is None
