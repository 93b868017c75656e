"""What is measured by itself: start-up, reading of data, and how cost grows."""

import argparse
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.comparisons import Line
from benchmarks.contenders import games
from benchmarks.session import Contender, timed
from likeness.shapes import Shape

Study = Callable[[Path, argparse.Namespace], tuple[list[Line], Any]]


def start(folder: Path, given: argparse.Namespace) -> tuple[list[Line], Any]:
    """How long `likeness --help` takes, as a process of its own."""
    seconds = []
    for _ in range(given.turns + 1):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "likeness", "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    seconds = seconds[1:]  # the first one reads the disk
    text = f"{median(seconds):.3f} s ({min(seconds):.3f} to {max(seconds):.3f})"
    return [Line("likeness --help", text, "0.5 s")], seconds


READING = """
import json, resource, sys, time
from likeness.data.augmentation import Augmentation
from likeness.data.batches import Batches
from likeness.data.dataset import load
from likeness.data.settings import DataSettings
begun = time.perf_counter()
d = load(DataSettings(**json.loads(sys.argv[1])), 0)
read = time.perf_counter() - begun
batches = Batches(d.train, d.scaling, 64, 0, Augmentation(flip=True, shift=2))
batches.at(0)
begun = time.perf_counter()
for t in range(1, 51):
    batches.at(t)
at = (time.perf_counter() - begun) / 50
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"read": read, "batch": at, "images": len(d.train), "mib": peak}))
"""


def data(folder: Path, given: argparse.Namespace) -> tuple[list[Line], Any]:
    """Reading 128 x 128 JPEG files to 64 x 64, the same in Parquet, and an array; then batches of 64,
    mirrored and moved."""
    images = games.made_images(256 if given.quick else 2000, Shape(3, 128, 128))
    lines, found = [], {}
    for name, said in _stored(images, folder):
        found[name] = alone(READING, said, given)
        f = found[name]
        batch = f"{1e3 * f['batch']:.2f} ms, {64 / f['batch']:.0f} images/s"
        text = f"{f['images'] / f['read']:.0f} images/s; then a batch in {batch}"
        lines.append(Line(f"reading {name}", text))
    return lines, found


def _stored(images: np.ndarray, folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The same images in three ways."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    jpegs = []
    (folder / "jpeg").mkdir()
    for k, image in enumerate(images):
        held = io.BytesIO()
        Image.fromarray(image).save(held, "JPEG", quality=90)
        jpegs.append(held.getvalue())
        (folder / "jpeg" / f"{k:06d}.jpg").write_bytes(jpegs[-1])
    column = pa.array([{"bytes": b, "path": None} for b in jpegs])
    pq.write_table(pa.table({"image": column}), folder / "images.parquet")
    np.save(folder / "images.npy", images)
    return [
        ("a folder of JPEG files", {"data": str(folder / "jpeg"), "size": "64"}),
        ("Parquet with JPEG files", {"data": str(folder / "images.parquet"), "size": "64"}),
        ("an array", {"data": str(folder / "images.npy")}),
    ]


def alone(program: str, said: Any, given: argparse.Namespace) -> Any:
    """What a program in a process of its own prints as JSON."""
    pinned = ["taskset", "-c", given.cores] if given.cores else []
    words = [*pinned, sys.executable, "-c", program, json.dumps(said)]
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"OMP_NUM_THREADS": str(given.threads)},
    )  # fmt: skip
    return json.loads(done.stdout)


MAPPED = """
import json, sys, time
import numpy as np
from likeness.data.batches import Batches
from likeness.data.dataset import Split
from likeness.data.scaling import Scaling
said = json.loads(sys.argv[1])
images = np.load(said["file"], mmap_mode="r")
split = Split("train", images, np.full(len(images), -1), [])
batches = Batches(split, Scaling("uint8", (0.0,) * 3, (255.0,) * 3), 64, 0)
batches.at(0)
begun = time.perf_counter()
for t in range(1, 101):
    batches.at(t)
at = (time.perf_counter() - begun) / 100
held = {l.split(":")[0]: int(l.split()[1]) / 1024 for l in open("/proc/self/status") if l.startswith("Rss")}
print(json.dumps({"images": len(images), "batch": at, "anonymous_mib": held["RssAnon"]}))
"""


def growth(folder: Path, given: argparse.Namespace) -> tuple[list[Line], Any]:
    """How cost grows with the data, the size of images, the batch, the codes, and the steps."""
    lines, found = [], {}
    least = 100 if given.quick else 1000
    for factor in (1, 10, 100):
        file = folder / f"growth{factor}.npy"
        _grown(file, factor * least)
        found[f"data {factor}"] = f = alone(MAPPED, {"file": str(file)}, given)
        text = f"a batch in {1e3 * f['batch']:.2f} ms, {f['anonymous_mib']:.0f} MiB beside the mapped file"
        lines.append(Line(f"{f['images']:,} images of 64 x 64, memory-mapped", text))
        file.unlink()
    for title, contenders in _sizes(given.quick).items():
        times = timed(contenders, 3, given.threads, given.cores)
        found[title] = {k: t.document() for k, t in times.items()}
        for name, t in times.items():
            text = f"{median(t.seconds):.4g} s a step, at most {t.mib_at_most:.0f} MiB"
            lines.append(Line(f"VAE/GAN, {title} {name}", text))
    steady, found["steps"] = _steady(folder, given)
    return [*lines, *steady], found


def _grown(file: Path, images: int) -> None:
    """An array of so many images, written piece by piece."""
    mapped = np.lib.format.open_memmap(file, "w+", np.uint8, (images, 64, 64, 3))
    piece = games.made_images(100, Shape(3, 64, 64))
    for k in range(0, images, 100):
        mapped[k : k + 100] = piece
    mapped.flush()


def _sizes(quick: bool) -> dict[str, list[Contender]]:
    """Bare steps of narrow networks, one thing changed at a time."""
    base: dict[str, Any] = {"game": "vae_gan", "side": 32 if quick else 64, "width": 0.25, "batch": 16}
    changes = {
        "side": (32, 64) if quick else (32, 64, 128, 256),
        "batch": (8, 32) if quick else (8, 16, 32, 64),
        "latent": (8, 512),
    }
    return {
        key: [Contender(str(value), "ours.step", base | {key: value}, block=1) for value in values]
        for key, values in changes.items()
    }


def _steady(folder: Path, given: argparse.Namespace) -> tuple[list[Line], Any]:
    """Memory of a long run, turn by turn."""
    o: dict[str, Any] = {"game": "aae", "side": 8, "images": 640}
    o |= {
        "file": str(games.saved_images(o, folder)),
        "log": {"pictures_every": 10**6, "checkpoint_every": 10**6},
    }
    block = 20 if given.quick else 200
    one = Contender("steps", "ours.run", o, 100, block, block)
    t = timed([one], 5, given.threads, given.cores)["steps"]
    text = ", ".join(f"{mib:.1f}" for mib in t.mib)
    return [Line(f"memory after {block} to {6 * block} steps, MiB", text)], t.mib


STUDIES: dict[str, Study] = {"start": start, "data": data, "growth": growth}
