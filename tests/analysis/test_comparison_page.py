"""What is advised follows from the numbers of a comparison."""

import csv
import re
from pathlib import Path

import pytest

from likeness.analysis.comparison import TrainedMethod
from likeness.analysis.comparison_page import advice, cautions, write
from likeness.intervals import Interval
from likeness.runs.run import Run
from support.small_runs import Known, Models


def trained(method: str, seed: int = 0, **numbers: tuple[float, float, float]) -> TrainedMethod:
    """One that was measured: mean, lower and upper end of each number."""
    named = {name: Interval(mean, low, high, 100) for name, (mean, low, high) in numbers.items()}
    return TrainedMethod(method, seed, Run(Path("nowhere")), named)


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


def test_a_number_that_one_method_has_alone_is_no_reason_to_choose_it() -> None:
    assert advice([trained("vae", ssim=(0.9, 0.8, 1.0)), trained("gan")]) == []


def test_each_caution_is_said_once() -> None:
    runs = [
        TrainedMethod("ae", seed, Run(Path("nowhere")), {}, said)
        for seed, said in enumerate((["a", "b"], ["b"]))
    ]
    assert cautions(runs) == ["Take care: a.", "Take care: b."]


def test_every_number_is_a_row_of_the_file_and_a_cell_of_the_page(
    known: Known, models: Models, tmp_path: Path
) -> None:
    other, number = (
        models(),
        {"pixel_mse": Interval(0.25, 0.125, 0.5, 4), "ssim": Interval(0.5, 0.4, 0.6, 4)},
    )
    found = [
        TrainedMethod("vae_gan", 0, Run(known.path), number, ["4 < 5 images"]),
        TrainedMethod("vae", 1, Run(other.path), {"pixel_mse": Interval(1500.0, 1400.0, 1600.0, 2)}),
    ]
    page = write(found, tmp_path, "test").read_text()
    with (tmp_path / "compare.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    said = [(row["method"], row["seed"], row["number"], float(row["mean"]), row["images"]) for row in rows]
    assert said == [
        ("vae_gan", "0", "pixel_mse", 0.25, "4"), ("vae_gan", "0", "ssim", 0.5, "4"),
        ("vae", "1", "pixel_mse", 1500.0, "2"),
    ]  # fmt: skip
    assert "<title>vae_gan, vae, compared</title>" in page
    assert "<th>vae_gan, seed 0<th>vae, seed 1<th>of" in page
    assert "<td>pixel_mse<td class=n>0.25<small>[0.125, 0.5]</small><td class=n>1500<small>" in page
    assert "<td class=n>2 or 4" in page, "images that a number is of, where they differ"
    assert "Take care: 4 &lt; 5 images." in page and "vae_gan reconstructs nearest in pixels" in page


def test_all_methods_are_seen_and_those_that_encode_reconstruct(
    known: Known, gan: Known, tmp_path: Path
) -> None:
    found = [TrainedMethod("gan", 0, Run(gan.path), {}), TrainedMethod("vae_gan", 0, Run(known.path), {})]
    page = write(found, tmp_path, "train").read_text()
    captions = re.findall(r"<figcaption>([^<]*)</figcaption>", page)
    assert captions == ["From above: images, vae_gan, seed 0", "From above: gan, seed 0, vae_gan, seed 0"]
    assert page.count("data:image/png") == 2 and "http" not in page
