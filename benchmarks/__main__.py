"""`python -m benchmarks`: everything, or what is named; a table, and JSON beside it."""

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.comparisons import COMPARISONS, Line
from benchmarks.session import Timed, timed
from benchmarks.studies import STUDIES

EVERY = [*COMPARISONS, *STUDIES]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", default=EVERY, metavar="WHAT", help=", ".join(EVERY))
    parser.add_argument("--turns", type=int, default=5, help="blocks of each contender")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each contender")
    parser.add_argument("--cores", help="cores to stay on, such as 1 or 0-3")
    parser.add_argument("--quick", action="store_true", help="small networks: whether all works")
    parser.add_argument("--out", type=Path, default=Path("benchmarks.json"))
    given = parser.parse_args()
    document: dict[str, Any] = {"machine": machine(given.threads, given.cores), "measured": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name in given.what:
            begun = time.perf_counter()
            try:
                lines, document["measured"][name] = measured(name, Path(folder), given)
            except (RuntimeError, subprocess.CalledProcessError) as error:  # the others go on
                lines, document["measured"][name] = [Line("failed", str(error))], {"failed": str(error)}
            show(name, lines, time.perf_counter() - begun)
            given.out.write_text(json.dumps(document, indent=1))
    print(f"\nwritten to {given.out}")


def measured(name: str, folder: Path, given: argparse.Namespace) -> tuple[list[Line], Any]:
    """The lines of one comparison or study, and all its numbers."""
    if name in STUDIES:
        return STUDIES[name](folder, given)
    comparison = COMPARISONS[name](folder, given.quick)
    found = timed(comparison.contenders, given.turns, given.threads, given.cores)
    lines = [*map(_described, found.values()), *comparison.lines(found)]
    return lines, {
        "contenders": {k: t.document() for k, t in found.items()},
        "lines": [vars(x) for x in lines],
    }


def _described(t: Timed) -> Line:
    middle = sorted(t.seconds)[len(t.seconds) // 2]
    spread = f"{min(t.seconds):.4g} to {max(t.seconds):.4g}"
    return Line(t.contender.name, f"{middle:.4g} s a step ({spread}), at most {t.mib_at_most:.0f} MiB")


def show(name: str, lines: list[Line], seconds: float) -> None:
    """A table."""
    print(f"\n{name} ({seconds:.0f} s)", flush=True)
    for line in lines:
        goal = f"   goal {line.goal}" if line.goal else ""
        print(f"  {line.what:<58} {line.found}{goal}", flush=True)


def machine(threads: int, cores: str | None) -> dict[str, Any]:
    """Where it was measured."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    flags = {w for line in info.splitlines() if line.startswith("flags") for w in line.split()}
    return {
        "cpu": model[0] if model else platform.processor(),
        "bfloat16": sorted(flags & {"avx512_bf16", "amx_bf16"}),
        "cores": os.cpu_count(), "threads": threads, "kept_on": cores,
        "python": platform.python_version(), "torch": torch.__version__,
        "load": os.getloadavg(), "when": time.strftime("%Y-%m-%d"),
    }  # fmt: skip


if __name__ == "__main__":
    main()
