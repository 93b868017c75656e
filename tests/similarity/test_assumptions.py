"""Rules about data that use no label."""

import torch

from likeness.data.reading.scaling import Scaling
from likeness.similarity.assumptions import are_colours, assume, is_measurement, mirror_auc


def pictures(n: int = 300, channels: int = 1) -> torch.Tensor:
    """Pictures of one channel, or of several that mostly say the same, that are as often mirrored."""
    random = torch.Generator().manual_seed(0)
    grey = torch.rand(n, 1, 12, 12, generator=random) * 1.6 - 0.8
    return (grey + 0.1 * torch.randn(n, channels, 12, 12, generator=random)).clamp(-1, 1)


def test_pictures_with_a_bright_left_side_are_told_from_mirror_images() -> None:
    x = pictures()
    assert mirror_auc(x) < 0.65
    x = x * 0.5
    x[:, :, :, :4] += 0.4
    assert mirror_auc(x) > 0.95


def test_of_few_images_mirror_images_are_not_taken_for_images() -> None:
    assert mirror_auc(pictures(20)) == 1


def test_three_channels_are_colours_where_they_mostly_say_the_same() -> None:
    assert are_colours(pictures(channels=3)) and not are_colours(pictures(channels=2))
    assert not are_colours(torch.rand(50, 3, 8, 8, generator=torch.Generator().manual_seed(0)))


def test_values_is_measurement_in_sixteen_bits_or_floats_of_a_range_of_their_own() -> None:
    found = {
        (dtype, low, high): is_measurement(Scaling(dtype, (low,), (high,)))
        for dtype, low, high in (
            ("uint8", 0.0, 255.0), ("uint16", 12.0, 3010.0), ("float32", 0.0, 1.0),
            ("float32", 0.0, 0.98), ("float32", -1.0, 1.0), ("float32", -80.0, 0.0), ("float32", 0.1, 14.2),
        )
    }  # fmt: skip
    assert [v for v in found.values()] == [False, True, False, False, False, True, True]


def test_what_is_assumed_decides_on_views() -> None:
    scaling = Scaling("uint8", (0.0,) * 3, (255.0,) * 3)
    assumed = assume(pictures(channels=3), scaling)
    assert assumed.mirrored and assumed.colour and not assumed.measured
    assert assumed.views().mirror and assumed.views().colour > 0
    assert "mirror images count" in assumed.sentence() and "colours" in assumed.sentence()
