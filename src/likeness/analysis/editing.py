"""Editing images by arithmetic on their codes."""

from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from likeness.errors import UserError
from likeness.shapes import Codes

Code = Float[Tensor, " d"]
CodePath = Float[Tensor, "_ d"]


def interpolate_linearly(a: Code, b: Code, steps: int) -> Codes:
    """`steps` codes on the straight line from `a` to `b`, both included."""
    share = torch.linspace(0, 1, steps, dtype=a.dtype, device=a.device)[:, None]
    return torch.lerp(a[None], b[None], share)


def interpolate_spherically(a: Code, b: Code, steps: int) -> Codes:
    """`steps` codes from `a` to `b` along a great circle, whose length changes evenly (Shoemake 1985);
    codes of a wide Gaussian prior are about equally long, those on a straight line between are shorter."""
    far = torch.linspace(0, 1, steps, dtype=a.dtype, device=a.device)[:, None]
    length = torch.lerp(a.norm(), b.norm(), far)
    u, v = (code / code.norm().clamp_min(1e-12) for code in (a, b))
    angle = 2 * torch.atan2((u - v).norm(), (u + v).norm())
    aligned = float(angle) < 1e-4 or float(torch.pi - angle) < 1e-4
    if aligned or not float(a.norm() * b.norm()):  # there is no circle, or no single one
        return interpolate_linearly(a, b, steps)
    return length * (torch.sin((1 - far) * angle) * u + torch.sin(far * angle) * v) / torch.sin(angle)


INTERPOLATIONS = {"linear": interpolate_linearly, "spherical": interpolate_spherically}
"""Ways from one code to another, by name."""


def chain(codes: Codes, steps: int, way: str = "linear") -> CodePath:
    """A path through all of `codes`, in `steps` from each to the next, both included once."""
    parts = [INTERPOLATIONS[way](a, b, steps)[1:] for a, b in pairwise(codes)]
    return torch.cat([codes[:1], *parts])


def loop(codes: Codes, steps: int, way: str = "spherical") -> CodePath:
    """A path through all of `codes` and back to the first, in `steps` from each to the next; its end is
    not repeated."""
    return chain(torch.cat([codes, codes[:1]]), steps + 1, way)[:-1]


def move_codes(codes: Codes, first: Code, last: Code, steps: int) -> CodePath:
    """Each code plus `first`, and then, in `steps`, up to the code plus `last`."""
    return torch.cat([z + interpolate_linearly(first, last, steps) for z in codes])


def traverse(codes: Codes, directions: Float[Tensor, "k d"], reach: float, steps: int) -> CodePath:
    """Each code moved along each direction, from minus `reach` times it to plus `reach` times it."""
    moves = [move_codes(z[None], -reach * move, reach * move, steps) for z in codes for move in directions]
    return torch.cat(moves)


def lattice(origin: Code, across: CodePath, down: CodePath) -> CodePath:
    """Codes for a grid of images: `origin` plus one of `across` and one of `down`."""
    return (origin + down[:, None] + across[None]).flatten(0, 1)


def analogy(a: Code, b: Code, c: Code) -> Code:
    """`a` minus `b` plus `c`."""
    return a - b + c


def difference(codes: Codes, has: Bool[Tensor, " n"]) -> Code:
    """The direction of an attribute: the mean code of images that have it minus that of images that lack
    it (Larsen et al. 2016, section 4.1). Raises UserError if all images have it, or none has."""
    if has.all() or not has.any():
        raise UserError("an attribute needs images with it and images without it; name another")
    return codes[has].mean(0) - codes[~has].mean(0)


def attribute_effects(codes: Codes, attributes: Float[Tensor, "n a"]) -> Float[Tensor, "a d"]:
    """Directions of attributes that change one and leave the others: least squares of codes on all
    attributes at once. Raises UserError if some attribute says nothing that the others do not."""
    a = torch.cat([torch.ones(len(codes), 1), attributes], 1).double()
    if int(torch.linalg.matrix_rank(a)) < a.shape[1]:
        raise UserError("these attributes cannot be told apart from one another; take the plain directions")
    return torch.linalg.lstsq(a, codes.double()).solution[1:].to(codes.dtype)


class Components(NamedTuple):
    """Principal components of codes, in the order of their variance."""

    mean: Code
    directions: Float[Tensor, "k d"]
    """Each one standard deviation long."""


def principal_components(codes: Codes, k: int) -> Components:
    """The `k` directions in which codes vary most (Pearson 1901); the largest entry is positive."""
    mean = codes.mean(0)
    _, scale, directions = torch.linalg.svd((codes - mean).double(), full_matrices=False)
    kept = directions[:k]
    signs = kept.gather(1, kept.abs().argmax(1, keepdim=True)).sign()
    lengths = scale[:k, None] / max(len(codes) - 1, 1) ** 0.5
    return Components(mean, (signs * kept * lengths).to(codes.dtype))
