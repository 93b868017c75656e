"""Checkpoints: the newest are kept, and damaged or hostile ones are refused whole."""

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save
from torch import Tensor

import likeness
from likeness.__main__ import main
from likeness.errors import RunError
from likeness.nets import Networks
from likeness.runs import checkpoints
from likeness.runs.checkpoints import Checkpoint
from support.damage import DAMAGES, FILES, Damage, flip, hostile, sealed
from support.small_runs import newest, steps, trained, weights

every_file = pytest.mark.parametrize("name", FILES)
every_damage = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
OF_A_MODEL = ("state.json", "average.safetensors")
"""What a model is loaded from: of weights, the averaged ones alone where there are such."""
GoOn = Callable[[Path, int], None]
Tensors = dict[str, Tensor]


@pytest.fixture
def run(averaged_run: Path) -> Path:
    """A run of four steps with averaged weights and checkpoints at two and four, to be damaged."""
    return averaged_run


@pytest.fixture
def go_on(images: Path) -> GoOn:
    """Resumes that run to a number of steps."""

    def resume(path: Path, count: int) -> None:
        trained(path, images, checkpoint_every=2, ema=0.5, steps=count, resume=True)

    return resume


@every_file
@every_damage
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(
    run: Path, name: str, damage: Damage
) -> None:
    damage(run / "checkpoints" / "step-00000004" / name)
    assert newest(run).step == 2
    assert likeness.load(run).step == (2 if name in OF_A_MODEL else 4)


@pytest.mark.parametrize("name", OF_A_MODEL)
@every_damage
def test_a_damaged_checkpoint_given_by_its_path_is_named_and_ends_with_one(
    run: Path, name: str, damage: Damage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run / "checkpoints" / "step-00000004"
    damage(path / name)
    assert main(["sample", str(path), "-n", "1", "--out", str(tmp_path / "x.png")]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"likeness: {path / name} ")
    assert message.count("\n") == 1
    assert ("cannot be read" if damage is DAMAGES["missing"] else "is damaged") in message
    if damage is flip and name != "state.json":
        assert "sha256" in message
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("name", [name for name in FILES if name not in OF_A_MODEL])
@every_damage
def test_a_file_that_a_model_is_not_loaded_from_is_not_looked_at(
    run: Path, name: str, damage: Damage
) -> None:
    path = run / "checkpoints" / "step-00000004"
    expected = likeness.load(path).sample(2)
    damage(path / name)
    assert torch.equal(likeness.load(path).sample(2), expected)
    with pytest.raises(RunError, match=re.escape(str(path / name))):
        checkpoints.read(path)


@pytest.mark.parametrize("place", np.linspace(0, 0.999, 9).tolist())
def test_no_flipped_bit_of_a_state_goes_unnoticed(run: Path, place: float) -> None:
    path = run / "checkpoints" / "step-00000004"
    flip(path / "state.json", place)
    with pytest.raises(RunError, match=r"state\.json is damaged"):
        checkpoints.read(path)


@every_file
def test_when_all_checkpoints_are_damaged_nothing_starts_from_zero(
    run: Path, go_on: GoOn, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / "metrics.jsonl").read_bytes()
    for step in (2, 4):
        flip(run / "checkpoints" / f"step-0000000{step}" / name)
    with pytest.raises(RunError, match=r"no intact checkpoint in .*damaged"):
        go_on(run, 6)
    assert main(["train", "--resume", str(run)]) == 1
    assert "no intact checkpoint" in capsys.readouterr().err
    assert steps(run) == [2, 4]
    assert (run / "metrics.jsonl").read_bytes() == before


def test_when_all_checkpoints_are_gone_nothing_starts_from_zero(run: Path, go_on: GoOn) -> None:
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(RunError, match="no intact checkpoint"):
        go_on(run, 6)


def test_an_ended_run_whose_only_checkpoint_is_gone_does_not_start_from_zero(
    images: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    trained(path, images)
    shutil.rmtree(path / "checkpoints" / "step-00000004")
    with pytest.raises(RunError, match="no intact checkpoint"):
        trained(path, images, resume=True)


def test_rarer_checkpoints_at_a_resume_do_not_hide_that_all_are_gone(run: Path, images: Path) -> None:
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(RunError, match="no intact checkpoint"):
        trained(run, images, ema=0.5, steps=6, resume=True, checkpoint_every=500)


def test_going_on_from_the_checkpoint_before_replaces_the_damaged_one(run: Path, go_on: GoOn) -> None:
    whole = weights(run)
    flip(run / "checkpoints" / "step-00000004" / "weights.safetensors")
    go_on(run, 4)
    assert weights(run) == whole


def test_damaged_checkpoints_do_not_push_out_intact_ones(images: Path, tmp_path: Path) -> None:
    path = tmp_path / "run"
    trained(path, images, checkpoint_every=1, keep=3)
    for step in (3, 4):
        flip(path / "checkpoints" / f"step-0000000{step}" / "weights.safetensors")
    trained(path, images, checkpoint_every=1, keep=3, resume=True)
    assert newest(path).step == 4


CHANGES: dict[str, Callable[[Tensors, str], object]] = {
    "is missing": lambda t, k: t.pop(k),
    "is not known": lambda t, k: t.update(zzz=torch.zeros(1)),
    "not (": lambda t, k: t.update({k: torch.zeros(2, 3, 4)}),
    "torch.float64": lambda t, k: t.update({k: t[k].double()}),
    "not finite": lambda t, k: t.update({k: torch.full_like(t[k], torch.nan)}),
}


@pytest.mark.parametrize("said", CHANGES)
def test_weights_that_do_not_fit_are_refused_whole(run: Path, said: str) -> None:
    path = run / "checkpoints" / "step-00000004"
    nets = likeness.load(run).nets
    before = copy.deepcopy(nets.state_dict())
    hostile(path, "average.safetensors", CHANGES[said])
    with pytest.raises(RunError) as error:
        checkpoints.load_strictly(nets, checkpoints.read(path), "average.safetensors")
    assert said in str(error.value)
    assert "average.safetensors does not fit" in str(error.value)
    assert all(torch.equal(v, before[k]) for k, v in nets.state_dict().items())
    with pytest.raises(RunError):
        likeness.load(path)


NETS = Networks({"a": torch.nn.Linear(2, 2)})
GOOD = save(NETS.state_dict())


def tried(content: bytes) -> bool:
    """Load bytes as weights; whether they were taken. Nothing but RunError may come out."""
    nets = copy.deepcopy(NETS)
    checkpoint = Checkpoint(Path("x"), 0, 0.0, ("w",), {"w": content}, {}, {})
    try:
        checkpoints.load_strictly(nets, checkpoint, "w")
    except RunError:
        assert all(torch.equal(v, NETS.state_dict()[k]) for k, v in nets.state_dict().items())
        return False
    assert all(torch.isfinite(v).all() for v in nets.state_dict().values())
    return True


@settings(max_examples=150, deadline=None, derandomize=True)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(GOOD)))
def test_any_changed_or_cut_file_of_weights_is_finite_or_refused(place: int, byte: int, cut: int) -> None:
    changed = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    tried(changed)
    assert not tried(GOOD[:cut]) or cut == len(GOOD)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    dtype=st.sampled_from(["F32", "F64", "F16", "I64", "U8", "BOOL", "F8_E4M3", "C64", "nonsense", ""]),
    shape=st.lists(st.integers(-3, 2**62), max_size=3),
    offsets=st.lists(st.integers(-5, 2**62), max_size=3),
    length=st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    body=st.binary(max_size=24),
)
def test_a_lying_header_is_refused(
    dtype: str, shape: list[int], offsets: list[int], length: int | None, body: bytes
) -> None:
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    header = json.dumps({"a.bias": entry, "a.weight": entry}).encode()
    size = len(header) if length is None else length
    assert not tried(size.to_bytes(8, "little") + header + body)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(content=st.binary(max_size=64))
def test_bytes_that_are_no_weights_are_refused(content: bytes) -> None:
    assert not tried(content)


@pytest.mark.parametrize("said", ["is missing", "is not known", "not (", "not finite"])
def test_optimizer_states_that_do_not_fit_are_refused(run: Path, go_on: GoOn, said: str) -> None:
    hostile(run / "checkpoints" / "step-00000004", "optimizers.safetensors", CHANGES[said])
    with pytest.raises(RunError, match=r"optimizers\.safetensors"):
        go_on(run, 6)


@pytest.mark.parametrize("key", ["files", "step", "seconds", "optimizers"])
def test_a_state_without_one_of_its_keys_is_refused(run: Path, key: str) -> None:
    path = run / "checkpoints" / "step-00000004"
    body = json.loads((path / "state.json").read_text())
    del body[key]
    sealed(path, body)
    with pytest.raises(RunError, match=r"state\.json"):
        checkpoints.read(path)


def test_only_the_newest_checkpoints_are_kept(images: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, steps=7, checkpoint_every=1, keep=2)
    assert steps(tmp_path / "run") == [6, 7]


def test_averaged_weights_are_saved_apart(images: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, ema=0.9)
    checkpoint = newest(tmp_path / "run")
    assert checkpoint.files["weights.safetensors"] != checkpoint.files["average.safetensors"]
