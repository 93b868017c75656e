"""The directory of a run: what is in it, how it goes on, and what it refuses."""

import json
import re

import numpy as np
import pytest
import torch
from PIL import Image

import likeness
from likeness import config
from likeness.__main__ import main
from likeness.errors import LikenessError, RunError, UserError
from likeness.runs import run as runs
from likeness.runs.run import Run
from likeness.runs.settings import resumed
from likeness.training import moves
from likeness.training.averages import Average
from support.small_runs import configured, newest, pixels, steps, trained, weights


def exit_code(error: type[LikenessError]) -> int:
    """The exit code of a command that ends in this error."""
    return error.exit_code


def strictly(text: str) -> object:
    """JSON as its standard has it, without NaN."""

    def refuse(word: str) -> object:
        raise ValueError(word)

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def steep(monkeypatch):
    """Every gradient is infinite though the loss is finite."""

    def infinite(loss, at, keep):
        return [torch.full_like(parameter, torch.inf) for parameter in at]

    monkeypatch.setattr(moves, "gradient", infinite)


def test_a_run_holds_what_its_module_says(run):
    assert {p.name for p in run.iterdir()} - {"tensorboard"} == {
        "config.yaml", "data.json", "metrics.jsonl", "pictures", "checkpoints", "report.html", "lock",
    }  # fmt: skip
    assert steps(run) == [2, 4]


def test_only_the_newest_checkpoints_are_kept(images, tmp_path):
    trained(tmp_path / "run", images, steps=7, checkpoint_every=1, keep=2)
    assert steps(tmp_path / "run") == [6, 7]


def test_the_configuration_is_complete_and_builds_the_same_run(run, images):
    document = config.read(run / "config.yaml")
    assert document.pop("format") == 1
    assert config.build(document) == configured(images, checkpoint_every=2)
    assert document["training"]["lr"] == 3e-4


def test_what_is_kept_of_the_data_maps_values_back(run):
    about = json.loads((run / "data.json").read_text())
    assert about["shape"] == [1, 6, 5]
    assert about["scaling"] == {"dtype": "uint8", "low": [0.0], "high": [255.0]}
    assert about["images"] == {"train": 32, "validation": 4, "test": 4}
    assert about["made_with"]["torch"] == torch.__version__


def test_every_line_of_metrics_is_json_with_step_and_losses(images, tmp_path):
    trained(tmp_path / "run", images, "vae", log_every=2, pictures_every=4)
    lines = [strictly(t) for t in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4, 4]
    assert {"prior", "llike", "pixels", "grad_autoencoder", "seconds"} <= lines[0].keys()
    assert {"validation_loss_autoencoder", "validation_prior"} <= lines[2].keys()


def test_metrics_stay_json_when_a_gradient_is_not_finite(images, tmp_path, monkeypatch):
    monkeypatch.setattr(
        moves, "gradient", lambda loss, at, keep: [torch.full_like(p, torch.inf) for p in at]
    )
    trained(tmp_path / "run", images, log_every=1)
    for text in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines():
        strictly(text)
    assert "nan" not in (tmp_path / "run" / "report.html").read_text()


def test_gradients_that_are_not_finite_are_counted_and_end_the_run_naming_the_last_checkpoint(
    images, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        moves, "gradient", lambda loss, at, keep: [torch.full_like(p, torch.inf) for p in at]
    )
    path = tmp_path / "run"
    with pytest.raises(RunError, match=r"not finite 20 steps in a row.*checkpoint is .*step-00000015"):
        trained(path, images, steps=40, checkpoint_every=5)
    assert steps(path) == [5, 10, 15]
    assert newest(path).optimizers == {"autoencoder": {"skipped": 15, "in_a_row": 15}}


def test_a_loss_that_is_not_finite_names_images_and_the_last_good_checkpoint(images, tmp_path):
    path = tmp_path / "run"
    with pytest.raises(RunError) as error:
        trained(path, images, steps=50, lr=1e18, checkpoint_every=1)
    found = re.search(
        r"loss of autoencoder is \S+ at step (\d+), on training images \d+, ", str(error.value)
    )
    assert f"the last good checkpoint is {path}/checkpoints/step-{int(found[1]):08d}" in str(error.value)
    assert error.value.exit_code == 1
    assert steps(path)[-1] == int(found[1])
    assert all(torch.isfinite(v).all() for v in likeness.load(path).nets.state_dict().values())


def test_data_with_nan_are_refused_before_training(tmp_path):
    broken = pixels(20, 4, 4, 1, dtype="float32")
    broken[7, 1, 2, 0] = np.nan
    np.savez(tmp_path / "broken.npz", images=broken)
    with pytest.raises(UserError, match=r"1 of 20 images cannot be used: .*\[7\] \(NaN"):
        trained(tmp_path / "run", tmp_path / "broken.npz")
    np.savez(tmp_path / "broken.npz", images=np.delete(broken, 7, 0))
    trained(tmp_path / "run", tmp_path / "broken.npz")


def test_pictures_are_png_of_the_right_size(images, tmp_path):
    """Images of 6x5 pixels are enlarged elevenfold; 2 pixels are between them."""
    trained(tmp_path / "run", images, validation=0.5, pictures_every=2)
    found = {p.name: Image.open(p) for p in (tmp_path / "run" / "pictures").iterdir()}
    names = [f"{kind}-0000000{k}.png" for kind in ("reconstructions", "samples") for k in (2, 4)]
    assert sorted(found) == names
    for name, picture in found.items():
        picture.load()
        rows = 8 if name.startswith("samples") else 4
        assert picture.size == (8 * (55 + 2) + 2, rows * (66 + 2) + 2)


def test_the_pictures_of_one_step_are_of_the_same_images_and_codes(images, tmp_path):
    for name in ("a", "b"):
        trained(tmp_path / name, images)
    files = [tmp_path / name / "pictures" / "samples-00000004.png" for name in ("a", "b")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("method", ["ae", "vae_gan"])
def test_a_run_without_validation_images_has_samples_only(images, tmp_path, method):
    trained(tmp_path / "run", images, method, validation=0)
    assert [p.stem for p in (tmp_path / "run" / "pictures").iterdir()] == ["samples-00000004"]


def test_the_report_is_one_file_that_works_offline(run):
    page = (run / "report.html").read_text()
    assert not re.findall(r"https?:|<script|<link|@import|url\(", page)
    sources = re.findall(r"src=.(.{30})", page)
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_the_report_contains_settings_curves_pictures_and_final_numbers(run):
    page = (run / "report.html").read_text()
    assert "hidden: 8" in page
    assert "checkpoint_every: 2" in page
    curves = re.findall(r"<polyline points='([^']+)'/></svg><figcaption>(\w+):", page)
    last = Run(run).metrics()[-1]
    assert {"pixels", "llike", "validation_pixels"} <= {name for _, name in curves}
    assert f"<td>validation_pixels<td class=n>{last['validation_pixels']:,.5g}" in page
    assert "4 steps; images: 32 train, 4 validation, 4 test" in page
    assert "reconstructions-00000004" in page


def test_the_report_shows_names_as_text(images, tmp_path):
    data = tmp_path / "<b>&.npz"
    data.write_bytes(images.read_bytes())
    page = trained(tmp_path / "run", data).report.read_text()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;.npz" in page


@pytest.mark.parametrize("method", ["ae", "vae_gan"])
def test_a_run_in_two_parts_ends_as_one(images, tmp_path, method):
    options = {"checkpoint_every": 3, "ema": 0.5, "flip": True, "shift": 1}
    trained(tmp_path / "whole", images, method, steps=6, **options)
    trained(tmp_path / "parts", images, method, steps=2, **options)
    trained(tmp_path / "parts", images, method, steps=6, resume=True, **options)
    for name in newest(tmp_path / "whole").files:
        assert weights(tmp_path / "whole", name) == weights(tmp_path / "parts", name)


@pytest.mark.parametrize("net", ["larsen", "resnet"])
def test_spectral_normalisation_resumes_exactly(images, tmp_path, net):
    """The vectors of its power iteration are part of a checkpoint."""
    small = {"larsen": {"width": 0.03}, "resnet": {"base": 2}}[net]
    for name, parts in (("whole", (4,)), ("parts", (2, 4))):
        for count in parts:
            nets = {"name": net, "spectral": True} | small
            trained(tmp_path / name, images, "vae_gan", resume=True, net=nets, steps=count, ema=0.5)
    assert weights(tmp_path / "whole") == weights(tmp_path / "parts")


def test_resuming_an_ended_run_changes_no_weight_and_writes_the_report_again(run, images):
    before = weights(run)
    (run / "report.html").unlink()
    trained(run, images, checkpoint_every=2, resume=True)
    assert weights(run) == before
    assert (run / "report.html").exists()


def test_resuming_forgets_the_metrics_of_steps_that_are_made_again(run, images):
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 5, "pixels": 1}\n{"step": 6, "pix')
    trained(run, images, checkpoint_every=2, steps=5, log_every=1, resume=True)
    lines = [strictly(t) for t in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [4, 4, 5, 5]
    assert "images_per_second" in lines[2]


def test_settings_given_to_train_are_left_as_they_are(images, tmp_path):
    net = {"name": "mlp", "hidden": 8}
    likeness.train("ae", tmp_path / "run", data=str(images), net=net, batch=4, steps=1)
    assert net == {"name": "mlp", "hidden": 8}


def test_a_directory_with_a_run_is_not_trained_in_again(run, images):
    before = weights(run)
    with pytest.raises(UserError, match=r"holds a run already; continue it with .*--resume"):
        trained(run, images)
    assert weights(run) == before


@pytest.mark.parametrize("place", ["file", "file/below", "full"])
def test_a_place_that_cannot_hold_a_run_is_refused_before_data_are_read(tmp_path, capsys, place):
    (tmp_path / "file").write_text("kept")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("kept")
    code = main(["train", "ae", str(tmp_path / place), "--data", str(tmp_path / "none.npz")])
    assert code == 2
    message = capsys.readouterr().err
    assert re.fullmatch(r"likeness: .*choose another( directory)?\n", message)
    assert "none.npz" not in message
    assert (tmp_path / "file").read_text() == "kept"
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_an_empty_directory_may_become_a_run(images, tmp_path):
    (tmp_path / "run" / "pictures").mkdir(parents=True)
    trained(tmp_path / "run", images)
    assert steps(tmp_path / "run") == [4]


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"lr": 0.01}, "training.lr: 0.0003 -> 0.01"),
        ({"latent": 4}, "objective.latent: 3 -> 4"),
        ({"net": {"name": "mlp", "hidden": 9}}, "net.hidden: 8 -> 9"),
        ({"method": "vae"}, "method: ae -> vae"),
        ({"validation": 0.2}, "data.validation: 0.1 -> 0.2"),
        ({"optimizer": "rmsprop"}, "training.optimizer.name: adam -> rmsprop"),
        ({"lr": 0.01, "seed": 3}, "training.lr: 0.0003 -> 0.01; training.seed: 0 -> 3"),
    ],
)
def test_resuming_with_other_settings_is_refused_listing_them(run, images, changed, said):
    before = weights(run)
    with pytest.raises(UserError, match=re.escape(said)) as error:
        trained(run, images, resume=True, **{"checkpoint_every": 2, "steps": 6} | changed)
    assert exit_code(type(error.value)) == 2
    assert weights(run) == before
    assert "lr: 0.0003" in (run / "config.yaml").read_text()


def test_length_and_log_may_change_at_a_resume(run, images):
    trained(run, images, resume=True, steps=5, log_every=1, checkpoint_every=1, keep=1)
    assert steps(run) == [5]
    assert Run(run).config().log.keep == 1
    trained(run, images, resume=True, steps=None, epochs=0.75)
    assert steps(run)[-1] == 6


def test_a_run_can_be_resumed_by_its_directory_alone(run):
    settings = resumed(str(run), {"epochs": 1})
    assert (settings.training.steps, settings.training.epochs) == (None, 1)
    assert main(["train", "--resume", str(run), "--steps", "6"]) == 0
    assert steps(run)[-1] == 6


def test_resuming_where_nothing_is_begins_or_is_refused(images, tmp_path, capsys):
    assert main(["train", "--resume", str(tmp_path / "none")]) == 2
    assert "is not a run" in capsys.readouterr().err
    trained(tmp_path / "none", images, resume=True)
    assert steps(tmp_path / "none") == [4]


def test_a_directory_in_use_is_refused_naming_the_process(run, images):
    with runs.locked(Run(run)), pytest.raises(RunError, match=r"in use by process \d+; wait for it"):
        trained(run, images, checkpoint_every=2, resume=True)
    trained(run, images, checkpoint_every=2, resume=True)


def test_changed_data_are_refused_unless_other_data_is_said(tmp_path, capsys):
    data, path = tmp_path / "images.npz", tmp_path / "run"
    np.savez(data, images=pixels(40, 6, 5, 1))
    trained(path, data)
    before = weights(path)
    changed = pixels(40, 6, 5, 1)
    changed[3, 0, 0, 0] ^= 1
    np.savez(data, images=changed)
    words = ["train", "--resume", str(path), "--steps", "6"]
    assert main(words) == 2
    assert "are not those that" in capsys.readouterr().err
    assert weights(path) == before
    assert main([*words, "--other-data"]) == 0
    assert steps(path)[-1] == 6
    assert main(words) == 0  # from now on these are the data of the run


def test_moved_data_are_the_same_data(images, run, tmp_path):
    """The fingerprint is of contents, but the path is a setting and is named."""
    moved = tmp_path / "moved.npz"
    moved.write_bytes(images.read_bytes())
    with pytest.raises(UserError, match=r"data\.data: .* -> .*moved\.npz"):
        trained(run, moved, checkpoint_every=2, resume=True)


def test_averaged_weights_are_saved_apart(images, tmp_path):
    trained(tmp_path / "run", images, ema=0.9)
    checkpoint = newest(tmp_path / "run")
    assert checkpoint.files["weights.safetensors"] != checkpoint.files["average.safetensors"]


def test_an_average_keeps_its_decay():
    nets = torch.nn.ModuleDict({"a": torch.nn.Linear(1, 1, bias=False)})
    nets["a"].weight.data.fill_(1.0)
    average = Average(nets, 0.75)
    nets["a"].weight.data.fill_(5.0)
    average.follow(nets, 1000)
    assert float(average.nets["a"].weight) == 2.0


def test_batches_of_one_image_train_or_are_refused_in_one_line(images, tmp_path):
    try:
        trained(tmp_path / "run", images, batch=1, net={"name": "larsen", "width": 0.03})
    except ValueError as error:
        pytest.fail(str(error))
    except LikenessError:
        pass


def test_every_document_of_a_run_says_its_version(run):
    states = [json.loads(path.read_text()) for path in run.glob("checkpoints/*/state.json")]
    documents = [config.read(run / "config.yaml"), json.loads((run / "data.json").read_text()), *states]
    assert [document["format"] for document in documents] == [1] * 4


def test_a_run_of_another_version_is_refused_in_one_line(run):
    text = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(text.replace("format: 1", "format: 0"))
    with pytest.raises(RunError, match=r"config\.yaml has format version 0, this Likeness reads 1; .*"):
        likeness.load(run)
