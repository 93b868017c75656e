"""What is compared with what, and what is to be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contenders import games
from benchmarks.session import Contender, Timed, ratio


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    what: str
    found: str
    goal: str = ""


Found = dict[str, Timed]


@dataclass(frozen=True)
class Comparison:
    """Contenders that are timed in turns, and the lines that are read off."""

    contenders: list[Contender]
    lines: Callable[[Found], list[Line]]


def vae_gan(folder: Path, quick: bool) -> Comparison:
    """VAE/GAN 64 x 64, batch 64, the networks of Larsen et al. at full width."""
    o: dict[str, Any] = {"game": "vae_gan", "side": 64, "images": 1024}
    if quick:
        o |= {"side": 32, "images": 256, "width": 0.25}
    o["file"] = str(games.saved_images(o, folder))
    block = 1
    return Comparison(
        [
            Contender("likeness", "ours.run", o, 64, block),
            Contender("likeness float32", "ours.run", o | {"precision": "float32"}, 64, block),
            Contender("likeness, bare step", "ours.step", o | {"count": True}, 64, block),
            Contender("pythae", "rivals.vae_gan", o, 64, block),
            Contender("plain loop", "plain.vae_gan", o, 64, block),
            *_peaks(),
        ],
        _training_lines("VAE/GAN", "8", "1.8", "50 %"),
    )


def aae(folder: Path, quick: bool) -> Comparison:
    """AAE 784-1000-1000-8, batch 100."""
    o: dict[str, Any] = {"game": "aae", "side": 28, "images": 6000}
    o["file"] = str(games.saved_images(o, folder))
    block, warm = (20, 10) if quick else (60, 60)
    return Comparison(
        [
            Contender("likeness", "ours.run", o, 100, block, warm),
            Contender("likeness float32", "ours.run", o | {"precision": "float32"}, 100, block, warm),
            Contender("likeness, bare step", "ours.step", o | {"count": True}, 100, block, warm),
            Contender("pythae", "rivals.aae", o, 100, block, warm),
            Contender("plain loop", "plain.aae", o, 100, block, warm),
            *_peaks(),
        ],
        _training_lines("AAE", "5", "", ""),
    )


def _peaks() -> list[Contender]:
    return [
        Contender(f"{kind} {dtype}", f"peaks.{kind}", {"precision": dtype}, block=2, warm=2)
        for kind in ("convolution", "matmul")
        for dtype in ("bfloat16", "float32")
    ]


def _training_lines(name: str, goal: str, goal32: str, share: str) -> Callable[[Found], list[Line]]:
    def lines(found: Found) -> list[Line]:
        ours, ours32, step = (found[f"likeness{rest}"] for rest in ("", " float32", ", bare step"))
        against = {other: found[other] for other in ("pythae", "plain loop")}
        made = [
            Line(
                f"{name}, whole loop, {which} against {other}",
                f"{ratio(mine, it)}",
                g * (other == "pythae"),
            )
            for which, mine, g in (("our default", ours, goal), ("float32", ours32, goal32))
            for other, it in against.items()
        ]
        loop = ratio(ours, step)
        made.append(Line(f"{name}, whole loop against bare step", f"{loop}", "0.97"))
        return made + _shares(name, found, step, share)

    return lines


def _shares(name: str, found: Found, step: Timed, goal: str) -> list[Line]:
    """Operations a second of the bare step, against those of the machine at its best."""
    peaks = {k: t for k, t in found.items() if k.startswith(("convolution", "matmul"))}
    lines = []
    for kind, peak in peaks.items():
        shares = [
            (step.operations / mine) / (peak.operations / best)  # type: ignore[operator]
            for mine, best in zip(step.seconds, peak.seconds)
        ]
        best = peak.operations / min(peak.seconds) / 1e9  # type: ignore[operator]
        middle = sorted(shares)[len(shares) // 2]
        text = f"{middle:.0%} of {best:.0f} GFLOP/s"
        lines.append(
            Line(f"{name}, bare step, share of peak {kind}", text, goal * (kind == "convolution bfloat16"))
        )
    return lines


def codes(folder: Path, quick: bool) -> Comparison:
    """Encoding and decoding 64 x 64 images."""
    o: dict[str, Any] = {"game": "vae_gan", "side": 32 if quick else 64, "images": 64}
    o["file"] = str(games.saved_images(o, folder))
    names = {
        "likeness encode": "ours.encode",
        "likeness decode": "ours.decode",
        "pythae encode": "rivals.encode",
    }
    return Comparison(
        [Contender(name, function, o, 64, 2, 2) for name, function in names.items()],
        lambda found: (
            [
                Line(f"{name}, images a second", f"{max(t.speed(k) for k in range(len(t.seconds))):.0f}")
                for name, t in found.items()
            ]
            + [
                Line(
                    "encode against pythae's", f"{ratio(found['likeness encode'], found['pythae encode'])}"
                )
            ]
        ),
    )


def memory(folder: Path, quick: bool) -> Comparison:
    """Bare steps of the VAE/GAN, and two ways of the same batch in less memory."""
    o: dict[str, Any] = {"game": "vae_gan", "side": 32 if quick else 64, "width": 0.25 if quick else 0.5}
    options = {
        "likeness": {},
        "--gradient_checkpointing": {"gradient_checkpointing": True},
        "--batch 32 --accumulate 2": {"batch": 32, "accumulate": 2},
    }

    def lines(found: Found) -> list[Line]:
        first, *others = found.values()
        shares = [other.mib_at_most / first.mib_at_most for other in others]
        return [
            Line(f"{other.contender.name}, as fast", f"{ratio(other, first)} in {share:.2f} of the memory")
            for other, share in zip(others, shares)
        ]

    return Comparison(
        [Contender(name, "ours.step", o | said, 64, block=1) for name, said in options.items()], lines
    )


def compiled(folder: Path, quick: bool) -> Comparison:
    """Bare steps of both games, as they are and with compiled passes."""
    options: dict[str, dict[str, Any]] = {
        "VAE/GAN": {"game": "vae_gan", "side": 32, "batch": 32, "width": 0.25 if quick else 0.5},
        "AAE": {"game": "aae", "side": 28},
    }

    def lines(found: Found) -> list[Line]:
        return [
            Line(f"{name}, compiled, as fast", f"{ratio(found[f'{name}, compiled'], found[name])}")
            for name in options
        ]

    return Comparison(
        [
            Contender(name + said, "ours.step", o | {"compile": bool(said)}, block=10)
            for name, o in options.items()
            for said in ("", ", compiled")
        ],
        lines,
    )


COMPARISONS = {"vae_gan": vae_gan, "aae": aae, "codes": codes, "memory": memory, "compiled": compiled}
