"""The package as Python has it: `likeness.train`, `likeness.load`."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

import likeness
from likeness import registry
from likeness.config import objective_class
from likeness.errors import LikenessWarning, UserError
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_own_data
from likeness.runs import train
from likeness.runs.settings import gather
from likeness.training.progress import Progress
from support.processes import process

TINY: dict[str, Any] = {
    "data": "digits",
    "net": {"name": "mlp", "hidden": 16},
    "steps": 3,
    "batch": 8,
    "latent": 3,
}


def small(**more: Any) -> dict[str, Any]:
    """The settings of a small training, and others."""
    return TINY | more


def test_the_package_is_imported_without_torch() -> None:
    said = process("-c", "import sys, likeness; sys.exit('torch' in sys.modules)")
    assert (said.returncode, said.stderr) == (0, "")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a VAE."""
    path = tmp_path_factory.mktemp("package") / "run"
    likeness.train("vae", path, **TINY)
    return path


@pytest.fixture(scope="module")
def model(run: Path) -> Autoencoder:
    """The model of that run."""
    return likeness.load(run)


def test_a_trained_model_is_the_one_that_is_loaded(tmp_path: Path) -> None:
    made = likeness.train("vae", tmp_path / "run", **TINY)
    loaded = likeness.load(str(tmp_path / "run"))
    x = made.sample(3)
    assert torch.equal(made.encode(x).mean, loaded.encode(x).mean)
    assert torch.equal(made.reconstruct(x), loaded.reconstruct(x))


def test_images_come_back_in_their_own_values(model: Autoencoder, tmp_path: Path) -> None:
    rows, _ = load_digits(return_X_y=True)
    stored = np.asarray(rows)[3].reshape(8, 8, 1).astype(np.uint8)
    np.save(tmp_path / "one.npy", stored)
    x = model.images([tmp_path / "one.npy"])
    assert x.shape == (1, 1, 8, 8)
    assert np.array_equal(model.arrays(x)[0], stored)


def test_the_watcher_sees_every_step(tmp_path: Path) -> None:
    seen: list[Progress] = []
    likeness.train("vae", tmp_path / "run", watcher=seen.append, **TINY)
    assert [(p.step, p.total) for p in seen] == [(1, 3), (2, 3), (3, 3)]
    assert [p.line is not None for p in seen] == [False, False, True]


def test_a_training_in_python_goes_on(tmp_path: Path) -> None:
    more: dict[str, Any] = TINY | {"steps": 5}
    likeness.train("vae", tmp_path / "run", **TINY)
    longer = likeness.train("vae", tmp_path / "run", resume=True, **more)
    straight = likeness.train("vae", tmp_path / "straight", **more)
    a, b = longer.nets.state_dict(), straight.nets.state_dict()
    assert longer.step == 5
    assert all(torch.equal(a[name], b[name]) for name in b)


def test_a_training_leaves_the_callers_random_numbers_as_they_are(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    train.train(gather("vae", TINY), tmp_path / "run")
    assert torch.equal(torch.get_rng_state(), before)


def test_a_model_in_use_leaves_the_callers_random_numbers_as_they_are(model: Autoencoder) -> None:
    before = torch.get_rng_state()
    model.reconstruct(model.sample(2))
    assert torch.equal(torch.get_rng_state(), before)


def test_loading_leaves_the_callers_random_numbers_as_they_are(run: Path) -> None:
    before = torch.get_rng_state()
    likeness.load(run)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_training_on_data_in_memory_says_what_was_read_and_is_that_on_files(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 255, (60, 8, 8, 3)).astype(np.uint8)
    np.save(tmp_path / "x.npy", images)
    with pytest.warns(LikenessWarning, match="^60 images 8x8x3 uint8 in 0 to 255; labels: none$"):
        made = likeness.train("vae", tmp_path / "a", **small(data=images))
    file = likeness.train("vae", tmp_path / "b", **small(data=tmp_path / "x.npy"))
    a, b = made.nets.state_dict(), file.nets.state_dict()
    assert all(torch.equal(a[name], b[name]) for name in b)
    assert np.array_equal(made.arrays(made.images(images[:3])), images[:3])


def test_a_run_on_data_in_memory_goes_on_with_the_same_and_asks_for_them_otherwise(tmp_path: Path) -> None:
    images, path = np.random.default_rng(0).random((60, 8, 8)), tmp_path / "run"
    likeness.train("vae", path, **small(data=images))
    more = small(steps=5, resume=True)
    assert likeness.train("vae", path, **more | small(data=images.copy(), steps=5)).step == 5
    with pytest.raises(UserError, match=r"\(memory\) are not those"):
        likeness.train("vae", path, **more | small(data=images[::-1], steps=5))
    with pytest.raises(UserError, match="trained on data in memory; name them with --data"):
        load_own_data(likeness.load(path))


def test_a_training_on_items_that_change_is_resumed_only_as_on_other_data(tmp_path: Path) -> None:
    class Noisy(list):
        def __getitem__(self, row: Any) -> Any:
            return super().__getitem__(row) * np.random.default_rng().random()

    data, path = Noisy(np.random.default_rng(0).random((60, 8, 8))), tmp_path / "run"
    with pytest.warns(LikenessWarning, match="cannot be resumed exactly"):
        likeness.train("vae", path, **small(data=data))
        with pytest.raises(UserError, match="give other images at each reading"):
            likeness.train("vae", path, **small(data=data, steps=5, resume=True))
        more = small(data=data, steps=5, resume=True, other_data=True)
        assert likeness.train("vae", path, **more).step == 5


WRONG = [
    ("vea", {}, "'vea' is not among the objectives; did you mean vae"),
    ("vae", {"latnt": 3}, "there is no setting 'latnt'; did you mean latent"),
    ("vae", {"latent": "three"}, "objective.code.latent is 'three'; "),
    ("vae", {"data": "digit"}, "there are no data 'digit'; did you mean digits?"),
    ("vae", {"net": "lenet"}, "'lenet' is not among the nets; "),
    ("vae", {"preset": "defalt"}, "did you mean default"),
]


@pytest.mark.parametrize(("method", "settings", "message"), WRONG)
def test_what_python_is_told_wrong_is_an_error_a_user_can_mend(
    method: str, settings: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        likeness.train(method, tmp_path / "run", **TINY | settings)
    assert message in str(caught.value)
    assert not (tmp_path / "run" / "config.yaml").exists()


def test_a_place_without_a_run_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run"):
        likeness.load(tmp_path)


def test_the_index_shows_public_names_alone_and_each_is_there() -> None:
    assert dir(likeness) == sorted(likeness.__all__)
    assert {"load", "metric", "train", "VAEGAN", "UserError", "objectives", "nets", "data"} <= {
        *dir(likeness)
    }
    assert all(getattr(likeness, name) is not None for name in dir(likeness))
    assert not [name for name in dir(likeness) if name.startswith("_")]


def test_every_method_is_in_the_index_by_the_name_of_its_class() -> None:
    methods = (objective_class(name) for name in registry.names("likeness.objectives"))
    assert {getattr(likeness, cls.__name__) for cls in methods} <= {
        getattr(likeness, name) for name in dir(likeness)
    }


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = likeness.no_such_name  # pyright: ignore[reportAttributeAccessIssue]
