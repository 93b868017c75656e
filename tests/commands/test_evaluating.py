"""Numbers of a run, as a user has them: in which features, of which images, of how many."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

from likeness.__main__ import main
from likeness.analysis import anomaly, comparison
from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.predictors import classifier
from likeness.predictors.onnx_features import onnx_space
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.shapes import ImageShape
from likeness.training import peak_memory
from likeness.training.progress import Progress
from support.commands import TINY, Said

Likeness = Callable[..., Said]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Classifiers of a few steps."""
    monkeypatch.setattr(classifier, "STEPS", 40)


def test_a_classifier_of_the_data_is_a_feature_space_kept_beside_the_run(
    likeness: Likeness, gan: Path, short: None
) -> None:
    words = ["evaluate", gan, "--only", "distributions", "--features", "classifier"]
    said = likeness(*words)
    assert said.code == 0 and "frechet[samples, classifier]" in said.out
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


def test_of_two_that_ask_for_it_at_once_one_trains_it(
    gan: Path, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in gan.parent.glob("classifier-*"):
        shutil.rmtree(folder)
    made, trained, run = [], classifier._made, Run(gan)
    monkeypatch.setattr(classifier, "_made", lambda config: made.append(1) or trained(config))
    threads = [
        Thread(target=classifier.classifier, args=(run.config(), run.data()["fingerprint"], gan.parent))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_other_data_are_measured_and_named_in_their_own_file(
    likeness: Likeness, run: Path, tmp_path: Path
) -> None:
    found = []
    for folder, images in (("a", 12), ("b", 13)):
        other = tmp_path / folder / "other.npz"
        other.parent.mkdir()
        noise = np.random.default_rng(1).integers(0, 60000, (images, 6, 5, 3), dtype=np.uint16)
        np.savez(other, images=noise)
        said = likeness(
            "evaluate", run, "--data", other, "--split", "all", "--only", "pixels", "--only", "latents"
        )
        assert said.code == 0, said.err
        assert f"warning: {images} images are few" in said.out
        found.append(Path(said.out.splitlines()[-1]))
    assert all(path.name.startswith("evaluation-other.npz-") for path in found)
    documents = [json.loads(path.read_text()) for path in found]
    assert [document["numbers"]["pixel_mse"]["images"] for document in documents] == [12, 13]
    assert len(documents[0]["dimensions"]["std"]) == 3


def network(
    file: Path, channels: int = 3, features: int = 2, of: str = "mean", batch: int | str = "n"
) -> Path:
    """An ONNX file: the mean, or the largest value, of the first channels of 4 x 4 images."""
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, [batch, channels, 4, 4])
    said = helper.make_tensor_value_info("features", TensorProto.FLOAT, [batch, features])
    kind = {"mean": "ReduceMean", "largest": "ReduceMax"}[of]
    numbers = {"from": [0], "to": [features], "channel": [1], "places": [2, 3]}
    constants = [helper.make_tensor(k, TensorProto.INT64, [len(v)], v) for k, v in numbers.items()]
    nodes = [
        helper.make_node(kind, ["images", "places"], ["all"], keepdims=0),
        helper.make_node("Slice", ["all", "from", "to", "channel"], ["features"]),
    ]
    graph = helper.make_graph(nodes, "network", [given], [said], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), file)
    return file


def test_a_network_of_the_users_own_is_a_feature_space(tmp_path: Path) -> None:
    """Images of 8 x 8 are resized to its 4 x 4; grey ones have three channels."""
    x = torch.rand(5, 3, 8, 8) * 2 - 1
    found = onnx_space(str(network(tmp_path / "n.onnx")), ImageShape(3, 8, 8))(x)
    resized = F.interpolate(x, (4, 4), mode="bilinear", antialias=True)
    assert torch.allclose(found, resized.mean((2, 3))[:, :2], atol=1e-6)
    largest = onnx_space(str(network(tmp_path / "m.onnx", of="largest")), ImageShape(1, 4, 4))
    assert torch.equal(largest(x[:, :1, :4, :4]), x[:, :1, :4, :4].amax((2, 3)).expand(-1, 2))


def test_a_network_that_takes_one_image_at_a_time_is_given_one(tmp_path: Path) -> None:
    x = torch.rand(5, 3, 4, 4)
    found = onnx_space(str(network(tmp_path / "n.onnx", batch=1)), ImageShape(3, 4, 4))(x)
    assert torch.allclose(found, x.mean((2, 3))[:, :2], atol=1e-6)


def test_an_evaluation_compares_sets_in_such_features(
    likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    file = network(tmp_path / "n.onnx")
    said = likeness("evaluate", gan, "--only", "distributions", "--features", file)
    assert said.code == 0 and f"frechet[samples, {file}]" in said.out, said.err


def test_what_is_no_network_for_these_images_is_said_in_one_line(
    likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    network(tmp_path / "four.onnx", channels=4)
    network(tmp_path / "seven.onnx", batch=7)
    wrong = {
        "text.onnx": "holds no network that can be read",
        "nothing.onnx": "is no file; give an ONNX file",
        "seven.onnx": "cannot be run on images of (1, 8, 8)",
        "four.onnx": "takes images of 4 channels, these have 1",
    }
    for name, message in wrong.items():
        said = likeness("evaluate", gan, "--only", "distributions", "--features", tmp_path / name)
        assert said.code == 2 and message in said.err and said.err.count("\n") == 1


REFUSED = [
    (["--features", "inception"], "Inception is not built in"),
    (["--features", "random"], "4 images are too few for"),
    (["--features", "nowhere"], "nowhere is not a run"),
    (["--data", "digits"], "this model was trained on (3, 6, 5) uint16"),
    (["--only", "structures"], "did you mean structure"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_measured_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, run: Path
) -> None:
    said = likeness("evaluate", run, *words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1


def test_no_labels_and_no_images_are_one_line_each(likeness: Likeness, tmp_path: Path) -> None:
    bare = tmp_path / "bare.npz"
    images = np.random.default_rng(0).integers(0, 255, (40, 6, 5, 1), dtype=np.uint8)
    np.savez(bare, images=images)
    words = ["train", "ae", tmp_path / "run", "--data", bare, *TINY, "--test", "0"]
    assert likeness(*words).code == 0
    said = likeness("evaluate", tmp_path / "run")
    assert said.code == 2 and "has no test images; choose another --split" in said.err
    words = ["evaluate", tmp_path / "run", "--split", "validation", "--features", "classifier"]
    said = likeness(*words)
    assert said.code == 2 and "0 training images have labels or attributes" in said.err
    assert said.err.count("\n") == 1


def test_classes_left_out_are_in_the_test_alone_and_are_scored() -> None:
    whole = load(DataSettings(data="digits"), 0)
    usual = load(DataSettings(data="digits", without=("1", "7")), 0)
    assert {1, 7} & set(whole.train.labels.tolist()) == {1, 7}
    for split in (usual.train, usual.validation):
        assert len(split) and not {1, 7} & set(split.labels.tolist())
    assert usual.test.labels.tolist() == whole.test.labels.tolist()


def test_scores_of_a_split_and_in_pixels_and_those_that_were_trained_on(
    likeness: Likeness, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    words = ["train", "vae_gan", run, "--data", "digits", *TINY, "--without", "1"]
    assert likeness(*words).code == 0
    words = ["score", run, "digits", "--odd", "1", "--out", tmp_path / "s.csv"]
    said = likeness(*words)
    assert "1,797 images" in said.out
    trained, data = load_model(run), "digits"
    found = anomaly.scores(trained, str(run), data)
    assert found.learned_from(trained, data) == Run(run).data()["images"]["train"]
    assert f"warning: {found.learned_from(trained, data):,} of these images were trained on" in said.out
    test = likeness(*words, "--split", "test", "--metric", "pixels")
    assert "scores by pixels" in test.out and "180 images" in test.out and "warning" not in test.out
    wrong = likeness("train", "ae", tmp_path / "x", "--data", "digits", *TINY, "--without", "one")
    assert wrong.code == 2 and "no image has the label 'one'; there are 0, 1, 2" in wrong.err


def test_a_comparison_that_was_stopped_goes_on_where_it_was(tmp_path: Path, short: None) -> None:
    words = [
        "compare",
        "--data",
        "digits",
        "--out",
        str(tmp_path),
        "--methods",
        "ae",
        "vae",
        "--net",
        "mlp",
    ]
    words += ["--budget", "4steps", "--batch", "8", "--latent", "3", "--most", "150"]
    seen = []

    def stopping(self: object, progress: Progress) -> None:
        seen.append(progress.step)
        if len(seen) == 6:  # the second step of the second method
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("likeness.commands.train.Bar.show", stopping)
        assert main(words) == 128 + signal.SIGTERM
    assert (tmp_path / "ae-0" / "report.html").exists() and not (tmp_path / "compare.html").exists()
    first = {p: p.stat().st_mtime_ns for p in (tmp_path / "ae-0").rglob("*.safetensors")}
    assert [p.name for p in (tmp_path / "vae-0" / "checkpoints").iterdir()] == ["step-00000002"]
    assert main(words) == 0
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "ae-0").rglob("*.safetensors")} == first
    steps = [line["step"] for line in Run(tmp_path / "vae-0").metrics()]
    assert steps[-1] == 4 and (tmp_path / "compare.html").exists()
    assert len(list(tmp_path.glob("classifier-*"))) == 1, "one judge for all runs on the same data"


def test_peak_memory_is_that_since_the_beginning() -> None:
    if not peak_memory._forget():
        pytest.skip("this system does not tell the peak memory of a process")
    first = peak_memory.Peak(torch.device("cpu"))
    held = torch.ones(40_000_000)
    large = first.numbers()["peak_memory_mib"]
    del held
    second = peak_memory.Peak(torch.device("cpu")).numbers()["peak_memory_mib"]
    assert large - second > 120, "160 MB were held"


def test_memory_is_left_out_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak_memory, "CLEAR", Path("/nowhere/clear"))
    assert peak_memory.Peak(torch.device("cpu")).numbers() == {}
    assert comparison.Trained("ae", 0, Run(Path("nowhere")), {}).memory is None


def test_codes_drawn_from_the_posterior_have_their_own_noise(run: Path) -> None:
    """Not that of the prior's codes, which would make them near twins."""
    trained = load_model(run)
    x, labels = torch.zeros(60, 3, 6, 5), torch.full((60,), -1)
    z = trained.draw(x, labels)
    assert torch.equal(z, trained.draw(x, labels)) and not torch.equal(z, trained.draw(x, labels, seed=2))
    noise = torch.stack([(z - trained.encode(x)).flatten(), trained.codes(60).flatten()])
    assert abs(float(torch.corrcoef(noise)[0, 1])) < 0.3
