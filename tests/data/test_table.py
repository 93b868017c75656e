"""What a source returns."""

import numpy as np
import pytest

from likeness.data.columns import Column
from likeness.data.reading.pictures import Arrays
from likeness.data.table import Table
from likeness.errors import UserError
from support.made_images import noise


def test_a_column_of_another_length_than_the_images_is_refused() -> None:
    pictures, names = Arrays(noise(5, 4, 4, 1)), list("abcde")
    assert len(Table(pictures, names, "digest", {"y": Column(np.arange(5))}).columns["y"].values) == 5
    with pytest.raises(UserError, match=r"^there are 4 values of y for 5 images; give one for each image$"):
        Table(pictures, names, "digest", {"x": Column(np.arange(5)), "y": Column(np.arange(4))})
