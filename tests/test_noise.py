"""Random numbers of a seed, whoever else draws."""

import threading

import torch

from likeness.noise import seeded


def test_a_seed_gives_the_same_numbers_and_the_callers_go_on() -> None:
    torch.manual_seed(5)
    plain = torch.rand(2)
    torch.manual_seed(5)
    first = torch.rand(1)
    with seeded(3):
        one = torch.rand(4)
    with seeded(3):
        other = torch.rand(4)
    assert torch.equal(one, other)
    assert torch.equal(torch.cat([first, torch.rand(1)]), plain)


def test_threads_do_not_draw_from_one_anothers_numbers() -> None:
    def drawn(seed: int) -> torch.Tensor:
        with seeded(seed):
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
