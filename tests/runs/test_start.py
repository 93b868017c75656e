"""How a training begins: which data it takes, and where it goes on from."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from likeness.__main__ import main
from likeness.data.columns import Column
from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import Conditions
from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.errors import LikenessWarning, UserError
from likeness.runs import split_file
from likeness.runs.run import Run, create
from likeness.runs.start import Start, load_data, restore, training_conditions
from support.damage import flip
from support.small_runs import configured, pixels, steps, trained, weights


def test_data_with_nan_are_refused_before_training(tmp_path: Path) -> None:
    broken = pixels(20, 4, 4, 1, dtype="float32")
    broken[7, 1, 2, 0] = np.nan
    np.savez(tmp_path / "broken.npz", images=broken)
    with pytest.raises(UserError, match=r"1 of 20 images cannot be used: .*\[7\] \(NaN"):
        trained(tmp_path / "run", tmp_path / "broken.npz")
    np.savez(tmp_path / "broken.npz", images=np.delete(broken, 7, 0))
    trained(tmp_path / "run", tmp_path / "broken.npz")


def test_resuming_forgets_the_metrics_of_steps_that_are_made_again(run: Path, images: Path) -> None:
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 5, "pixels": 1}\n{"step": 6, "pix')
    trained(run, images, checkpoint_every=2, steps=5, log_every=1, resume=True)
    lines = [json.loads(text) for text in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [4, 4, 5, 5]
    assert "images_per_second" in lines[2]


def test_changed_data_are_refused_unless_other_data_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, path = tmp_path / "images.npz", tmp_path / "run"
    np.savez(data, images=pixels(40, 6, 5, 1))
    trained(path, data)
    before = weights(path)
    changed = pixels(40, 6, 5, 1)
    changed[3, 0, 0, 0] ^= 1
    np.savez(data, images=changed)
    words = ["train", "--resume", str(path), "--steps", "6"]
    assert main(words) == 2
    changed = "1 image has changed (images.npz[3])"
    said = f"the data in {data} are not those that the run was trained on: {changed}"
    assert f"{said}; restore them, or pass --other-data" in capsys.readouterr().err
    assert weights(path) == before
    assert main([*words, "--other-data"]) == 0
    assert steps(path)[-1] == 6
    kept, now = split_file.read(Run(path)), load(DataSettings(data=str(data)), 0)
    assert kept.fingerprint == now.fingerprint
    np.testing.assert_array_equal(kept.digests, now.record.digests)
    assert main([*words[:-1], "7"]) == 0, "from now on these are the data of the run"
    assert steps(path)[-1] == 7


def test_moved_data_are_gone_on_with_as_if_they_had_stayed(tmp_path: Path) -> None:
    found = []
    for name in ("stayed", "moved"):
        data, run = tmp_path / f"{name}.npz", tmp_path / name
        np.savez(data, images=pixels(40, 6, 5, 1))
        trained(run, data)
        if name == "moved":
            data = data.rename(tmp_path / "elsewhere.npz")
        trained(run, data, steps=8, resume=True)
        assert Run(run).config().data.data == str(data)
        found.append(weights(run))
    assert found[0] == found[1]


def test_other_data_at_another_place_are_refused(run: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", images=pixels(40, 6, 5, 1, seed=9))
    with pytest.raises(
        UserError, match=r"other.npz are not those .*40 images of the run are gone \(.*, \.\.\.\)"
    ):
        trained(run, tmp_path / "other.npz", checkpoint_every=2, resume=True)


def test_batches_of_one_image_are_refused_where_layers_need_more_than_one(
    images: Path, tmp_path: Path
) -> None:
    with pytest.raises(
        UserError, match="BatchNorm needs two images or more, --batch is 1; raise it or take"
    ):
        trained(tmp_path / "larsen", images, batch=1, net={"name": "larsen", "width": 0.03})
    assert not Run(tmp_path / "larsen").exists(), "nothing was begun"
    trained(tmp_path / "resnet", images, batch=1, net={"name": "resnet", "base": 2}, steps=1)
    assert steps(tmp_path / "resnet") == [1]


def test_what_is_kept_of_the_data_maps_values_back(run: Path) -> None:
    about = json.loads((run / "data.json").read_text())
    assert about["shape"] == [1, 6, 5]
    assert about["scaling"] == {"dtype": "uint8", "low": [0.0], "high": [255.0]}
    assert about["images"] == {"train": 32, "validation": 4, "test": 4}
    assert about["made_with"]["torch"] == torch.__version__


def test_going_on_from_an_older_checkpoint_is_told_with_what_is_damaged(run: Path, images: Path) -> None:
    broken = run / "checkpoints" / "step-00000004" / "weights.safetensors"
    flip(broken)
    with pytest.warns(LikenessWarning, match=r"; going on from step 2$") as warned:
        trained(run, images, checkpoint_every=2, resume=True)
    assert str(warned[0].message).startswith(f"{broken} is damaged")
    assert [p.name for p in (run / "checkpoints").glob("damaged-*")] == ["damaged-step-00000004"]
    assert steps(run) == [2, 4], "the damaged one is set aside, and made again"


def test_a_fresh_start_is_at_step_nought_with_networks_of_the_seed(images: Path, tmp_path: Path) -> None:
    def begun(name: str, seed: int) -> Start:
        run, settings = create(tmp_path / name), configured(images, seed=seed)
        data = load_data(run, settings, again=False, other_data=False)
        return restore(run, data.settings, data.dataset, again=False)

    one, same, other = begun("one", 3), begun("same", 3), begun("other", 4)
    assert (one.step, one.seconds) == (0, 0.0)
    mine, theirs, others = (found.state.nets.state_dict() for found in (one, same, other))
    assert all(torch.equal(mine[k], theirs[k]) for k in mine)
    assert any(not torch.equal(mine[k], others[k]) for k in mine)


@pytest.mark.parametrize(("count", "kept"), [(10, 10), (1000, 1000), (1001, 501), (2500, 834)])
def test_conditions_of_at_most_a_thousand_images_are_kept_evenly(
    images: Path, count: int, kept: int
) -> None:
    data, odd = load(DataSettings(data=str(images)), 0), np.arange(count) % 2
    train = replace(data.train, columns={"odd": Column(odd)}, names=[""] * count)
    marked = replace(data, train=train, conditions=Conditions((BinaryCondition("odd"),)))
    found = training_conditions(marked)
    assert found.shape == (kept, 1)
    assert found[:, 0].tolist() == odd[:: -(-count // 1000)].tolist()
    assert training_conditions(data).numel() == 0, "networks without conditions need none"
