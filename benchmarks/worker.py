"""One contender, in this process: `python -m benchmarks.worker MODULE FUNCTION WARM BLOCK OPTIONS`."""

import contextlib
import json
import sys
from importlib import import_module

from benchmarks.pace import Over, Pace


def main() -> None:
    """Run until no more is asked for."""
    module, function, warm, block, options = sys.argv[1:]
    pace = Pace(int(warm), int(block))
    with contextlib.suppress(Over):
        getattr(import_module(f"benchmarks.contenders.{module}"), function)(pace, json.loads(options))


if __name__ == "__main__":
    main()
