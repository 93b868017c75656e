"""`likeness info`: what a run is."""

from pathlib import Path

import pytest

import likeness as package
from likeness.runs.run import Run
from support.commands import Likeness, done, refused


def test_info_says_what_a_run_is(likeness: Likeness, run: Path) -> None:
    said = done(likeness("info", run)).out
    for word in (
        "vae_gan, 4 steps", "(3, 6, 5)", "uint16", "discriminator", "'train': 32", "images_per_second",
    ):  # fmt: skip
        assert word in said


def test_each_network_and_each_newest_number_has_a_line(likeness: Likeness, run: Path) -> None:
    lines = dict(line.split(maxsplit=1) for line in done(likeness("info", run)).out.splitlines())
    for name, network in package.load(run).nets.items():
        assert lines[name] == f"{sum(p.numel() for p in network.parameters()):,} parameters"
    for name, value in Run(run).newest().items():
        assert float(lines[name].replace(",", "")) == pytest.approx(value, rel=1e-4)


def test_a_checkpoint_is_described_as_its_run_is(likeness: Likeness, kept: Path) -> None:
    first = done(likeness("info", kept / "checkpoints" / "step-00000002")).out
    assert "vae_gan, 2 steps" in first and "'train': 1437" in first


REFUSED = [
    (["elsewhere"], "elsewhere is not a run: it has no config.yaml; "),
    (
        ["run/checkpoints/step-00000009"],
        "there is no checkpoint run/checkpoints/step-00000009; did you mean step-00000004?",
    ),
    (["run/pictures"], "run/pictures is not a run: "),
    (["run", "gan"], "'gan' is not understood; see `likeness info --help`"),
    (["two\nlines"], "two lines is not a run"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_is_no_run_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("info", *words))
