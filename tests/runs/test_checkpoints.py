"""Checkpoints and other files of a run that are damaged or hostile."""

import copy
import hashlib
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load, save

import likeness
from likeness.__main__ import main
from likeness.errors import LikenessError, RunError, UserError
from likeness.models.code_files import read_codes
from likeness.nets import Networks
from likeness.runs import checkpoints
from likeness.runs.checkpoints import Checkpoint
from likeness.runs.run import Run
from support.small_runs import newest, steps, trained, weights

FILES = ["weights.safetensors", "average.safetensors", "optimizers.safetensors", "state.json"]


@pytest.fixture(scope="session")
def averaged(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four steps with averaged weights and checkpoints at two and four, which is left as it is."""
    path = tmp_path_factory.mktemp("averaged") / "run"
    trained(path, images, checkpoint_every=2, ema=0.5)
    return path


@pytest.fixture
def run(averaged: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    return Path(shutil.copytree(averaged, tmp_path / "run"))


@pytest.fixture
def go_on(images):
    """Resumes that run to a number of steps."""

    def resume(path, count):
        trained(path, images, checkpoint_every=2, ema=0.5, steps=count, resume=True)

    return resume


def flip(file, place=0.5):
    """Change one bit."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 4
    file.write_bytes(content)


DAMAGES = {
    "flipped": flip,
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "empty": lambda file: file.write_bytes(b""),
    "missing": lambda file: file.unlink(),
}

every_file = pytest.mark.parametrize("name", FILES)
every_damage = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


OF_A_MODEL = ("state.json", "average.safetensors")
"""What a model is loaded from: of weights, the averaged ones alone where there are such."""


@every_file
@every_damage
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(run, name, damage):
    damage(run / "checkpoints" / "step-00000004" / name)
    assert newest(run).step == 2
    assert likeness.load(run).step == (2 if name in OF_A_MODEL else 4)


@every_file
@every_damage
def test_a_damaged_checkpoint_given_by_its_path_is_named_and_ends_with_one(
    run, name, damage, tmp_path, capsys
):
    path = run / "checkpoints" / "step-00000004"
    damage(path / name)
    code = main(["sample", str(path), "-n", "1", "--out", str(tmp_path / "x.png")])
    if name not in OF_A_MODEL:
        assert code == 0 and (tmp_path / "x.png").exists(), "a file that is not wanted is looked at"
        return
    assert code == 1
    message = capsys.readouterr().err
    assert message.startswith(f"likeness: {path / name} ")
    assert message.count("\n") == 1
    assert ("cannot be read" if damage is DAMAGES["missing"] else "is damaged") in message
    if damage is flip and name != "state.json":
        assert "sha256" in message
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("place", np.linspace(0, 0.999, 9).tolist())
def test_no_flipped_bit_of_a_state_goes_unnoticed(run, place):
    path = run / "checkpoints" / "step-00000004"
    flip(path / "state.json", place)
    with pytest.raises(RunError, match=r"state\.json is damaged"):
        checkpoints.read(path)


@every_file
def test_when_all_checkpoints_are_damaged_nothing_starts_from_zero(run, go_on, name, capsys):
    before = (run / "metrics.jsonl").read_bytes()
    for step in (2, 4):
        flip(run / "checkpoints" / f"step-0000000{step}" / name)
    with pytest.raises(RunError, match=r"no intact checkpoint in .*damaged"):
        go_on(run, 6)
    assert main(["train", "--resume", str(run)]) == 1
    assert "no intact checkpoint" in capsys.readouterr().err
    assert steps(run) == [2, 4]
    assert (run / "metrics.jsonl").read_bytes() == before


def test_when_all_checkpoints_are_gone_nothing_starts_from_zero(run, go_on):
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(RunError, match="no intact checkpoint"):
        go_on(run, 6)


def test_an_ended_run_whose_only_checkpoint_is_gone_does_not_start_from_zero(images, tmp_path):
    path = tmp_path / "run"
    trained(path, images)
    shutil.rmtree(path / "checkpoints" / "step-00000004")
    with pytest.raises(RunError, match="no intact checkpoint"):
        trained(path, images, resume=True)


def test_rarer_checkpoints_at_a_resume_do_not_hide_that_all_are_gone(run, images):
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(RunError, match="no intact checkpoint"):
        trained(run, images, ema=0.5, steps=6, resume=True, checkpoint_every=500)


def test_going_on_from_the_checkpoint_before_replaces_the_damaged_one(run, go_on):
    whole = weights(run)
    flip(run / "checkpoints" / "step-00000004" / "weights.safetensors")
    go_on(run, 4)
    assert weights(run) == whole


def test_damaged_checkpoints_do_not_push_out_intact_ones(images, tmp_path):
    path = tmp_path / "run"
    trained(path, images, checkpoint_every=1, keep=3)
    for step in (3, 4):
        flip(path / "checkpoints" / f"step-0000000{step}" / "weights.safetensors")
    trained(path, images, checkpoint_every=1, keep=3, resume=True)
    assert newest(path).step == 4


def rewritten(path, name, content):
    """Replace a file of a checkpoint, with hashes that fit, as an attacker would."""
    (path / name).write_bytes(content)
    body = json.loads((path / "state.json").read_text())
    body["files"][name] = hashlib.sha256(content).hexdigest()
    sealed(path, body)


def sealed(path, body):
    """Write state.json with its own hash."""
    body.pop("sha256", None)
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    (path / "state.json").write_text(json.dumps(body | {"sha256": digest}))


def hostile(path, name, change):
    """Rewrite the tensors of a file of a checkpoint."""
    tensors = load((path / name).read_bytes())
    first = sorted(tensors)[0]
    change(tensors, first)
    rewritten(path, name, save(tensors))


CHANGES = {
    "is missing": lambda t, k: t.pop(k),
    "is not known": lambda t, k: t.update(zzz=torch.zeros(1)),
    "not (": lambda t, k: t.update({k: torch.zeros(2, 3, 4)}),
    "torch.float64": lambda t, k: t.update({k: t[k].double()}),
    "not finite": lambda t, k: t.update({k: torch.full_like(t[k], torch.nan)}),
}


@pytest.mark.parametrize("said", CHANGES)
def test_weights_that_do_not_fit_are_refused_whole(run, said):
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


def test_networks_of_another_size_are_refused(run):
    text = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(text.replace("hidden: 8", "hidden: 9"))
    with pytest.raises(RunError, match=r"does not fit these networks: .*\(8.*not \(9.*config.yaml"):
        likeness.load(run)


NETS = Networks({"a": torch.nn.Linear(2, 2)})
GOOD = save(NETS.state_dict())


def tried(content):
    """Load bytes as weights; whether they were taken. Nothing but RunError may come out."""
    nets = copy.deepcopy(NETS)
    checkpoint = Checkpoint(checkpoints.Path("x"), 0, 0.0, ("w",), {"w": content}, {})
    try:
        checkpoints.load_strictly(nets, checkpoint, "w")
    except RunError:
        assert all(torch.equal(v, NETS.state_dict()[k]) for k, v in nets.state_dict().items())
        return False
    assert all(torch.isfinite(v).all() for v in nets.state_dict().values())
    return True


@settings(max_examples=150, deadline=None, derandomize=True)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(GOOD)))
def test_any_changed_or_cut_file_of_weights_is_finite_or_refused(place, byte, cut):
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
def test_a_lying_header_is_refused(dtype, shape, offsets, length, body):
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    header = json.dumps({"a.bias": entry, "a.weight": entry}).encode()
    size = len(header) if length is None else length
    assert not tried(size.to_bytes(8, "little") + header + body)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(content=st.binary(max_size=64))
def test_bytes_that_are_no_weights_are_refused(content):
    assert not tried(content)


@pytest.mark.parametrize("said", ["is missing", "is not known", "not (", "not finite"])
def test_optimizer_states_that_do_not_fit_are_refused(run, go_on, said):
    hostile(run / "checkpoints" / "step-00000004", "optimizers.safetensors", CHANGES[said])
    with pytest.raises(RunError, match=r"optimizers\.safetensors"):
        go_on(run, 6)


@pytest.mark.parametrize("key", ["files", "step", "seconds", "optimizers"])
def test_a_state_without_one_of_its_keys_is_refused(run, key):
    path = run / "checkpoints" / "step-00000004"
    body = json.loads((path / "state.json").read_text())
    del body[key]
    sealed(path, body)
    with pytest.raises(RunError, match=r"state\.json"):
        checkpoints.read(path)


class Evil:
    """Touches a file when it is unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return (open, (str(self.file), "w"))


@pytest.fixture
def evil(tmp_path):
    """The file that a malicious pickle would touch, and the pickle."""
    touched = tmp_path / "touched"
    yield touched, pickle.dumps(Evil(touched))
    assert not touched.exists()


def test_the_malicious_pickle_of_these_tests_works(tmp_path):
    pickle.loads(pickle.dumps(Evil(tmp_path / "touched"))).close()
    assert (tmp_path / "touched").exists()


@every_file
def test_a_pickle_in_a_checkpoint_is_never_unpickled(run, evil, name):
    path = run / "checkpoints" / "step-00000004"
    (path / name).write_bytes(evil[1])
    with pytest.raises(RunError, match="is damaged"):
        checkpoints.read(path)


@pytest.mark.parametrize("name", FILES[:2])
def test_a_pickle_with_fitting_hashes_is_never_unpickled(run, evil, name):
    path = run / "checkpoints" / "step-00000004"
    nets = likeness.load(path).nets
    rewritten(path, name, evil[1])
    with pytest.raises(RunError, match=f"{name} is not a safetensors file"):
        checkpoints.load_strictly(nets, checkpoints.read(path), name)


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "run"])
def test_a_pickle_given_as_a_run_is_never_unpickled(evil, tmp_path, name, capsys):
    (tmp_path / name).write_bytes(evil[1])
    assert main(["sample", str(tmp_path / name)]) == 2
    assert "is not a run" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["codes.npz", "codes.npy", "codes.pt"])
def test_a_pickle_given_as_codes_is_never_unpickled(evil, tmp_path, name):
    (tmp_path / name).write_bytes(evil[1])
    with pytest.raises(UserError, match="holds no codes"):
        read_codes(tmp_path / name)


@pytest.mark.parametrize("name", ["codes.npz", "codes.npy"])
def test_arrays_of_objects_are_never_unpickled(evil, run, tmp_path, name):
    array = np.array([Evil(evil[0])], dtype=object)
    file = tmp_path / name
    np.savez(file, codes=array, images=array) if name.endswith("npz") else np.save(file, array)
    with pytest.raises(UserError, match="holds no codes"):
        read_codes(file)
    with pytest.raises(LikenessError, match="objects"):
        trained(tmp_path / "new", file)


def test_a_pickle_given_as_an_image_is_never_unpickled(evil, run, tmp_path):
    for name in ("a.npy", "a.png", "a.pt"):
        (tmp_path / name).write_bytes(evil[1])
        with pytest.raises(UserError):
            likeness.load(run).images([tmp_path / name])


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_data_json_that_is_no_json_is_named(run, content):
    (run / "data.json").write_text(content)
    with pytest.raises(RunError, match=r"data\.json cannot be read"):
        likeness.load(run)


@pytest.mark.parametrize("content", ["{}", "[]", "3"])
def test_data_json_without_its_keys_is_named(run, content):
    (run / "data.json").write_text(content)
    with pytest.raises(LikenessError, match=r"data\.json"):
        likeness.load(run)


@pytest.mark.parametrize("content", ["", "- a", "method: [", "!!python/object/apply:os.system ['true']"])
def test_a_damaged_configuration_is_refused_in_one_line(run, content, capsys):
    (run / "config.yaml").write_text(content)
    assert main(["sample", str(run)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_lines_of_metrics_that_are_not_whole_are_left_out(run):
    file = run / "metrics.jsonl"
    count = len(Run(run).metrics())
    with file.open("a") as log:
        log.write('[1]\n{"pixels": 1}\n\x00\x00\n{"step": 9')
    assert len(Run(run).metrics()) == count
