"""What `likeness train` refuses: each in one line, and no run is made."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import likeness as package
from support.commands import DIGITS, TINY, Likeness, done, refused
from support.small_runs import weights


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to give commands in, with data that cannot be trained on."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    np.save("constant.npy", np.full((40, 6, 5, 1), 7, np.uint8))
    images = rng.integers(0, 255, (40, 6, 5)).astype("u1")
    np.savez("labels.npz", images=images, labels=np.arange(39))
    Path("single").mkdir()
    Image.fromarray(images[0]).save("single/only.png")
    Path("full").mkdir()
    Path("full/notes.txt").write_text("mine")
    return tmp_path


WORDS = [
    ("vea run --data digits", "'vea' is not among the objectives; did you mean vae"),
    ("vae run --data digit", "there are no data 'digit'; did you mean digits?"),
    ("vae run --data digits --latnt 3", "'--latnt' is not understood; did you mean --latent"),
    ("vae run --data digits --net lenet", "'lenet' is not among the nets; did you mean"),
    ("vae run --data digits --preset defalt", "did you mean default"),
    ("vae run --data digits --latent -3", "objective.code.latent is '-3'; "),
    ("vae run --data digits --lr nan", "training.lr is 'nan'; "),
    ("vae run --data digits --optimizer sgd", "training.optimizer is {'name': 'sgd'}; "),
    ("vae run --data digits --rates nobody:1", "vae has no move 'nobody'; "),
    ("vae run --data digits --latent 1000000", "lower --latent"),
    ("vae run", "data.data is {}; field required"),
    ("vae", "no method and run directory; write"),
    ("vae_gan run --data digits --layers conv9", "the discriminator has no layer 'conv9'; "),
    ("vae run --data single", "1 image(s) are too few; give at least 4"),
    ("vae run --data constant.npy", "constant images"),
    ("vae run --data labels.npz", "labels.npz has 40 images, but labels has shape (39,); "),
    ("vae full --data digits", "full is not empty, or not a directory; choose another"),
    ("--resume nowhere", "nowhere is not a run"),
    ("../vae x --data digits", "'../vae' is not among the objectives; "),
    ("_latent x --data digits", "'_latent' is not among the objectives; "),
]


@pytest.mark.parametrize(("line", "message"), WORDS)
def test_what_cannot_be_trained_is_said_in_one_line(
    line: str, message: str, likeness: Likeness, bad: Path
) -> None:
    assert message in refused(likeness("train", *line.split()))
    assert not list(bad.rglob("config.yaml"))
    assert (bad / "full" / "notes.txt").read_text() == "mine"


NO_LENGTH = "input should be greater than or equal to 1"
SETTINGS = [
    (["--steps", "0"], f"training.steps is '0'; {NO_LENGTH}"),
    (["--steps", "-1"], f"training.steps is '-1'; {NO_LENGTH}"),
    (["--steps", "1.5"], "training.steps is '1.5'; "),
    (["--steps", ""], "training.steps is ''; "),
    (["--steps", "4", "--epochs", "1"], "steps and epochs are both given; keep one"),
    (["--batch", "0"], f"training.batch is '0'; {NO_LENGTH}"),
    (["--batch", "100000"], "1437 train images do not fill a batch of 100000; "),
    (["--lr", "-1"], "training.lr is '-1'; "),
    (["--lr", "1e999"], "training.lr is '1e999'; "),
    (["--beta", "-1"], "objective.beta is '-1'; "),
    (["--beta"], "--beta needs a value; see `likeness train --help`"),
    (["--seed", "99999999999999999999999"], "training.seed is '99999999999999999999999'; "),
    (["--rates", "encoder:x"], "training.rates.encoder is 'x'; "),
    (["--size", "-4"], "'-4' is not a size; write 64, or 48x64"),
    (["--data.channels", "9"], "there is no channel 9; "),
    (["--device", "toaster"], "device 'toaster' cannot be used"),
    (["--optimizer.beta1", "1.5"], "training.optimizer.beta1 is '1.5'; "),
    (
        ["--optimizer.beta3", "0"],
        "is 'adam', which has no setting 'beta3'; did you mean beta",
    ),
    (["--validation", "0.9", "--test", "0.9"], "leave none for train; "),
    (["--net.hidden", "999999"], "lower --latent, --size or the width of --net"),
    (["--borrow", "nobody", "gan"], "this method has no nobody; choose one of encoder, decoder"),
    (["--borrow", "decoder", "nowhere"], "nowhere is not a run: "),
    (["--data", ""], "--data is empty; name a file"),
    (["--preset", "."], "'.' is neither a preset nor a file; choose one of default"),
    (["more"], "'more' is not understood; see `likeness train --help`"),
    (["--Flip"], "'--Flip' is not understood; did you mean --flip"),
    (["--without", "one"], "no image has the label 'one'; there are 0, 1, 2"),
]


@pytest.mark.parametrize(("words", "message"), SETTINGS)
def test_a_training_with_odd_settings_is_refused_and_makes_no_run(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("train", "vae", "made", *DIGITS, *words))
    assert not (place / "made" / "config.yaml").exists()


SAMPLERS = {
    "wide": "import numpy as np\ndef sample(n, dim): return np.zeros((n, dim + 1))\n",
    "nan": "import numpy as np\ndef sample(n, dim): return np.full((n, dim), np.nan)\n",
    "words": "def sample(n, dim): return 'codes'\n",
    "none": "def draw(n, dim): return 0\n",
    "broken": "def sample(n, dim) return 0\n",
}
"""What can be wrong with a sampler of a user's own."""


@pytest.fixture
def latent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with images with labels 0 to 11, images without any, codes, and samplers."""
    monkeypatch.chdir(tmp_path)
    images = np.random.default_rng(0).integers(0, 255, (60, 6, 5)).astype("u1")
    np.savez("twelve.npz", images=images, labels=np.arange(60) % 12)
    np.savez("none.npz", images=images)
    np.save("codes.npy", np.zeros((5, 4), np.float32))
    for name, body in SAMPLERS.items():
        Path(f"{name}.py").write_text(body)
    return tmp_path


SAMPLER = "aae --data digits --prior sampler"
PRODUCT = "aae --data digits --prior product"
PRIORS = [
    ("aae_semi --data twelve.npz", "there is a label 11, --classes is 10; make it 12"),
    ("aae_semi --data twelve.npz --classes 13", "class 12 has no labelled image"),
    ("aae_supervised --data none.npz", "the data have no labels"),
    ("aae_semi --data none.npz --labels 20", "the data have no labels"),
    ("aae_semi --data digits --labels 90000", "--labels 90000 needs"),
    ("aae_semi --data digits --labels 3", "--labels 3 leaves a class of 10 without one"),
    ("aae --data digits --prior petals", "petals lies in the plane, --latent is 3"),
    ("aae --data digits --prior empirical", "cannot be read as .npy"),
    ("aae --data digits --prior empirical --prior.file codes.npy", "has 4 dimensions"),
    ("aae_cluster --data digits --classes 9", "9 clusters are more than the 8 images of a batch"),
    ("vae --data digits --prior swiss_roll", "objective.prior is {'name': 'swiss_roll'}; "),
    (SAMPLER, "'' is no file"),
    (f"{SAMPLER} --prior.program wide.py", "of wide.py returns (200000, 4); return (200000, 3)"),
    (f"{SAMPLER} --prior.program nan.py", "of nan.py returns values that are not finite"),
    (f"{SAMPLER} --prior.program words.py", "words.py fails (TypeError"),
    (f"{SAMPLER} --prior.program none.py", "none.py defines no sample(n, dim)"),
    (f"{SAMPLER} --prior.program broken.py", "broken.py fails (SyntaxError"),
    (PRODUCT, "have no dimensions, --latent is 3"),
    (f"{PRODUCT} --prior.factors normal:2,uniform:2", "have 2 + 2 dimensions, --latent is 3"),
    (f"{PRODUCT} --prior.factors normal:1,gaussian:2", "factors.1.prior is 'gaussian'; "),
    (f"{PRODUCT} --prior.factors normal", "objective.prior.factors.0.dims is ''; "),
]


@pytest.mark.parametrize(("line", "message"), PRIORS)
def test_classes_and_priors_that_do_not_fit_are_said_in_one_line(
    line: str, message: str, likeness: Likeness, latent: Path
) -> None:
    method, *words = line.split()
    assert message in refused(likeness("train", method, "run", *words, *TINY))
    assert not (latent / "run" / "config.yaml").exists()


MARKED = "--data marked.npz"
ATTRIBUTES = [
    (f"vae x {MARKED} --condition darc", "there is no column 'darc'; did you mean dark?"),
    (
        "vae x --data bare.npz --condition dark,striped",
        "no column 'dark'; the data have no columns",
    ),
    (f"vae_dis_l x {MARKED} --borrow discriminator gan", "than this training (none); train both"),
]


@pytest.mark.parametrize(("line", "message"), ATTRIBUTES)
def test_conditions_that_there_are_not_are_said_in_one_line(
    line: str, message: str, likeness: Likeness, marked: Path
) -> None:
    assert message in refused(likeness("train", *line.split(), *TINY))
    assert not (marked / "x" / "config.yaml").exists()


def test_a_run_that_exists_is_refused_with_the_remedy(likeness: Likeness, gan: Path) -> None:
    line = refused(likeness("train", "gan", gan, *DIGITS))
    assert f"continue it with `likeness train --resume {gan}`" in line


DIFFERING = [
    ("--resume run --net.hidden 8", "net.hidden: 16 -> 8"),
    ("--resume run --gamma 2", "objective.gamma: 1.0 -> 2.0"),
    ("--resume run --latent 5 --lr 1", "objective.code.latent: 3 -> 5; training.lr: 0.0003 -> 1.0"),
    (f"vae gan {' '.join(DIGITS)} --resume", "method: gan -> vae"),
]


@pytest.mark.parametrize(("line", "message"), DIFFERING)
def test_what_differs_is_listed_when_a_run_is_resumed_and_nothing_is_changed(
    line: str, message: str, likeness: Likeness, place: Path
) -> None:
    before = weights(Path("run")), weights(Path("gan"))
    assert message in refused(likeness("train", *line.split()))
    assert (weights(Path("run")), weights(Path("gan"))) == before


def test_a_resumed_run_has_the_same_conditions(likeness: Likeness, marked: Path) -> None:
    shutil.copytree("vae_gan", "copy")
    line = refused(likeness("train", "--resume", "copy", "--condition", "dark"))
    assert "objective.condition: ['dark', 'striped'] -> ['dark']" in line
    done(likeness("train", "--resume", "copy", "--steps", "41"))
    model = package.load("copy")
    assert model.step == 41 and model.conditions.names == ("dark", "striped")


def test_a_list_of_near_files_is_one_line_whatever_their_names(likeness: Likeness, place: Path) -> None:
    (place / "two\nlines").touch()
    assert "there are no data 'zzz'" in refused(likeness("train", "vae", "made", "--data", "zzz", *TINY))
