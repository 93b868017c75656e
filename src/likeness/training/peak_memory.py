"""Peak memory of a training."""

import gc
from pathlib import Path

import torch

from likeness.training.memory import release_memory

STATUS_FILE, RESET_FILE = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"
"""Command to reset the peak of resident memory (proc(5), /proc/pid/clear_refs)."""


class PeakMemory:
    """Peak memory since construction, which first releases the memory of earlier work."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        gc.collect()
        release_memory()
        self.has_peak = _reset_peak()
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)

    def mebibytes(self) -> dict[str, float]:
        """Peaks in MiB: of resident memory, including Python, libraries and images in memory, and of
        tensors on a GPU; without those that the system does not report."""
        peaks = {"peak_memory_mib": _resident()} if self.has_peak else {}
        if self.device.type == "cuda":
            peaks["peak_gpu_memory_mib"] = round(torch.cuda.max_memory_allocated(self.device) / 2**20, 1)
        return peaks


def _reset_peak() -> bool:
    """Reset the peak of resident memory; whether the system supports it."""
    try:
        RESET_FILE.write_text(RESET_PEAK)
        return "VmHWM" in STATUS_FILE.read_text()
    except OSError:
        return False


def _resident() -> float:
    """Peak of resident memory in MiB."""
    line = next(line for line in STATUS_FILE.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024, 1)
