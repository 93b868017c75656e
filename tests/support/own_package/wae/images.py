"""Where images come from, and a number of them."""

import numpy as np

from likeness.data import Arrays, Column, DataSettings, Source, Table
from likeness.metrics import EvaluationData, Measurements, Metric


def stripes() -> tuple[np.ndarray, np.ndarray]:
    """Images (60, 8, 8), and whether the stripes of each lie across."""
    random, across = np.random.default_rng(0), np.arange(60) % 2
    down = np.where(np.arange(8) // 2 % 2, 200, 50) + random.integers(0, 50, (60, 8, 8))
    return np.where(across[:, None, None] > 0, down.transpose(0, 2, 1), down).astype(np.uint8), across


class Stripes(Source):
    """The word `stripes`: sixty images of 8x8, down or across, of which no two are alike."""

    words = ("stripes",)

    def claims(self, spec: str) -> bool:
        return spec in self.words

    def read(self, spec: str, settings: DataSettings) -> Table:
        images, across = stripes()
        return Table(
            pictures=Arrays(images[..., None]),
            names=[f"stripes[{k}]" for k in range(60)],
            digest="stripes of the first kind",
            columns={"label": Column(across, ("down", "across"))},
        )


class Brightness(Metric):
    """How bright images are, and their reconstructions."""

    def measure(self, data: EvaluationData) -> Measurements:
        yield "brightness", data.images.mean((1, 2, 3))
        if data.reconstructions is not None:
            yield "brightness_of_reconstructions", data.reconstructions.mean((1, 2, 3))
