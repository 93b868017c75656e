"""The benchmarks run, and what they print is of what they measured."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.contenders import games

ROOT = Path(__file__).parent.parent


def test_a_comparison_prints_ratios_of_what_it_times(tmp_path: Path) -> None:
    """One turn of small networks, each contender in a process of its own."""
    out = tmp_path / "found.json"
    words = ["memory", "start", "--quick", "--turns", "1", "--threads", "1", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(out.read_text())["measured"]
    contenders = found["memory"]["contenders"]
    first, second = contenders["likeness"], contenders["--gradient_checkpointing"]
    (one,), (other,) = first["seconds_per_step"], second["seconds_per_step"]
    assert f"{one / other:.2f}" in done.stdout
    assert 0 < other < 60 and max(second["mib"]) > 50
    assert 0 < found["start"][0] < 60 and "goal 0.5 s" in done.stdout


def test_options_reach_the_training() -> None:
    said = {"game": "vae_gan", "batch": 8, "gradient_checkpointing": True, "width": 0.25, "latent": 7}
    made = games.configured(said)
    assert made.training.gradient_checkpointing and made.training.batch == 8
    assert made.objective.code.dims == 7
