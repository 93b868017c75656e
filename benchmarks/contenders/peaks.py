"""What the machine can do at most: large products of matrices and convolutions, nothing else."""

from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.pace import Pace

SIDE = 2048
IMAGES, CHANNELS, PIXELS, KERNEL = 8, 256, 32, 5


@torch.no_grad()
def matmul(pace: Pace, o: dict[str, Any]) -> None:
    """Square matrices."""
    a, b = (torch.randn(SIDE, SIDE, dtype=getattr(torch, o["precision"])) for _ in range(2))
    pace.about["operations"] = 2 * SIDE**3
    pace.run(lambda: a @ b)


@torch.no_grad()
def convolution(pace: Pace, o: dict[str, Any]) -> None:
    """5 x 5, as many channels out as in, channels last."""
    dtype = getattr(torch, o["precision"])
    x = torch.randn(IMAGES, CHANNELS, PIXELS, PIXELS, dtype=dtype)
    w = torch.randn(CHANNELS, CHANNELS, KERNEL, KERNEL, dtype=dtype)
    x, w = (t.contiguous(memory_format=torch.channels_last) for t in (x, w))
    pace.about["operations"] = 2 * IMAGES * PIXELS**2 * (CHANNELS * KERNEL) ** 2
    pace.run(lambda: F.conv2d(x, w, padding=KERNEL // 2))
