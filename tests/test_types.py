"""What a type checker says of a user's program."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
USER = """
import numpy as np
import torch
from torch.utils.data import TensorDataset

import likeness

images = np.zeros((100, 8, 8, 3), dtype=np.uint8)
tensors = TensorDataset(torch.zeros(100, 3, 8, 8), torch.arange(100))
likeness.train("vae", "runs/y", data=tensors, steps=3)
likeness.train(likeness.VAEGAN(gamma=2), "runs/x", data=images, net=likeness.nets.ResNet(base=64))
photos = likeness.Images("photos/", size=64)
model = likeness.load("runs/x").to("cpu")
x = model.images(["a.png", "b.png"])
q = model.encode(x)
distance = likeness.metric("runs/x", reduction="mean")
loss = distance(model(x), x) + q.kl(model.prior).mean()
loss.backward()
samples = model.sample(16, seed=1, temperature=0.7)
kept = model.arrays(model.decode(q.sample(0) + q.mean))
print(kept.shape, samples.shape, model.classes, model.encoder is None, model.device)
"""
WRONG = """
import likeness

likeness.VAEGAN(gama=2)
reveal_type(likeness.load("p").encode(likeness.load("p").sample(3)))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What pyright, strict, says of two programs, by the name of the program."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "user.py").write_text(USER)
    (folder / "wrong.py").write_text(WRONG)
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(SOURCE)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    words = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    made = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=200)
    found: dict[str, list[dict[str, Any]]] = {"user": [], "wrong": []}
    for one in json.loads(made.stdout)["generalDiagnostics"]:
        found[Path(one["file"]).stem].append(one)
    return found


def test_a_program_of_the_usual_kind_is_all_known(said: dict[str, list[dict[str, Any]]]) -> None:
    assert said["user"] == []


def test_a_setting_that_is_none_is_an_error_and_codes_are_a_posterior(
    said: dict[str, list[dict[str, Any]]],
) -> None:
    messages = {one["severity"]: one["message"] for one in said["wrong"]}
    assert messages["error"] == 'No parameter named "gama"'
    assert messages["information"].endswith('is "Posterior"') and len(said["wrong"]) == 2
