"""What is advised follows from the numbers of a comparison."""

from pathlib import Path

import pytest

from likeness.analysis.comparison import Trained
from likeness.analysis.comparison_page import advice
from likeness.intervals import Interval
from likeness.runs.run import Run


def trained(method: str, seed: int = 0, **numbers: tuple[float, float, float]) -> Trained:
    """One that was measured: mean, lower and upper end of each number."""
    named = {name: Interval(mean, low, high, 100) for name, (mean, low, high) in numbers.items()}
    return Trained(method, seed, Run(Path("nowhere")), named)


def test_the_best_is_clear_only_where_intervals_do_not_meet() -> None:
    near = [trained("vae", pixel_mse=(1.0, 0.9, 1.1)), trained("vae_gan", pixel_mse=(1.3, 1.05, 1.5))]
    assert advice(near) == [
        "vae reconstructs nearest in pixels (pixel_mse), though vae_gan may do as well."
    ]
    far = [trained("vae", pixel_mse=(1.0, 0.9, 1.1)), trained("vae_gan", pixel_mse=(1.3, 1.2, 1.5))]
    assert advice(far) == ["vae reconstructs nearest in pixels (pixel_mse), clearly."]


def test_the_best_is_so_over_all_its_seeds_and_more_may_be_better() -> None:
    found = [
        trained("vae", 0, ssim=(0.9, 0.88, 0.92)), trained("vae", 1, ssim=(0.5, 0.48, 0.52)),
        trained("ae", 0, ssim=(0.8, 0.79, 0.81)), trained("ae", 1, ssim=(0.82, 0.81, 0.83)),
    ]  # fmt: skip
    assert advice(found) == ["ae reconstructs most alike in structure (ssim), though vae may do as well."]
    assert advice(found[:2]) == []


@pytest.mark.parametrize(("edges", "said"), [(0.3, "blurs: 30%"), (3.0, "adds texture: 300%")])
def test_blur_and_texture_are_told(edges: float, said: str) -> None:
    one = trained("vae", edges_images=(1, 1, 1), edges_reconstructions=(edges, edges, edges))
    (line,) = advice([one])
    assert said in line


def test_edges_about_as_strong_as_those_of_images_are_not_worth_a_line() -> None:
    one = trained("vae", edges_images=(1, 1, 1), edges_reconstructions=(1.2, 1.2, 1.2))
    assert advice([one]) == []
