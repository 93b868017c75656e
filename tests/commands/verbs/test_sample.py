"""`likeness sample`: decoded samples of the prior, a function of the seed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness as package
from commands.verbs.test_reconstruct import in_own_range
from support.commands import Likeness, done, nearly, refused


def test_samples_come_in_the_datas_own_values(likeness: Likeness, place: Path) -> None:
    done(likeness("sample", "run", "-n", 5, "--out", "samples.npz"))
    images = np.load("samples.npz")["images"]
    assert images.shape == (5, 6, 5, 3)
    assert in_own_range(images)


def test_samples_are_a_function_of_the_seed(likeness: Likeness, place: Path) -> None:
    made = []
    for k, seed in enumerate((1, 1, 2)):
        done(likeness("sample", "run", "-n", 2, "--seed", seed, "--out", f"{k}.npy"))
        made.append(np.load(f"{k}.npy"))
    assert np.array_equal(made[0], made[1]) and not np.array_equal(made[0], made[2])


def test_a_checkpoint_stands_for_its_run(likeness: Likeness, place: Path) -> None:
    for name, path in (("a", "run"), ("b", "run/checkpoints/step-00000004")):
        done(likeness("sample", path, "-n", 2, "--out", f"{name}.npy"))
    assert np.array_equal(np.load("a.npy"), np.load("b.npy"))


def test_a_folder_gets_a_file_for_each_image(likeness: Likeness, place: Path) -> None:
    done(likeness("sample", "run", "-n", 3, "--out", "cells"))
    assert sorted(p.name for p in Path("cells").iterdir()) == [f"sample-{k:04d}.npy" for k in range(3)]
    done(likeness("sample", "gan", "-n", 3, "--out", "digits"))
    names = sorted(p.name for p in Path("digits").iterdir())
    assert names == [f"sample-{k:04d}.png" for k in range(3)]
    assert Image.open(f"digits/{names[0]}").mode == "L"


def test_samples_of_no_temperature_are_all_the_origin(likeness: Likeness, place: Path) -> None:
    done(likeness("sample", "run", "-n", 3, "--temperature", 0, "--out", "s.npz"))
    model, made = package.load("run"), np.load("s.npz")["images"]
    assert nearly(made, model.arrays(model.decode(torch.zeros(3, 3))))
    torch.testing.assert_close(model.sample_codes(4, 1, 0.5), 0.5 * model.sample_codes(4, 1))


def test_samples_have_attributes_of_training_images_where_none_are_asked_for(
    likeness: Likeness, marked: Path
) -> None:
    done(likeness("sample", "gan", "-n", 5, "--seed", 3, "--out", "s.npy"))
    model = package.load("gan")
    expected = model.arrays(model.decode(model.sample_codes(5, seed=3), model.conditions_in_turn(5, {})))
    assert np.array_equal(np.load("s.npy"), expected)


def test_samples_have_what_is_asked_for(likeness: Likeness, marked: Path) -> None:
    words = ["sample", "gan", "-n", "5", "--seed", "3", "--condition", "striped:0,dark", "--out", "h.npy"]
    done(likeness(*words))
    model, again = package.load("gan"), package.load("gan")
    expected = model.arrays(
        model.decode(model.sample_codes(5, seed=3), torch.tensor([[1.0, 0.0]]).expand(5, 2))
    )
    assert np.array_equal(np.load("h.npy"), expected)
    model.sample(5, condition={"dark": 1.0, "striped": 0.0})
    assert torch.equal(model.conditions_in_turn(9, {}), again.conditions_in_turn(9, {}))  # type: ignore[arg-type]


REFUSED = [
    (["run", "-n", "0"], "-n is '0'; input should be greater than or equal to 1"),
    (["run", "-n", "-1"], "-n is '-1'; input should be greater than or equal to 1"),
    (["run", "-n", "few"], "-n is 'few'; input should be a valid integer"),
    (["run", "--sed", "1"], "'--sed' is not understood; did you mean --seed"),
    (
        ["run", "-n", "1", "--seed", "9" * 23],
        "input should be less than 2147483648",
    ),
    (["run", "--temperature", "-1"], "--temperature is '-1'; input should be greater than or equal to 0"),
    (["run", "--temperature", "nan"], "--temperature is 'nan'; input should be a finite number"),
    (["run", "-n", "1", "--out", "no/such/x.png"], "no/such/x.png could not be written"),
    (["run", "-n", "1", "--out", "notes.txt"], "notes.txt cannot be written"),
    (["run", "-n", "1", "--out", ""], ". is no place for images; choose another --out"),
    (["run", "-n", "1", "--out", "gan"], "gan is no place for images; choose another --out"),
    ([], "RUN is missing; see `likeness sample --help`"),
    ([""], ". is not a run: it has no config.yaml; "),
    (["run/checkpoints"], "run/checkpoints is not a run: "),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_sampled_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("sample", *words))
    assert Path("notes.txt").read_text() == "mine"


ATTRIBUTES = [
    (["gan", "--condition", "tall"], "this model has no condition 'tall'; choose one of dark, striped"),
    (["plain", "--condition", "dark"], "no condition 'dark'; it was trained without --condition"),
    (["gan", "--condition", "dark:x"], "dark is 'x'; write 0 or 1"),
]


@pytest.mark.parametrize(("words", "message"), ATTRIBUTES)
def test_what_samples_cannot_have_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, marked: Path
) -> None:
    assert message in refused(likeness("sample", *words))
