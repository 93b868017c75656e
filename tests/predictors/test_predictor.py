"""Networks that read labels or attributes: what they descend, and how their errors are counted."""

import pytest
import torch
from sklearn.metrics import log_loss
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.nets.mlp import MLP
from likeness.predictors.predictor import (
    FEATURE_COUNT,
    PREDICTOR,
    Classification,
    Classifier,
    Regression,
    signs,
)
from likeness.shapes import UNLABELLED, Shape

SHAPE = Shape(1, 4, 4)


def batch(labels: list[int], attributes: Tensor | None = None) -> Batch:
    """Plain images with these labels and attributes."""
    n = len(labels)
    return Batch(torch.zeros(n, *SHAPE), torch.tensor(labels), torch.arange(n), attributes=attributes)


def test_attributes_of_nought_and_one_are_signs() -> None:
    assert signs(torch.tensor([[0.0, 1.0, 0.5]])).tolist() == [[-1.0, 1.0, 0.0]]


def test_a_regression_descends_the_squared_distance_from_the_signs() -> None:
    read, seen = (
        torch.tensor([[0.5, -1.0], [1.0, 1.0]]),
        batch([0, 0], torch.tensor([[1.0, 0.0], [0.0, 1.0]])),
    )
    errors = Regression(outputs=2).errors(read, seen)
    torch.testing.assert_close(errors, torch.tensor([0.25 / 2, 4.0 / 2]))
    torch.testing.assert_close(Regression(outputs=2).loss(read, seen), errors.mean())


def test_labels_are_learned_by_their_cross_entropy_and_those_not_known_are_left_out() -> None:
    logits = torch.tensor([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0], [9.0, 9.0, 9.0]])
    found = Classification(outputs=3).loss(logits, batch([0, 2, UNLABELLED]))
    expected = log_loss([0, 2], logits[:2].double().softmax(1).numpy(), labels=[0, 1, 2])
    assert float(found) == pytest.approx(expected)


def test_attributes_are_learned_by_binary_cross_entropies_where_there_are_no_labels() -> None:
    logits, has = torch.tensor([[2.0, -1.0], [0.5, 3.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    found = Classification(outputs=2).loss(logits, batch([UNLABELLED] * 2, has))
    columns = zip(has.T.numpy(), logits.T.double().sigmoid().numpy())
    assert float(found) == pytest.approx(sum(log_loss(a, p, labels=[0, 1]) for a, p in columns) / 2)


def test_an_error_is_a_wrong_label_or_the_share_of_wrong_attributes() -> None:
    logits = torch.tensor([[2.0, -1.0], [0.5, 3.0]])
    assert Classification(outputs=2).errors(logits, batch([0, 0])).tolist() == [0.0, 1.0]
    has = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    assert Classification(outputs=2).errors(logits, batch([UNLABELLED] * 2, has)).tolist() == [0.5, 0.0]


def test_features_of_a_classifier_are_of_unit_variance_and_say_its_logits() -> None:
    torch.manual_seed(0)
    (reader,) = Classification(outputs=3).players(MLP(hidden=8), SHAPE).values()
    assert isinstance(reader, Classifier)
    x = torch.randn(64, *SHAPE)
    features = reader.train().features(x)
    assert features.shape == (64, FEATURE_COUNT)
    torch.testing.assert_close(features.mean(0), torch.zeros(FEATURE_COUNT), atol=1e-5, rtol=0)
    assert (features.std(0) < 1.1).all()
    last = [m for m in reader.head if isinstance(m, nn.Linear)][-1]
    torch.testing.assert_close(reader(x), features.relu() @ last.weight.T + last.bias)


@pytest.mark.parametrize("objective", [Classification(outputs=2), Regression(outputs=2)])
def test_one_network_makes_the_one_move(objective: Classification | Regression) -> None:
    nets = objective.networks(MLP(hidden=8), SHAPE)
    assert (list(nets), objective.moves) == ([PREDICTOR], {PREDICTOR: (PREDICTOR,)})
    assert nets[PREDICTOR](torch.zeros(5, *SHAPE)).shape == (5, 2)
