"""What layouts of a class and a style share: samples of each class in turn, styles of the prior."""

import pytest
import torch

from likeness.codes import ClassAndStyle, StyleAndLabel
from likeness.errors import UserError
from likeness.nets import Networks
from likeness.noise import SeededNoise
from likeness.priors import Normal

LAYOUTS = [ClassAndStyle(classes=3, latent=2), StyleAndLabel(classes=3, latent=2)]


@pytest.mark.parametrize("code", LAYOUTS, ids=lambda code: type(code).__name__)
def test_samples_have_each_class_in_turn_and_the_styles_that_the_prior_draws(
    code: ClassAndStyle | StyleAndLabel,
) -> None:
    prior, noise = Normal(std=3.0), SeededNoise((5,))
    whole = code.sample(Networks({}), prior, 7, (5,), noise, 0.5)
    styles = 0.5 * prior.sample(7, 2, noise)
    assert torch.equal(code.style(whole), styles)
    expected = code.join_labels(Networks({}), torch.tensor([0, 1, 2, 0, 1, 2, 0]), styles)
    assert torch.equal(whole, expected) and whole.shape == (7, 5)
    assert (code.dims, code.class_count) == (2, 3)


@pytest.mark.parametrize("code", LAYOUTS, ids=lambda code: type(code).__name__)
def test_labels_beyond_the_classes_are_refused(code: ClassAndStyle | StyleAndLabel) -> None:
    with pytest.raises(UserError, match="there is a label 3, --classes is 3; make it 4"):
        code.check(torch.tensor([0, 1, 2, 3]), 4)
