"""Checkpointed passes: what is kept and what is made anew; the rest is a law (tests/laws)."""

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from likeness.gradients import gradient
from likeness.nets import Networks
from likeness.training.checkpointing import checkpoint_passes

X = torch.linspace(-1, 1, 24).view(8, 3)


@pytest.fixture
def nets() -> Networks:
    """A network that draws random numbers and whose passes depend on those before."""
    torch.manual_seed(0)
    net = nn.Sequential(spectral_norm(nn.Linear(3, 4)), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))
    return Networks({"encoder": net})


def passes(net: nn.Module) -> list[int]:
    """How many passes its first layer has made, from now on: the length of this list."""
    made: list[int] = []
    net[0].register_forward_hook(lambda layer, given, out: made.append(1))  # type: ignore[index,operator]
    return made


def gradients(nets: Networks, wanted: bool) -> list[Tensor]:
    """Of two losses, one after the other: through one pass, and through that and another."""
    torch.manual_seed(1)
    weights = list(nets["encoder"].parameters())
    with checkpoint_passes(nets, wanted):
        out, other = nets["encoder"](X), nets["encoder"](2 * X)
        first = gradient(out.pow(3).sum(), weights, keep_graph=True)
        return [*first, *gradient(out.square().sum() + other.pow(3).sum(), weights)]


def test_gradients_of_several_losses_are_those_without_it(nets: Networks) -> None:
    same = copy.deepcopy(nets)
    plain, again = gradients(nets, False), gradients(same, True)
    assert all(torch.equal(a, b) for a, b in zip(plain, again, strict=True))


@pytest.mark.parametrize(("wanted", "expected"), [(False, 2), (True, 5)])
def test_a_pass_is_made_anew_for_each_gradient_only_where_wanted(
    nets: Networks, wanted: bool, expected: int
) -> None:
    made = passes(nets["encoder"])
    gradients(nets, wanted)
    assert len(made) == expected


def test_statistics_follow_a_pass_once_however_often_it_is_made(nets: Networks) -> None:
    first, ends = copy.deepcopy(nets.state_dict()), []
    for wanted in (False, True):
        nets.load_state_dict(first)
        gradients(nets, wanted)
        ends.append(copy.deepcopy(nets.state_dict()))
    assert int(ends[0]["encoder.1.num_batches_tracked"]) == 2
    assert all(torch.equal(value, ends[1][name]) for name, value in ends[0].items())


def test_what_is_between_is_not_kept(nets: Networks) -> None:
    kept: list[tuple[int, ...]] = []

    def keep(value: Tensor) -> Tensor:
        kept.append(tuple(value.shape))
        return value

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda value: value), checkpoint_passes(nets):
        nets["encoder"](X)
    assert set(kept) <= {tuple(X.shape), ()}, "only what went in"


def test_a_pass_without_gradients_is_made_once(nets: Networks) -> None:
    made = passes(nets["encoder"])
    with torch.no_grad(), checkpoint_passes(nets):
        assert not nets["encoder"](X).requires_grad
    assert len(made) == 1
