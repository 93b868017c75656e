"""What is said of a metric follows from the numbers."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from likeness.analysis.metric_check import CHOICES, CONTENT, Drift, MetricCheck
from likeness.analysis.metric_check_page import sentences, verdict, write
from likeness.intervals import Interval
from support.made_images import smooth

QUESTIONS = {"content": CONTENT, "choices": CHOICES}


def found(ranks: dict[str, float], **answers: tuple[float, float]) -> MetricCheck:
    """Shares of right answers of a learned metric and of L1, and drift between two checkpoints."""
    values = {
        QUESTIONS.get(q, q.replace("_", " ")): {
            name: (torch.arange(200) < 200 * share).float() for name, share in zip(("learned", "L1"), two)
        }
        for q, two in answers.items()
    }
    drift = [Drift(kind, step, rank, {}) for kind, r in ranks.items() for step, rank in ((5, r), (9, 1.0))]
    return MetricCheck(values, {}, {}, drift, 200)


def test_what_is_said_follows_from_the_numbers() -> None:
    lines = sentences(
        found({"as trained": 0.7}, content=(0.9, 0.5), choices=(0.5, 0.9), grows_with_c=(0.5, 1))
    )
    assert lines[0] == f"Not to be trusted on these images: better are L1 ({CHOICES})."
    assert lines[1].startswith("Same class among 5 nearest: 0.900") and lines[1].endswith(", better.")
    assert lines[2].endswith(", worse.")
    assert lines[3] == "It does not grow steadily with c (0.50)."
    assert lines[4] == "From step 5 to 9 pairs keep their ranks by 0.700 with weights as trained."
    assert "average its weights (--ema 0.999)" in lines[5]
    both = sentences(
        found({"as trained": 0.7, "averaged": 0.96}, choices=(0.9, 0.5), grows_with_c=(0.95, 1))
    )
    assert both[0] == f"To be trusted on these images: better than the best control in {CHOICES} (L1)."
    assert "It grows with every distortion." in both
    assert not any("--ema" in line for line in both)


def test_a_simpler_distance_that_is_as_good_is_recommended() -> None:
    same = found({}, content=(0.8, 0.8), choices=(0.7, 0.7))
    assert verdict(same) == ("No better than L1 in any question on these images; use that, it is simpler.")


def test_what_could_not_be_asked_is_said() -> None:
    one = replace(found({}, choices=(0.9, 0.5)), notes=("Images have no labels, so that ...",))
    assert "Images have no labels, so that ..." in sentences(one)


def test_a_seed_that_ranks_pairs_otherwise_is_named() -> None:
    far = {"runs/b": Interval(0.9, 0.8, 0.94, 100), "runs/c": Interval(0.99, 0.98, 1.0, 100)}
    lines = sentences(replace(found({}, choices=(0.9, 0.5)), agreement=far))
    assert [line for line in lines if "ranks pairs otherwise" in line] == [
        "runs/b ranks pairs otherwise (0.900 [0.800, 0.940]): what is near depends on the seed."
    ]


def test_one_checkpoint_says_nothing_of_drift(tmp_path: Path) -> None:
    one = replace(found({"as trained": 0.7}, choices=(0.9, 0.5)), drift=[Drift("as trained", 5, 1.0, {})])
    assert not any("pairs keep their ranks" in line for line in sentences(one))
    page = write(one, tmp_path, "a title").read_text()
    assert "One checkpoint is kept; train with a larger --keep to see drift." in page and "<svg" not in page


def test_all_that_was_found_is_in_the_document_and_on_the_page(tmp_path: Path) -> None:
    drift = [Drift("as trained", step, rank, {"noise": 0.5 * step}) for step, rank in ((2, 0.5), (4, 1.0))]
    nearest = {"learned": smooth(2 * 6, 8)[:, :1], "L1": smooth(2 * 6, 8)[:, :1]}
    agreement = {"runs/<b>": Interval(0.99, 0.98, 1.0, 1300)}
    values = found({}, choices=(0.9, 0.5)).values
    checked = MetricCheck(values, agreement, nearest, drift, 24)
    page = write(checked, tmp_path / "new" / "out", "the metric of <x>").read_text()
    document = json.loads((tmp_path / "new" / "out" / "check.json").read_text())
    assert document["images"] == 24 and document["says"] == sentences(checked)
    assert document["drift"][0] == {
        "weights": "as trained", "step": 2, "rank_correlation": 0.5, "distances": {"noise": 1.0}
    }  # fmt: skip
    assert document["answers"][CHOICES]["L1"]["mean"] == 0.5
    assert document["compared"][0] | {"difference": {}} == {
        "question": CHOICES, "control": "L1", "difference": {}, "is": "better"
    }  # fmt: skip
    assert "<h1>the metric of &lt;x&gt;</h1>" in page and "<td>runs/&lt;b&gt;<td class=n>0.990" in page
    assert page.count("data:image/png") == 2 and page.count("<svg") == 2
    assert f"<td>{CHOICES}<td class=n>0.900<small>[" in page
