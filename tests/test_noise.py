"""Random numbers by name: functions of a key, whichever rows are asked for, whoever else draws."""

import random
import threading

import numpy as np
import pytest
import torch
from torch import Tensor

from likeness.noise import (
    BLOCK_SAMPLES,
    MAX_SMALL_SAMPLE,
    FoldedNoise,
    NoiseOnDevice,
    SeededNoise,
    as_noise,
    preserve_generators,
    use_seed,
)

KEY = ("seed", 3)
SMALL, LARGE = (5,), (2, 23, 31)
"""Of one sample: drawn at once with the others of its batch, and in blocks."""


def test_these_samples_are_drawn_in_both_ways() -> None:
    assert torch.Size(SMALL).numel() <= MAX_SMALL_SAMPLE < torch.Size(LARGE).numel()


@pytest.mark.parametrize("kind", ["normal", "uniform"])
@pytest.mark.parametrize("sample", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(("start", "n"), [(0, 29), (0, 3), (8, 8), (7, 2), (11, 13), (28, 1), (5, 0)])
def test_rows_of_a_part_are_those_of_the_whole(
    kind: str, sample: tuple[int, ...], start: int, n: int
) -> None:
    size = 3 * BLOCK_SAMPLES + 5
    whole = SeededNoise(KEY).draw("z", kind, (size, *sample))
    part = SeededNoise(KEY, start=start, size=size).draw("z", kind, (n, *sample))
    assert part.shape == (n, *sample) and torch.equal(part, whole[start : start + n])


@pytest.mark.parametrize("sample", [SMALL, LARGE], ids=["small", "large"])
def test_numbers_are_the_same_whenever_they_are_asked_for(sample: tuple[int, ...]) -> None:
    noise, shape = SeededNoise(KEY), (9, *sample)
    first = noise("z", shape)
    torch.manual_seed(1)
    noise("other", shape)
    assert torch.equal(noise("z", shape), first)
    assert torch.equal(SeededNoise(KEY, torch.device("cpu"))("z", shape), first)


@pytest.mark.parametrize("sample", [(600,), LARGE], ids=["small", "large"])
def test_another_name_another_key_and_another_use_are_other_numbers(sample: tuple[int, ...]) -> None:
    noise, shape = SeededNoise(KEY), (4, *sample)
    drawn = [
        noise("z", shape), noise("z_p", shape), SeededNoise(("seed", 4))("z", shape),
        noise.of("z")("z", shape),
        noise.of("a")("z", shape), noise.of("b")("z", shape), noise.of("a").of("b")("z", shape),
        noise.of("b").of("a")("z", shape), 2 * noise.uniform("u", shape) - 1,
    ]  # fmt: skip
    related = torch.corrcoef(torch.stack(drawn).flatten(1)) - torch.eye(len(drawn))
    assert related.abs().max() < 5 / (4 * torch.Size(sample).numel()) ** 0.5  # five standard errors


def test_blocks_of_large_samples_are_other_numbers_and_no_two_samples_are_alike() -> None:
    drawn = SeededNoise(KEY)("z", (3 * BLOCK_SAMPLES, *LARGE)).flatten(1)
    related = torch.corrcoef(drawn) - torch.eye(3 * BLOCK_SAMPLES)
    assert related.abs().max() < 6 / drawn.shape[1] ** 0.5


@pytest.mark.parametrize("sample", [(1000,), LARGE], ids=["small", "large"])
def test_numbers_have_the_moments_of_their_kind(sample: tuple[int, ...]) -> None:
    noise, shape = SeededNoise(KEY), (100, *sample)
    few = (100 * torch.Size(sample).numel()) ** -0.5
    normal, uniform = noise("z", shape), noise.uniform("u", shape)
    for power, moment, spread in ((1, 0, 1), (2, 1, 2**0.5), (3, 0, 15**0.5), (4, 3, 96**0.5)):
        assert abs(float((normal**power).mean()) - moment) < 4 * spread * few
    for power in (1, 2, 3):
        assert abs(float((uniform**power).mean()) - 1 / (power + 1)) < 4 * 0.3 * few
    assert uniform.min() >= 0 and uniform.max() < 1


def test_whole_numbers_are_all_as_likely_and_those_of_a_part_are_those_of_the_whole() -> None:
    drawn = SeededNoise(KEY).integers("class", 7, 70_000)
    assert drawn.dtype == torch.int64 and drawn.unique().tolist() == list(range(7))
    assert (drawn.bincount() / 10_000 - 1).abs().max() < 0.04  # four standard errors
    part = SeededNoise(KEY, start=123, size=70_000).integers("class", 7, 45)
    assert torch.equal(part, drawn[123:168])
    assert SeededNoise(KEY).integers("class", 1, 9).tolist() == [0] * 9


def test_a_source_with_several_rows_for_each_sample_gives_them_sample_by_sample() -> None:
    """So that a process has the places of its own maps."""
    whole = FoldedNoise(SeededNoise(KEY), 6)("z", (4 * 6, 3))
    assert torch.equal(whole, SeededNoise(KEY)("z", (4, 6, 3)).flatten(0, 1))
    part = FoldedNoise(SeededNoise(KEY, start=1, size=4), 6)("z", (2 * 6, 3))
    assert torch.equal(part, whole[6:18])
    assert torch.equal(
        FoldedNoise(SeededNoise(KEY), 6).of("a")("z", (6, 3)), SeededNoise(KEY).of("a")("z", (1, 6, 3))[0]
    )


def test_precision_is_that_of_new_tensors(double: None) -> None:
    assert SeededNoise(KEY)("z", (3, 2)).dtype == torch.float64


def test_nothing_is_drawn_from_anybody_elses_numbers() -> None:
    torch.manual_seed(5)
    plain = torch.rand(2)
    torch.manual_seed(5)
    SeededNoise(KEY)("z", (3, *LARGE))
    assert torch.equal(torch.rand(2), plain)


def test_a_seed_gives_the_same_numbers_and_the_callers_go_on() -> None:
    torch.manual_seed(5)
    plain = torch.rand(2)
    torch.manual_seed(5)
    first = torch.rand(1)
    with use_seed(3):
        one = torch.rand(4)
    with use_seed(3):
        other = torch.rand(4)
    assert torch.equal(one, other)
    assert torch.equal(torch.cat([first, torch.rand(1)]), plain)


def test_threads_do_not_draw_from_one_anothers_numbers() -> None:
    def drawn(seed: int) -> Tensor:
        with use_seed(seed):
            return torch.cat([torch.rand(1) for _ in range(50)])

    alone = [drawn(seed) for seed in range(4)]
    same: list[bool] = []

    def again(seed: int) -> None:
        same.extend(torch.equal(drawn(seed), alone[seed]) for _ in range(30))

    threads = [threading.Thread(target=again, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(same) == 120 and all(same)


def test_what_is_drawn_within_leaves_every_generator_as_it_was() -> None:
    def drawn() -> tuple[float, float, float]:
        return float(torch.rand(())), float(np.random.rand()), random.random()

    for seed in (torch.manual_seed, np.random.seed, random.seed):
        seed(0)
    with pytest.raises(ZeroDivisionError), preserve_generators():
        first = drawn()
        raise ZeroDivisionError
    assert drawn() == first


def test_numbers_that_are_placed_are_those_of_their_source() -> None:
    source, there = SeededNoise((3,)), NoiseOnDevice(SeededNoise((3,)), torch.device("meta"))
    assert there.of("a").uniform("u", (5,)).device.type == "meta"
    assert torch.equal(
        NoiseOnDevice(source, torch.device("cpu")).of("a")("z", (4, 2)), source.of("a")("z", (4, 2))
    )


def test_a_seed_stands_for_the_noise_of_that_seed_on_the_cpu() -> None:
    assert as_noise(7) == SeededNoise((7,), torch.device("cpu"))
    assert as_noise(source := SeededNoise((1,))) is source
