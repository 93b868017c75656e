"""Settings of a training that do not depend on the objective, and of its logs."""

from dataclasses import field
from typing import Annotated

from annotated_types import Ge, Lt
from pydantic import AfterValidator, model_validator

from likeness.settings import Count, Metavar, Pairs, Positive, Rare, Steps, settings
from likeness.training.optimizers import Adam, Constant, Optimizer, Schedule
from likeness.training.precision import Precision

DEFAULT_STEPS = 5000
"""Length of a training whose settings give no length."""


@settings
class TrainingSettings:
    """Length, batches, optimisation, device and precision of a training."""

    steps: Count | None = None
    """Length of the training in steps; 5000 if neither epochs nor minutes are set."""
    epochs: Positive | None = None
    """Length of the training in passes over the training images, instead of steps."""
    minutes: Positive | None = None
    """Length of the training in minutes, instead of steps."""
    patience: Annotated[Count | None, Rare()] = None
    """Early stopping: number of validations (`--pictures-every`) in a row without an improvement of the
    metric `--best-by` after which the training ends."""
    batch: Count = 64
    """Batch size: number of images per step."""
    accumulate: Annotated[Count, Rare()] = 1
    """Number of batches whose gradients are averaged per step: a larger batch in the same memory."""
    gradient_checkpointing: Annotated[bool, Rare()] = False
    """Gradient checkpointing: store only the inputs of each network and repeat its pass for the gradients.
    Less memory, more time, same result."""
    compile: Annotated[bool, Rare()] = False
    """Compile the networks with `torch.compile`. The first step takes a minute or more; the gain depends on
    the hardware, and on a CPU it was a loss. `--dry-run` estimates the memory without it."""
    lr: Positive = 3e-4
    """Learning rate."""
    rates: Annotated[Pairs, Rare()] = field(default_factory=dict)
    """Learning rates of single moves, where they differ from `--lr`: `discriminator:1e-4`."""
    optimizer: Optimizer = Adam()
    """Optimizer of each move."""
    schedule: Schedule = Constant()
    """Learning-rate schedule."""
    clip: Annotated[Positive | None, Rare()] = None
    """Maximum norm of the gradient of a move; longer gradients are clipped."""
    ema: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Decay of the exponential moving average of weights that is used after training, such as 0.999; 0 is
    off. After n steps the decay is at most n / (n + 9), which is 0.999 after 9,000 steps."""
    seed: Annotated[int, Ge(0), Lt(2**31)] = 0
    """Random seed of the weights, the order of images, the noise and the split of the data."""
    device: Annotated[str, Metavar("NAME")] = "auto"
    """Device: `auto`, `cpu`, `cuda` or `cuda:1`."""
    precision: Precision = "auto"
    """Precision of the arithmetic of networks. `auto` is bfloat16 where the hardware supports it; `tf32` is
    float32 with products rounded to 10 bits by NVIDIA's tensor cores, and float32 elsewhere. Weights, sums
    and losses are float32."""
    deterministic: Annotated[bool, Rare()] = False
    """Make trainings on CUDA bit-identical, a little slower; on the CPU they always are."""
    keep_memory: Annotated[bool, Rare()] = True
    """Keep the memory that a step frees for the next steps (Linux, on the CPU): about a seventh less time
    for a fifth to two fifths more memory."""

    @model_validator(mode="after")
    def _check_compatible(self) -> "TrainingSettings":
        """Raises ValueError for settings that exclude one another."""
        lengths = [n for n in ("steps", "epochs", "minutes") if getattr(self, n) is not None]
        if len(lengths) > 1:
            raise ValueError(f"{' and '.join(lengths)} are both given; keep one of them")
        if self.compile and self.gradient_checkpointing:
            raise ValueError("compile and gradient_checkpointing are both given; keep one of them")
        if self.minutes and not isinstance(self.schedule, Constant):
            raise ValueError("a schedule needs a length in steps or epochs; give one instead of minutes")
        return self

    def total(self, images: int) -> int | None:
        """Number of steps of a training on `images` images; None if its length is in minutes."""
        if self.minutes is not None:
            return None
        if self.epochs is not None:
            return max(1, round(self.epochs * images / (self.batch * self.accumulate)))
        return self.steps or DEFAULT_STEPS


MAXIMISE_SUFFIX = ":max"
"""Suffix to the name of a metric that is better the larger it is."""


def _check_metric(text: str) -> str:
    """`text`. Raises ValueError if it is not a name, or a name and MAXIMISE_SUFFIX."""
    if not text or ":" in text.removesuffix(MAXIMISE_SUFFIX):
        raise ValueError(f"it must be a name, or a name and {MAXIMISE_SUFFIX}")
    return text


@settings
class LogSettings:
    """How often a run writes metrics, pictures and checkpoints, and which checkpoints it keeps."""

    log_every: Annotated[Count, Rare()] = 50
    """Number of steps between two lines of metrics.jsonl."""
    pictures_every: Count = 500
    """Number of steps between two validations, each with pictures of reconstructions and samples."""
    checkpoint_every: Count = 500
    """Number of steps between two checkpoints."""
    keep: Annotated[Count, Rare()] = 3
    """Number of newest checkpoints to keep."""
    validate_images: Annotated[Steps, Rare()] = 1000
    """Number of images for the losses of a validation; 0 is none."""
    best_by: Annotated[str, AfterValidator(_check_metric), Metavar("METRIC")] | None = None
    """Metric of the validation lines of metrics.jsonl, such as `validation_pixels`, by which the best
    checkpoint is kept, too: the lowest value, or with `:max` after the name the highest."""
