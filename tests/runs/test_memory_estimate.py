"""What a training would take, before anything is written."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import likeness
from likeness.errors import UserError
from likeness.runs import memory_estimate
from likeness.runs.memory_estimate import USABLE_SHARE, MemoryEstimate, estimate_memory
from likeness.training.step_memory import StepMemory
from support.small_runs import configured


def test_the_largest_batch_is_the_last_that_fits_into_its_share_of_the_memory() -> None:
    """Of two moments the worse one counts: 100 + 8 n bytes, from n = 25 on 4 n + 200."""
    need = StepMemory(np.array([200.0, 100.0]), np.array([4.0, 8.0]))
    for device, share in (("cpu", USABLE_SHARE["cpu"]), ("cuda", 0.9)):
        found = MemoryEstimate({}, 32, 4, need, room=1000.0, device=device).largest_batch
        assert need.at_batch(found) <= share * 1000 < need.at_batch(found + 1)
    assert MemoryEstimate({}, 32, 4, need, room=100.0, device="cpu").largest_batch == 0


def test_a_forecast_counts_players_images_and_steps(images: Path, judged: Path, tmp_path: Path) -> None:
    """And writes nothing."""
    found = estimate_memory(configured(images, "gan"), gib=2.0)
    nets = likeness.load(judged).nets
    assert found.parameters == {k: sum(p.numel() for p in nets[k].parameters()) for k in nets}
    assert (found.images, found.total, found.device) == (32, 4, "cpu")
    assert estimate_memory(configured(images, "gan", steps=None, minutes=1.0), gib=2.0).total is None
    assert not list(tmp_path.iterdir())


def test_more_memory_is_room_for_larger_batches(images: Path) -> None:
    little, much = (estimate_memory(configured(images), gib=gib) for gib in (2.0, 4.0))
    assert much.room - little.room == pytest.approx(2 * 2**30, rel=0.01)
    assert 0 < little.largest_batch < much.largest_batch
    np.testing.assert_array_equal(little.need.per_image, much.need.per_image)


def test_a_container_has_as_much_as_the_least_of_what_is_said(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = [tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes", tmp_path / "none"]
    monkeypatch.setattr(memory_estimate, "CONTAINER", tuple(limits))
    room = []
    for of_container in (["max", str(2 * 2**30)], [str(3 * 2**29), str(2**63)]):
        for file, limit in zip(limits, of_container):
            file.write_text(limit + "\n")
        room.append(estimate_memory(configured(images)).room)
    assert room[0] - room[1] == pytest.approx(2**29, rel=0.02)


def test_a_game_in_which_somebody_pauses_is_counted_as_if_nobody_did(images: Path) -> None:
    needs = [
        estimate_memory(configured(images, "gan", balance=balance), gib=2.0).need
        for balance in (True, False)
    ]
    np.testing.assert_array_equal(needs[0].per_image, needs[1].per_image)
    assert needs[0].at_batch(8) == needs[1].at_batch(8)


def test_what_a_training_would_refuse_is_refused(images: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the data have no labels, which this method learns from"):
        estimate_memory(configured(images, "aae_semi"))
    few = configured(images)
    np.savez(tmp_path / "few.npz", images=np.arange(4 * 30, dtype=np.uint8).reshape(4, 6, 5, 1))
    with pytest.raises(UserError, match="train images do not fill a batch of 6"):
        estimate_memory(replace(few, data=replace(few.data, data=str(tmp_path / "few.npz"))))
