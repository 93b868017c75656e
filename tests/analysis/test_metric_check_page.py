"""What is said of a metric follows from the numbers."""

import json
from dataclasses import replace
from pathlib import Path

from likeness.analysis.metric_check import AGREEMENT, Drift, MetricCheck
from likeness.analysis.metric_check_page import sentences, write
from likeness.intervals import Interval
from support.made_images import smooth


def found(ranks: dict[str, float], **answers: tuple[float, float]) -> MetricCheck:
    """Answers of a learned metric and of pixels, and drift between two checkpoints."""
    both = {
        q.replace("_", " "): {
            name: Interval(v, v - 0.05, v + 0.05, 100) for name, v in zip(("learned", "L1"), two)
        }
        for q, two in answers.items()
    }
    drift = [Drift(kind, step, rank, {}) for kind, r in ranks.items() for step, rank in ((5, r), (9, 1.0))]
    return MetricCheck(both, {}, drift, 100)


def test_what_is_said_follows_from_the_numbers() -> None:
    lines = sentences(
        found({"as trained": 0.7}, prefers_a=(0.9, 0.5), prefers_b=(0.5, 0.9), grows_with_c=(0.5, 1))
    )
    assert "better than the best of the others (L1, 0.500" in lines[0]
    assert "worse than the best" in lines[1]
    assert lines[2] == "It does not grow steadily with c (0.50)."
    assert lines[3] == "From step 5 to 9 pairs keep their ranks by 0.700 with weights as trained."
    assert "average its weights (--ema 0.999)" in lines[4]
    both = sentences(
        found({"as trained": 0.7, "averaged": 0.96}, prefers_a=(0.9, 0.88), grows_with_c=(0.95, 1))
    )
    assert "about as the best" in both[0] and both[1] == "It grows with every distortion."
    assert not any("--ema" in line for line in both)


def test_a_seed_that_ranks_pairs_otherwise_is_named() -> None:
    far = {AGREEMENT: {"runs/b": Interval(0.9, 0.8, 0.94, 100), "runs/c": Interval(0.99, 0.98, 1.0, 100)}}
    lines = sentences(MetricCheck(far, {}, [], 100))
    assert [line for line in lines if "ranks pairs otherwise" in line] == [
        "runs/b ranks pairs otherwise (0.900 [0.800, 0.940]): what is near depends on the seed."
    ]


def test_one_checkpoint_says_nothing_of_drift(tmp_path: Path) -> None:
    one = replace(found({"as trained": 0.7}), drift=[Drift("as trained", 5, 1.0, {})])
    assert not any("pairs keep their ranks" in line for line in sentences(one))
    page = write(one, tmp_path, "a title").read_text()
    assert "One checkpoint is kept; train with a larger --keep to see drift." in page and "<svg" not in page


def test_all_that_was_found_is_in_the_document_and_on_the_page(tmp_path: Path) -> None:
    drift = [Drift("as trained", step, rank, {"noise": 0.5 * step}) for step, rank in ((2, 0.5), (4, 1.0))]
    nearest = {"learned": smooth(2 * 6, 8)[:, :1], "L1": smooth(2 * 6, 8)[:, :1]}
    answers = {AGREEMENT: {"runs/<b>": Interval(0.99, 0.98, 1.0, 1300)}}
    both = found({}, prefers_a=(0.9, 0.5)).answers | answers
    checked = MetricCheck(both, nearest, drift, 24)
    page = write(checked, tmp_path / "new" / "out", "the metric of <x>").read_text()
    document = json.loads((tmp_path / "new" / "out" / "check.json").read_text())
    assert document["images"] == 24 and document["says"] == sentences(checked)
    assert document["drift"][0] == {
        "weights": "as trained", "step": 2, "rank_correlation": 0.5, "distances": {"noise": 1.0}
    }  # fmt: skip
    assert document["answers"]["prefers a"]["L1"]["mean"] == 0.5
    assert "<h1>the metric of &lt;x&gt;</h1>" in page and "<td>runs/&lt;b&gt;<td class=n>0.990" in page
    assert page.count("data:image/png") == 2 and page.count("<svg") == 2
    assert "<td>prefers a<td class=n>0.900<small>[0.850, 0.950]</small><td class=n>0.500" in page
