"""The most memory that a training held at once."""

import gc
from pathlib import Path

import torch

from likeness.training.memory import give_back

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
PEAK = "5"
"""What Linux takes for: forget the peak (proc(5), /proc/pid/clear_refs)."""


class Peak:
    """The peak since this was made, where the system tells; what earlier work left is given back first."""

    def __init__(self, where: torch.device) -> None:
        self.where = where
        gc.collect()
        give_back()
        self.told = _forget()
        if where.type == "cuda":
            torch.cuda.reset_peak_memory_stats(where)

    def numbers(self) -> dict[str, float]:
        """MiB: resident, which includes Python, its libraries and images in memory; and of tensors on a
        graphics card. What cannot be known is left out."""
        found = {"peak_memory_mib": _resident()} if self.told else {}
        if self.where.type == "cuda":
            found["peak_gpu_memory_mib"] = round(torch.cuda.max_memory_allocated(self.where) / 2**20, 1)
        return found


def _forget() -> bool:
    """Begin a new peak; whether the system does so."""
    try:
        CLEAR.write_text(PEAK)
        return "VmHWM" in STATUS.read_text()
    except OSError:
        return False


def _resident() -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024, 1)
