"""The digits that come with scikit-learn."""

import numpy as np
from sklearn.datasets import load_digits

from likeness.data.settings import DataSettings
from likeness.data.sources.digits import Digits
from support.loading import Load


def test_digits_need_no_file(loaded: Load) -> None:
    data = loaded("digits")
    assert [len(s) for s in (data.train, data.validation, data.test)] == [1437, 180, 180]
    assert data.shape == (1, 8, 8)
    assert data.train.images.max() == 255
    assert data.label_names == tuple("0123456789")


def test_digits_are_those_of_scikit_learn_spread_over_eight_bits(loaded: Load) -> None:
    data, published = loaded("digits", validation=0, test=0), load_digits(return_X_y=True)
    pixels = data.train.images.reshape(-1, 64).astype(np.float64)
    np.testing.assert_allclose(pixels * 16 / 255, published[0], atol=0.04)
    np.testing.assert_array_equal(data.train.labels, published[1])
    assert data.train.names[-1] == "digits[1796]"


def test_digits_have_the_same_fingerprint_every_time_and_claim_their_word_alone() -> None:
    settings = DataSettings(data="digits")
    assert Digits().read("digits", settings).digest == Digits().read("digits", settings).digest
    assert [Digits().claims(word) for word in ("digits", "Digits", "./digits", "")] == [True] + [False] * 3
