"""Every command of the tutorial does what it says, on small images that are made up."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from likeness.explorer.opened import Gallery
from likeness.explorer.server import Server
from support.commands import Likeness, done

TUTORIAL = (Path(__file__).resolve().parents[2] / "docs" / "tutorial.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TUTORIAL, re.S) for line in block.splitlines()]
SMALL = "--net mlp --net.hidden 16 --latent 4 --batch 4 --shift 0"
MADE = {
    "edit": "smiling.png", "project": "me.npz", "directions": "smile.npz", "interpolate": "way.png",
    "traverse": "components.png", "walk": "walk.gif", "neighbours": "neighbours.png",
}  # fmt: skip
"""What is there after some commands."""


def face(folder: Path, name: str, seed: int) -> None:
    """A made-up photograph."""
    noise = np.random.default_rng(seed).integers(0, 255, (5, 6, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((90, 70)).save(folder / name)


def quick(line: str) -> list[str]:
    """A command, with less to do."""
    line = re.sub(r"--size 64", "--size 16", re.sub(r"--minutes (\d)0", r"--steps \1", line))
    return line.split()[1:] + (SMALL.split() if "train vae_gan" in line else [])


def test_every_command_does_what_it_says(
    likeness: Likeness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, count in (("photos", 40), ("smiling", 3), ("serious", 3)):
        Path(folder).mkdir()
        for k in range(count):
            face(Path(folder), f"{k}.jpg", count + k)
    for k, name in enumerate(("me.jpg", "you.jpg")):
        face(tmp_path, name, k)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(Server, "serve_forever", lambda self, poll_interval: None)
    monkeypatch.setattr(Gallery, "prepare", lambda self: None)
    assert len(COMMANDS) > 10
    for line in COMMANDS:
        words = quick(line)
        made = Path(MADE.get(words[0], "runs/photos/report.html"))
        if words[0] in MADE:
            made.unlink(missing_ok=True)
        done(likeness(*words))
        assert made.exists(), line
    assert len(opened) == 2
    names = dict[str, Any]()
    exec("".join(re.findall(r"```python\n(.*?)```", TUTORIAL, re.S)), names)
    assert names["arrays"].shape == (9, 16, 16, 3) and names["arrays"].dtype == np.uint8
