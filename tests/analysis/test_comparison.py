"""What a comparison knows of each training."""

from pathlib import Path

from likeness.analysis.comparison import Trained
from likeness.runs.run import Run


def test_a_training_whose_memory_was_not_told_has_none() -> None:
    assert Trained("ae", 0, Run(Path("nowhere")), {}).memory is None
