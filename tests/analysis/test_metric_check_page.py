"""What is said of a metric follows from the numbers."""

from likeness.analysis.metric_check import Drift, Found
from likeness.analysis.metric_check_page import says
from likeness.intervals import Interval


def found(ranks: dict[str, float], **answers: tuple[float, float]) -> Found:
    """Answers of a learned metric and of pixels, and drift between two checkpoints."""
    both = {
        q.replace("_", " "): {
            name: Interval(v, v - 0.05, v + 0.05, 100) for name, v in zip(("learned", "L1"), two)
        }
        for q, two in answers.items()
    }
    drift = [Drift(kind, step, rank, {}) for kind, r in ranks.items() for step, rank in ((5, r), (9, 1.0))]
    return Found(both, {}, drift, 100)


def test_what_is_said_follows_from_the_numbers() -> None:
    lines = says(
        found({"as trained": 0.7}, prefers_a=(0.9, 0.5), prefers_b=(0.5, 0.9), grows_with_c=(0.5, 1))
    )
    assert "better than the best of the others (L1, 0.500" in lines[0]
    assert "worse than the best" in lines[1]
    assert lines[2] == "It does not grow steadily with c (0.50)."
    assert lines[3] == "From step 5 to 9 pairs keep their ranks by 0.700 with weights as trained."
    assert "average its weights (--ema 0.999)" in lines[4]
    both = says(found({"as trained": 0.7, "averaged": 0.96}, prefers_a=(0.9, 0.88), grows_with_c=(0.95, 1)))
    assert "about as the best" in both[0] and both[1] == "It grows with every distortion."
    assert not any("--ema" in line for line in both)
