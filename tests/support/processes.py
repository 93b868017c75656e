"""Python in a process of its own."""

import os
import subprocess
import sys


def process(*words: str, out: int = subprocess.PIPE, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python as a process of its own, with environment variables."""
    return subprocess.run(
        [sys.executable, *words],
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        timeout=100,
        env=os.environ | variables,
    )
