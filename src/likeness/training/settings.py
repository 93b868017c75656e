"""How long, how fast and where a run trains, and what it writes meanwhile."""

from dataclasses import field
from typing import Annotated

from annotated_types import Ge, Lt
from pydantic import AfterValidator, model_validator

from likeness.settings import Count, Pairs, Positive, Steps, settings
from likeness.training.optimizers import Adam, Constant, Optimizer, Schedule
from likeness.training.precision import Precision

DEFAULT_STEPS = 5000


@settings
class TrainingSettings:
    """The part of a configuration that objectives do not know."""

    steps: Count | None = None
    """Length of training in steps; 5000 when neither epochs nor minutes are given."""
    epochs: Positive | None = None
    """Length in passes over the training images, instead of steps."""
    minutes: Positive | None = None
    """Length in minutes, instead of steps."""
    patience: Count | None = None
    """End as finished after so many validations (`--pictures-every`) in a row that were not better by
    `--best-by`, before the length is reached."""
    batch: Count = 64
    """Images at each step."""
    accumulate: Count = 1
    """Batches whose gradients are averaged for each step: a larger batch in the same memory."""
    gradient_checkpointing: bool = False
    """Keep only what goes into each network and make the rest anew for the gradients: less memory, more
    time, the same result."""
    compile: bool = False
    """Compile the networks (`torch.compile`): the first step takes a minute or more, and what it gains
    depends on the hardware; on a CPU it was slower. `--dry-run` foretells the memory without it."""
    lr: Positive = 3e-4
    """Learning rate."""
    rates: Pairs = field(default_factory=dict)
    """Learning rates of moves that differ from it: `discriminator:1e-4`."""
    optimizer: Optimizer = Adam()
    """Optimizer of each move."""
    schedule: Schedule = Constant()
    """How the learning rate changes over the run."""
    clip: Positive | None = None
    """Longest gradient of a move; a longer one is shortened to it."""
    ema: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Decay of the moving average of weights that is used after training, such as 0.999; 0 is off.
    After n steps it is n / (n + 9) at most, which is 0.999 after 9,000."""
    seed: Annotated[int, Ge(0), Lt(2**31)] = 0
    """Seed of the weights, the order of images, the noise and the split of the data."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda` or `cuda:1`."""
    precision: Precision = "auto"
    """Precision of the networks' arithmetic; `auto` is bfloat16 where the hardware has it, `tf32` is
    float32 whose products NVIDIA's tensor cores round to 10 bits (elsewhere it is float32). Weights,
    sums and losses are float32."""
    deterministic: bool = False
    """Bit-identical trainings on CUDA, too, in somewhat more time; on the CPU they are so anyway."""
    keep_memory: bool = True
    """Keep what steps free for the steps that follow (Linux, on the CPU): about a seventh less time, and
    a fifth to two fifths more memory."""

    @model_validator(mode="after")
    def _together(self) -> "TrainingSettings":
        lengths = [n for n in ("steps", "epochs", "minutes") if getattr(self, n) is not None]
        if len(lengths) > 1:
            raise ValueError(f"{' and '.join(lengths)} are both given; keep one of them")
        if self.compile and self.gradient_checkpointing:
            raise ValueError("compile and gradient_checkpointing are both given; keep one of them")
        if self.minutes and not isinstance(self.schedule, Constant):
            raise ValueError("a schedule needs a length in steps or epochs; minutes do not tell it")
        return self

    def total(self, images: int) -> int | None:
        """How many steps this is on so many training images; None where minutes decide."""
        if self.minutes is not None:
            return None
        if self.epochs is not None:
            return max(1, round(self.epochs * images / (self.batch * self.accumulate)))
        return self.steps or DEFAULT_STEPS


LARGEST = ":max"
"""What follows the name of a number that is better the larger it is."""


def _figure(text: str) -> str:
    """`text`, if it says a name and nothing but LARGEST after it."""
    if not text or ":" in text.removesuffix(LARGEST):
        raise ValueError(f"it must be a name, or a name and {LARGEST}")
    return text


@settings
class LogSettings:
    """How often a run writes what, and what it keeps."""

    log_every: Count = 50
    """Steps between two lines of metrics.jsonl."""
    pictures_every: Count = 500
    """Steps between two pictures of reconstructions and samples."""
    checkpoint_every: Count = 500
    """Steps between two checkpoints."""
    keep: Count = 3
    """Newest checkpoints that are kept."""
    validate_images: Steps = 1000
    """Validation images that losses are watched on at each picture; 0 is none."""
    best_by: Annotated[str, AfterValidator(_figure)] | None = None
    """Keep the best checkpoint, too, by this number of the validation lines of metrics.jsonl, such as
    `validation_pixels`: the lowest, or, with `:max` after the name, the highest."""
