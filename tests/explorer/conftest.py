"""Tiny runs that are explored: one with a metric, one that asks for classes, one without encoder, one of 16
bits; the server that serves them, and a way to ask it."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import likeness
from likeness.__main__ import main
from likeness.explorer.opened import Gallery
from likeness.explorer.server import Server
from likeness.models.autoencoder import Autoencoder
from support.explorer import JUDGED, LIVELY, TINY, Ask, Reply, Send


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A VAE/GAN, a supervised adversarial autoencoder and a GAN of digits; a VAE/GAN of 16 bits and three
    channels in the ranges of their own."""
    folder = tmp_path_factory.mktemp("explored")
    noise = np.random.default_rng(0).random((40, 6, 5, 3))
    np.savez(folder / "wide.npz", images=(noise * [1000, 3000, 60000]).astype(np.uint16))
    data = {"vae_gan": "digits", "aae_supervised": "digits", "gan": "digits", "wide": folder / "wide.npz"}
    assert main(["train", "vae", str(folder / "vae"), "--data", "digits", *LIVELY]) == 0
    learned = ["--borrow", "encoder", str(folder / "vae"), "--borrow", "decoder", str(folder / "vae")]
    more = {
        "vae_gan": [*learned, "--net.hidden", "64", "--lr", "1e-5"],
        "aae_supervised": ["--steps", "60", "--lr", "0.01"],
        "wide": ["--net.hidden", "64", "--steps", "150", "--lr", "0.01", "--beta", "0.01"],
    }
    for name, images in data.items():
        method = "vae_gan" if name == "wide" else name
        words = [*TINY, *more.get(name, [])]
        assert main(["train", method, str(folder / name), "--data", str(images), *words]) == 0
    return [folder / name for name in data]


@pytest.fixture(scope="session")
def model(runs: list[Path]) -> Autoencoder:
    """The VAE/GAN of digits."""
    return likeness.load(runs[JUDGED])


@pytest.fixture(scope="session")
def server(runs: list[Path]) -> Iterator[Server]:
    """All of them, served."""
    with Server(Gallery([str(run) for run in runs])) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield served
        served.shutdown()


@pytest.fixture
def send(server: Server) -> Send:
    """Send a request as it is."""

    def give(method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        reply = connection.getresponse()
        return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())

    return give


@pytest.fixture
def ask(send: Send) -> Ask:
    """Ask a question."""

    def give(question: str, **said: Any) -> Reply:
        return send("POST", f"/api/{question}", json.dumps(said).encode(), Content_Type="application/json")

    return give
