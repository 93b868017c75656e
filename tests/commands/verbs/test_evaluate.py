"""`likeness evaluate`: in which features, of which images, of how many."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.__main__ import main
from likeness.analysis import evaluation, feature_spaces
from likeness.data.choosing import select_split
from likeness.metrics import features
from likeness.models.codes import load_prepared
from likeness.predictors import classifier
from support.commands import TINY, Likeness, done, refused
from support.onnx_networks import network


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Classifiers of a few steps."""
    monkeypatch.setattr(classifier, "STEPS", 40)


def test_evaluation_prints_intervals_and_saves_them(likeness: Likeness, run: Path, gan: Path) -> None:
    said = done(likeness("evaluate", run, "--metric", run))
    kept = json.loads((run / "evaluation-test.json").read_text())["numbers"]
    for name in ("pixel_mse", "psnr_db", f"feature_error[{run}]", "edges_samples"):
        (line,) = [line for line in said.out.splitlines() if line.startswith(f"{name} ")]
        mean, low, high, images = line.removeprefix(name).split()
        assert [float(mean), float(low), float(high)] == pytest.approx(
            [kept[name][key] for key in ("mean", "low", "high")], rel=1e-3
        )
        assert int(images) == kept[name]["images"]
    assert "pixel_mse" not in done(likeness("evaluate", gan, "--max-images", 20)).out


def test_the_pixel_error_is_that_of_the_test_images(likeness: Likeness, run: Path, cells: Path) -> None:
    done(likeness("evaluate", run, "--only", "pixels"))
    found = json.loads((run / "evaluation-test.json").read_text())["numbers"]["pixel_mse"]
    model, codes = package.load(run), run / "codes.npz"
    done(likeness("encode", run, cells, "--out", codes))
    held = np.load(codes)
    names = [name for name, split in zip(held["names"], held["splits"]) if split == "test"]
    rows = [int(name.rpartition("[")[2].rstrip("]")) for name in names]
    x = model.scaling.to_unit(np.load(cells)["images"][rows])
    assert found["images"] == len(rows)
    assert found["mean"] == pytest.approx(float((model.reconstruct(x) - x).square().mean()), rel=1e-3)


@pytest.mark.usefixtures("short")
def test_a_classifier_of_the_data_is_a_feature_space_kept_beside_the_run(
    likeness: Likeness, gan: Path
) -> None:
    words = ["evaluate", gan, "--only", "distributions", "--features", "classifier"]
    said = done(likeness(*words))
    assert "frechet[samples, classifier]" in said.out
    assert "warning: 180 images are few for 64 features of classifier" in said.out
    document = json.loads((gan / "evaluation-test.json").read_text())
    assert document["numbers"]["precision[samples, classifier]"]["images"] == 180
    assert document["warnings"] and document["split"] == "test"
    (folder,) = gan.parent.glob("classifier-*")
    about = json.loads((folder / "classifier.json").read_text())
    assert about["of"] == "labels" and about["outputs"] == 10
    assert about["validation_error"] < 0.7, "chance is 0.9"
    before = (folder / "classifier.safetensors").stat().st_mtime_ns
    assert likeness(*words).out == said.out
    assert (folder / "classifier.safetensors").stat().st_mtime_ns == before
    (folder / "classifier.safetensors").write_bytes(b"nothing")
    damaged = likeness(*words)
    assert damaged.code == 1 and "holds no classifier" in damaged.err and damaged.err.count("\n") == 1


def test_a_checkpoint_is_measured_in_a_file_of_its_own(likeness: Likeness, kept: Path) -> None:
    place = kept / "checkpoints" / "step-00000002"
    done(likeness("evaluate", place, "--only", "pixels"))
    done(likeness("evaluate", kept, "--only", "pixels"))
    files = [kept / f"evaluation-{name}.json" for name in ("step-00000002-test", "test")]
    first, last = (json.loads(file.read_text())["numbers"]["pixel_mse"]["mean"] for file in files)
    assert first != last


def test_other_data_is_measurement_and_named_in_their_own_file(
    likeness: Likeness, run: Path, tmp_path: Path
) -> None:
    found = []
    for folder, images in (("a", 12), ("b", 13)):
        other = tmp_path / folder / "other.npz"
        other.parent.mkdir()
        noise = np.random.default_rng(1).integers(0, 60000, (images, 6, 5, 3), dtype=np.uint16)
        np.savez(other, images=noise)
        words = ["--data", other, "--split", "all", "--only", "pixels", "--only", "latents"]
        said = done(likeness("evaluate", run, *words))
        assert f"warning: {images} images are few" in said.out
        found.append(Path(said.out.splitlines()[-1]))
    assert len(set(found)) == 2
    assert {path.name.partition("-other.npz-")[0] for path in found} == {"evaluation"}
    documents = [json.loads(path.read_text()) for path in found]
    assert [document["numbers"]["pixel_mse"]["images"] for document in documents] == [12, 13]
    assert len(documents[0]["dimensions"]["std"]) == 3


def test_sets_are_compared_in_features_of_ones_own_network(
    likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    file = network(tmp_path / "n.onnx")
    said = done(likeness("evaluate", gan, "--only", "distributions", "--features", file))
    assert f"frechet[samples, {file}]" in said.out


def test_only_what_is_asked_for_is_measured(likeness: Likeness, styled: Path) -> None:
    said = done(likeness("evaluate", styled, "--only", "classes"))
    assert "classification_error_percent" in said.out and "pixel_mse" not in said.out


def test_images_are_reconstructed_with_the_attributes_that_they_have(
    likeness: Likeness, marked: Path
) -> None:
    done(likeness("evaluate", "vae_gan", "--only", "pixels", "--split", "all", "--data", "marked.npz"))
    (file,) = marked.glob("vae_gan/evaluation-marked.npz-*.json")
    found = json.loads(file.read_text())["numbers"]["pixel_mse"]
    data, model = np.load("marked.npz"), package.load("vae_gan")
    x = model.scaling.to_unit(data["images"])
    given = torch.from_numpy(np.stack([data["dark"], data["striped"]], 1)).float()
    error = (model.reconstruct(x, given) - x).square().mean()
    other = (model.reconstruct(x, 1 - given) - x).square().mean()
    assert found["mean"] == pytest.approx(float(error), rel=1e-4)
    assert found["mean"] != pytest.approx(float(other), rel=1e-3)


def test_a_classifier_with_conditions_is_measured(likeness: Likeness, marked: Path) -> None:
    words = ["--data", "marked.npz", *TINY, "--condition", "dark,striped", "--classes", "3"]
    assert main(["train", "aae_cluster", "clusters", *words]) == 0
    model = package.load("clusters")
    x, attributes = torch.zeros(2, 1, 8, 8), torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    one, other = model.class_probabilities(x, attributes)
    assert not torch.equal(one, other) and float(one.sum()) == pytest.approx(1)
    said = done(likeness("evaluate", "clusters", "--only", "latents", "--only", "classes")).out
    assert "active_units" in said and "warning: the error of clusters is not known" in said


REFUSED = [
    (["run", "--max-images", "1"], "--max-images is '1'; input should be greater than or equal to 2"),
    (["gan", "--metric", "run"], "was trained on images of (3, 6, 5), these are (1, 8, 8)"),
    (["gan", "--features", "run"], "was trained on images of (3, 6, 5), these are (1, 8, 8)"),
    (["run", "--features", "random"], "4 images are too few for"),
    (["run", "--features", "inception"], "Inception is not built in"),
    (["run", "--features", "nowhere"], "nowhere is not a run"),
    (["run", "--data", "digits"], "this model was trained on (3, 6, 5) uint16"),
    (["run", "--only", "structures"], "did you mean structure"),
    (["run", "--only", "pixel"], "'pixel' is not among the metrics; did you mean pixels?"),
    (
        ["run", "--split", "some"],
        "--split is 'some'; input should be 'train', 'validation'",
    ),
    (["nowhere"], "nowhere is not a run"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_measured_is_said_in_one_line_and_nothing_is_printed(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("evaluate", *words))


def test_a_judge_takes_the_conditions_of_the_images_or_else_the_mean_of_its_own(marked: Path) -> None:
    """Of data with `dark` alone, the condition of an image is not known."""
    model, data = package.load("plain"), dict(np.load("marked.npz"))
    np.savez("some.npz", images=data["images"], dark=data["dark"])
    judge = feature_spaces.load_discriminator("gan", model.shape)
    for name in ("marked.npz", "some.npz"):
        seen = evaluation.gather(model, evaluation.EvaluationOptions("all", metric_runs=["gan"], data=name))
        split = select_split(load_prepared(model, name), "all", name)
        columns = [split.columns[c].values for c in ("dark", "striped") if c in split.columns]
        own = torch.from_numpy(np.stack(columns, 1)).float()
        assert judge.mean_condition is not None
        rows = own if name == "marked.npz" else judge.mean_condition.expand(len(own), -1)
        y = seen.reconstructions
        assert y is not None
        apart = [
            features.feature_distance(judge.features, seen.images, other, rows)
            for other in (y, seen.images.roll(1, 0))
        ]
        found = dict(features.FeatureError().measure(seen))["feature_error[gan]"]
        assert isinstance(found, torch.Tensor) and torch.allclose(found, apart[0] / apart[1].mean())


NO_NETWORKS = [
    ("text.onnx", "is not a readable ONNX network"),
    ("nothing.onnx", "is not a file; give an ONNX file"),
    ("seven.onnx", "cannot be run on images of (1, 8, 8)"),
    ("four.onnx", "takes images of 4 channels, these have 1"),
]


@pytest.mark.parametrize(("name", "message"), NO_NETWORKS)
def test_what_is_no_network_for_these_images_is_said_in_one_line(
    name: str, message: str, likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    network(tmp_path / "four.onnx", channels=4)
    network(tmp_path / "seven.onnx", batch=7)
    said = likeness("evaluate", gan, "--only", "distributions", "--features", tmp_path / name)
    assert message in refused(said)


def test_no_labels_and_no_images_are_one_line_each(likeness: Likeness, tmp_path: Path) -> None:
    bare, run = tmp_path / "bare.npz", tmp_path / "run"
    images = np.random.default_rng(0).integers(0, 255, (40, 6, 5, 1), dtype=np.uint8)
    np.savez(bare, images=images)
    done(likeness("train", "ae", run, "--data", bare, *TINY, "--test", "0"))
    assert "has no test images; choose another --split" in refused(likeness("evaluate", run))
    words = ["evaluate", run, "--split", "validation", "--features", "classifier"]
    assert "0 training images have labels or attributes" in refused(likeness(*words))
