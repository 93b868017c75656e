"""What the page is answered is what Python says."""

import base64
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import likeness
from likeness.explorer.server import Server
from likeness.models.autoencoder import Autoencoder
from likeness.shapes import Images
from support.explorer import ASKING, BLIND, FIRST, JUDGED, STEPS, WIDE, Ask, encoded, same, upload


@pytest.fixture
def first(server: Server, model: Autoencoder) -> Images:
    """The first image of its sample."""
    return server.gallery[JUDGED].data_sample().images(model, [0])


def test_what_is_open_is_said(ask: Ask, runs: list[Path]) -> None:
    found = ask("runs").said["runs"]
    assert [one["path"] for one in found] == [str(run) for run in runs]
    assert [one["coding"] for one in found] == [True, True, False, True]
    assert [one["asks"] for one in found] == [False, True, False, False]
    assert found[WIDE]["shape"] == [3, 6, 5] and found[WIDE]["dtype"] == "uint16"


def test_an_image_is_encoded_decoded_and_measured(ask: Ask, model: Autoencoder, first: Images) -> None:
    found = ask("look", run=JUDGED, source=FIRST).said
    z = model.encode(first).mean
    made = model.decode(z).clamp(-1, 1)
    np.testing.assert_allclose(found["code"], z[0], atol=2e-6)
    assert same(found["original"], first) and same(found["made"], made)
    assert found["pixels"]["mse"] == pytest.approx(float((made - first).square().mean()), rel=1e-4)
    assert found["pixels"]["most"] == pytest.approx(float((made - first).abs().max()) / 2, rel=1e-4)
    metric = likeness.metric(model_path(ask))
    assert found["learned"]["distance"] == pytest.approx(float(metric(first, made)), rel=1e-3)


def model_path(ask: Ask) -> str:
    """Where the first run is."""
    return ask("runs").said["runs"][JUDGED]["path"]


def test_sliders_move_the_code_along_directions(ask: Ask, model: Autoencoder, server: Server) -> None:
    z, known = model.sample_codes(1), server.gallery[JUDGED].directions()
    add = {"3": 1.5, "component-1": -2.0, "dimension-2": 0.5}
    found = ask("edit", run=JUDGED, code=z[0].tolist(), add=add).said
    move = 1.5 * known.plain[3] - 2 * known.components[1] + torch.tensor([0, 0, 0.5])
    np.testing.assert_allclose(found["codes"], z + move, atol=2e-6)
    assert same(found["pictures"][0], model.decode(z + move))


def test_samples_are_those_of_the_seed_however_many_ask(ask: Ask, model: Autoencoder) -> None:
    expected = [model.sample_codes(5, seed, 0.5).numpy() for seed in range(8)]
    with ThreadPoolExecutor(8) as several:
        found = list(
            several.map(lambda s: ask("samples", run=JUDGED, n=5, seed=s, temperature=0.5).said, range(8))
        )
    for made, codes in zip(found, expected):
        np.testing.assert_allclose(made["codes"], codes, atol=2e-6)


def test_the_way_between_two_codes_has_both_ends(ask: Ask, model: Autoencoder) -> None:
    a, b = model.sample_codes(2)
    ends = {"run": JUDGED, "a": a.tolist(), "b": b.tolist(), "way": "spherical"}
    found = ask("between", **ends, every=50).said["codes"]
    np.testing.assert_allclose(found[::2], torch.stack([a, b]), atol=2e-6)
    assert ask("between", **ends, at=50).said["codes"][0] == found[1]


def test_a_box_of_the_plane_is_decoded_from_its_corners(ask: Ask, server: Server) -> None:
    shown = server.gallery[JUDGED].plane("pca")
    points = ask("plane", run=JUDGED, by="pca").said["points"]
    np.testing.assert_allclose(points, shown.points, atol=2e-6)
    codes = server.gallery[JUDGED].data_sample().require_codes()
    assert shown.axes is not None and shown.share is not None and 0 < shown.share <= 1
    origin, right, up = shown.axes
    np.testing.assert_allclose((codes - origin) @ right, shown.points[:, 0], atol=1e-4)
    said = ask("region", run=JUDGED, by="pca", box=[-1, -2, 1, 2], side=3).said
    found = torch.tensor(said["codes"])
    torch.testing.assert_close(found[0], origin - right + 2 * up, atol=1e-5, rtol=0)
    torch.testing.assert_close(found[8], origin + right - 2 * up, atol=1e-5, rtol=0)


def test_umap_draws_where_it_is_installed_and_is_refused_where_not(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    refused = ask("plane", run=JUDGED, by="umap")
    assert refused.status == 422 and "UMAP is not installed; " in refused.said["error"]

    class Drawn:
        class UMAP:
            def __init__(self, random_state: int) -> None: ...

            def fit_transform(self, codes: np.ndarray) -> np.ndarray:
                return codes[:, :2].astype(np.float64)

    monkeypatch.setitem(sys.modules, "umap", Drawn)
    codes = server.gallery[JUDGED].data_sample().require_codes()
    points = ask("plane", run=JUDGED, by="umap").said["points"]
    np.testing.assert_allclose(points, codes[:, :2], atol=2e-6)
    box = [*codes[:, :2].min(0).values.tolist(), *codes[:, :2].max(0).values.tolist()]
    found = ask("region", run=JUDGED, by="umap", box=box, side=4).said["codes"]
    np.testing.assert_allclose(found, codes[:16], atol=2e-6)
    nowhere = ask("region", run=JUDGED, by="umap", box=[90, 90, 91, 91])
    assert nowhere.status == 422 and "no point is in this region" in nowhere.said["error"]


def test_the_nearest_image_is_the_image_itself(ask: Ask) -> None:
    found = ask("neighbours", run=JUDGED, source={**FIRST, "index": 7}, k=3).said
    for kind in ("pixels", "learned"):
        assert found[kind]["rows"][0] == 7
        assert found[kind]["distances"][0] == pytest.approx(0, abs=1e-6)
        assert found[kind]["distances"] == sorted(found[kind]["distances"])


def test_a_projected_code_is_nearer_than_the_encoders(ask: Ask) -> None:
    before = ask("look", run=JUDGED, source=FIRST).said
    after = ask("project", run=JUDGED, source=FIRST, steps=300).said

    def error(found: dict[str, Any]) -> float:
        return found["pixels"]["mse"] + found["learned"]["distance"]

    assert error(after) < 0.99 * error(before)


def test_an_image_without_class_is_asked_for_it_and_restyled_without(ask: Ask) -> None:
    file = upload("a.png", encoded(np.arange(64, dtype=np.uint8).reshape(8, 8), "PNG"))
    assert "code" not in ask("look", run=ASKING, source=file).said
    told = ask("look", run=ASKING, source=file | {"label": 4}).said
    assert told["code"][3:] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    styled = ask("restyle", run=ASKING, source=file).said
    assert np.array(styled["codes"])[:, 3:].tolist() == np.eye(10).tolist()
    assert len({tuple(code[:3]) for code in styled["codes"]}) == 1


def test_an_image_of_a_run_without_encoder_has_a_code_once_it_is_projected(ask: Ask) -> None:
    assert "code" not in ask("look", run=BLIND, source=FIRST).said
    assert len(ask("project", run=BLIND, source=FIRST, steps=2).said["code"]) == 3


def test_codes_are_kept_as_the_commands_take_them(ask: Ask, model: Autoencoder, tmp_path: Path) -> None:
    from likeness.models.code_files import read_codes

    z = model.sample_codes(1, 3)
    source = {"kind": "code", "run": JUDGED, "code": z[0].tolist()}
    content = ask("file", run=JUDGED, source=source, kind="code").said["content"]
    (tmp_path / "code.npz").write_bytes(base64.b64decode(content))
    torch.testing.assert_close(read_codes(tmp_path / "code.npz"), z)


def test_curves_and_pictures_of_training_are_those_of_the_run(ask: Ask, server: Server, send: Ask) -> None:
    found = ask("training", run=JUDGED).said
    run = server.gallery[JUDGED].run
    assert found["pictures"] == sorted(path.name for path in run.pictures.iterdir())
    assert found["curves"]["gan"][-1] == [STEPS, run.newest()["gan"]]
    for name in found["pictures"]:
        assert send("GET", f"/runs/{JUDGED}/pictures/{name}").content == (run.pictures / name).read_bytes()
