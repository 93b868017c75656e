"""The data that a model was trained on, as they are now."""

from dataclasses import dataclass, replace

from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings


@dataclass(frozen=True)
class TrainingData:
    """What is known of the data of a training."""

    settings: DataSettings
    seed: int

    def load(self, data: str | None = None) -> Dataset:
        """The images in the splits that they had, or other data in splits of their own. Raises UserError
        for data that cannot be read."""
        return load(replace(self.settings, data=data or self.settings.data), self.seed)
