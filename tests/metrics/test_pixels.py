"""Errors of pixels against NumPy."""

import numpy as np

from likeness.metrics.pixels import PixelError
from support.evaluation_data import X, evaluation_data, image_values


def test_pixel_errors_are_those_of_numpy() -> None:
    measured = image_values(PixelError().measure(evaluation_data(reconstructions=X * 0.5)))
    mse = ((X.numpy() * 0.5) ** 2).mean((1, 2, 3))
    assert np.allclose(measured["pixel_mse"], mse, rtol=1e-5)
    assert np.allclose(measured["pixel_mae"], (X.numpy() * 0.5).__abs__().mean((1, 2, 3)), rtol=1e-5)
    assert np.allclose(measured["psnr_db"], 10 * np.log10(4 / mse), rtol=1e-5)


def test_an_image_that_is_its_reconstruction_has_no_error_and_a_finite_psnr() -> None:
    measured = image_values(PixelError().measure(evaluation_data(reconstructions=X)))
    assert measured["pixel_mse"].max() == 0 and measured["pixel_mae"].max() == 0
    assert np.allclose(measured["psnr_db"], 10 * np.log10(4e12))


def test_without_an_encoder_there_is_no_error_of_pixels() -> None:
    assert list(PixelError().measure(evaluation_data(reconstructions=None))) == []
