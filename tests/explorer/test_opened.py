"""The runs that are explored: what each can, and what is made when it is first asked for."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from likeness.analysis.directions import Directions
from likeness.errors import UserError
from likeness.explorer.opened import Gallery, Once, Opened, code_tensor
from likeness.explorer.server import Server
from likeness.models.autoencoder import Autoencoder
from support.explorer import ASKING, BLIND, JUDGED, WIDE, Ask


def test_a_value_is_made_once_however_many_ask_at_once() -> None:
    made: list[int] = []

    def make() -> object:
        made.append(1)
        time.sleep(0.02)
        return object()

    once, found = Once(make), list[object]()
    threads = [threading.Thread(target=lambda: found.append(once())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1] and len(found) == 8 and len(set(map(id, found))) == 1


def test_a_failure_is_not_kept() -> None:
    answers = iter([UserError("not yet; wait"), "made"])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(make)
    with pytest.raises(UserError, match="not yet"):
        once()
    assert once() == once() == "made"


def test_what_a_run_can_is_what_its_method_has(server: Server) -> None:
    found = {
        number: (one.has_encoder, one.has_discriminator, one.classes, one.asks)
        for number, one in enumerate(server.gallery.opened)
    }
    assert found == {
        JUDGED: (True, True, 0, False),
        ASKING: (True, False, 10, True),
        BLIND: (False, True, 0, False),
        WIDE: (True, True, 0, False),
    }


@pytest.mark.parametrize("number", [-1, 4])
def test_a_run_that_is_not_open_is_refused(number: int, server: Server) -> None:
    with pytest.raises(UserError, match=f"there is no run {number}; 4 are open, from 0"):
        server.gallery[number]


def test_what_is_no_run_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run"):
        Gallery([str(tmp_path)])


def test_directions_of_a_file_are_those_of_the_first_run_alone(runs: list[Path], tmp_path: Path) -> None:
    one = torch.tensor([[1.0, 2.0, 3.0]])
    file = Directions(("mine",), one, one, one).write(tmp_path / "d.npz")
    gallery = Gallery([str(runs[JUDGED]), str(runs[JUDGED])], str(file))
    assert gallery[0].directions().names == ("mine",)
    assert gallery[1].directions().names == tuple("0123456789")
    torch.testing.assert_close(gallery[0].move({"mine": 2.0}, False), torch.tensor([2.0, 4.0, 6.0]))


def test_a_run_without_encoder_has_dimensions_alone(server: Server) -> None:
    blind = server.gallery[BLIND]
    assert blind.directions().all_names() == ["dimension-0", "dimension-1", "dimension-2"]


def test_dimensions_are_moved_along_where_data_teach_no_directions(
    ask: Ask, model: Autoencoder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise UserError("the data are gone; bring them back")

    monkeypatch.setattr(server.gallery[JUDGED], "directions", gone)
    z = model.sample_codes(1)
    found = ask("edit", run=JUDGED, code=z[0].tolist(), add={"dimension-1": 2.0}).said
    np.testing.assert_allclose(found["codes"], z + torch.tensor([0.0, 2.0, 0.0]), atol=2e-6)
    assert "no direction '3'" in ask("edit", run=JUDGED, code=z[0].tolist(), add={"3": 1.0}).said["error"]


def test_what_takes_long_is_made_beforehand_and_what_fails_fails_again_when_asked_for(
    runs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = Gallery([str(runs[BLIND]), str(runs[JUDGED])])
    asked: list[str] = []

    def gone() -> None:
        asked.append("data_sample")
        raise UserError("the data are gone; bring them back")

    monkeypatch.setattr(gallery[0], "data_sample", gone)
    gallery.prepare()
    assert asked == ["data_sample"]
    monkeypatch.setattr("likeness.analysis.directions.directions_of_data", lambda *given, **named: 1 / 0)
    assert len(gallery[1].directions().names) == 10, "it was there already"
    with pytest.raises(UserError, match="the data are gone"):
        gallery[0].data_sample()


def test_codes_of_the_atlas_are_points_of_the_plane_made_once(server: Server) -> None:
    opened: Opened = server.gallery[WIDE]
    assert opened.plane("pca") is opened.plane("pca")
    assert opened.plane("pca").points.shape == (len(opened.data_sample().names), 2)


def test_a_code_is_one_row_of_floats() -> None:
    z = code_tensor([1.0, 2.5, -3.0])
    assert z.dtype == torch.float32 and z.tolist() == [[1.0, 2.5, -3.0]]
