"""An encoder as a program of tensors alone."""

import torch

from likeness.models.autoencoder import Autoencoder
from support.coders import arguments, every_coder


@every_coder
def test_an_encoder_is_exported_for_any_number_of_images(model: Autoencoder) -> None:
    """Compared at a number that was not traced."""
    encoder, any_number = model.encoder, torch.export.Dim("images", min=2, max=64)
    assert encoder is not None
    traced, given = arguments(model, 3), arguments(model, 5)
    shapes = tuple(None if v is None else {0: any_number} for v in traced)
    exported = torch.export.export(encoder, traced, dynamic_shapes=shapes).module()
    q = model.encode(*given)
    mean, log_variance = exported(*given)
    torch.testing.assert_close(mean.flatten(1), q.mean)
    assert (log_variance is None) == (q.log_variance is None)
    if q.log_variance is not None:
        torch.testing.assert_close(log_variance.flatten(1), q.log_variance)
