"""Terms against their formulas, and kept as documents."""

import torch

from likeness.similarity.sources import Layers, Pixels
from likeness.similarity.terms import Term, fit_term


def rows(n: int = 300) -> torch.Tensor:
    """Random rows."""
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(0)) + 1


def test_squared_distances_of_a_fitted_term_have_the_weight_as_their_deviation() -> None:
    x = rows()
    for cosine in (True, False):
        term = fit_term(Layers(("a",)), x, 2.5, cosine=cosine)
        embedded = term(torch.zeros(300, 1, 2, 2), {"a": x})
        distances = torch.cdist(embedded, embedded).square()
        assert abs(float(distances[~torch.eye(300, dtype=torch.bool)].std()) - 2.5) < 0.01


def test_a_cosine_term_is_two_minus_twice_the_cosine_of_centred_rows() -> None:
    x = rows(5)
    term = Term(Layers(("a",)), x.mean(0), None, torch.tensor(1.0))
    z = term(torch.zeros(5, 1, 2, 2), {"a": x})
    cosine = torch.cosine_similarity(x[0] - x.mean(0), x[1] - x.mean(0), dim=0)
    torch.testing.assert_close((z[0] - z[1]).square().sum(), 2 - 2 * cosine)


def test_the_map_comes_before_the_cosine() -> None:
    x, matrix = rows(5), torch.diag(torch.tensor([1.0, 0, 0, 0, 0, 0]))
    z = Term(Layers(("a",)), torch.zeros(6), matrix, torch.tensor(1.0))(torch.zeros(5, 1, 2, 2), {"a": x})
    torch.testing.assert_close(z[:, 0].abs(), torch.ones(5))


def test_a_term_is_the_same_from_its_document() -> None:
    x = torch.rand(4, 3, 8, 8)
    term = fit_term(Pixels(mirrored=True), Pixels(mirrored=True).read(x, {}), 1.0)
    again = Term.from_document(term.document(), dict(term.state_dict()))
    assert torch.equal(again(x, {}), term(x, {})) and again.source == term.source
