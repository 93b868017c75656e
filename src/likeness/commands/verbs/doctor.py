"""The command `likeness doctor`."""

import os
import platform
import shutil
from importlib import import_module, metadata
from pathlib import Path

from likeness import __version__, registry
from likeness.commands._verb import Result, verb
from likeness.errors import error_summary

REQUIRED = (
    "torch", "numpy", "pillow", "pydantic", "cyclopts", "pyyaml", "safetensors", "pyarrow", "scikit-learn",
    "jaxtyping", "tqdm",
)  # fmt: skip
EXTRAS = {"tensorboard": "tensorboard", "hub": "datasets", "onnx": "onnxruntime"}
"""Optional parts of the installation, each with the package that it needs."""


@verb("set up", numbers=True)
def doctor() -> Result:
    """Check the installation: versions, devices, optional and broken packages, data caches and room on
    disk."""
    facts = {
        "likeness": f"{__version__}, in {Path(registry.__file__).parent}",
        "python": f"{platform.python_version()} on {platform.platform()}",
        **{name: _version(name) for name in REQUIRED},
        **{f"[{extra}]": _extra(extra, package) for extra, package in EXTRAS.items()},
        **_devices(),
        **_caches(),
    }
    broken = _broken_entries()
    lines = [f"{name:<14}{fact}" for name, fact in facts.items()]
    lines += [f"broken        {line}" for line in broken] or ["broken        no package of another maker"]
    return Result(lines, facts | {"broken": broken})


def _version(package: str) -> str:
    """The version of an installed package, or what is wrong with it."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing; reinstall likeness"


def _extra(extra: str, package: str) -> str:
    """Whether the package of an optional part is installed and can be imported."""
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        return f"not installed; pip install 'likeness[{extra}]' if you need it"
    try:
        import_module(package)
    except Exception as error:
        return f"{package} {version} cannot be imported ({error_summary(error, 100, with_type=True)})"
    return f"{package} {version}"


def _devices() -> dict[str, str]:
    """Processors and graphics cards, with the precision that `--precision auto` takes on each."""
    import torch

    facts = {"cpu": f"{os.cpu_count()} cores, {torch.get_num_threads()} threads, "
                    f"{torch.backends.cpu.get_cpu_capability()}"}  # fmt: skip
    if not torch.cuda.is_available():
        return facts | {"cuda": "no device that PyTorch can use"}
    for k in range(torch.cuda.device_count()):
        found = torch.cuda.get_device_properties(k)
        free, total = torch.cuda.mem_get_info(k)
        facts[f"cuda:{k}"] = f"{found.name}, {free / 2**30:.1f} of {total / 2**30:.1f} GiB free"
    return facts


def _caches() -> dict[str, str]:
    """The cache of images, its size, and the room on its disk and on that of the current directory."""
    from likeness.data.reading import cache

    place = cache.folder()
    used = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) if place.exists() else 0
    free = {path: shutil.disk_usage(_nearest_folder(path)).free for path in (place, Path.cwd())}
    return {
        "data cache": f"{place}, {used / 2**30:.2f} GiB, {free[place] / 2**30:.1f} GiB free",
        "disk here": f"{Path.cwd()}, {free[Path.cwd()] / 2**30:.1f} GiB free",
    }


def _nearest_folder(path: Path) -> Path:
    """A path, or its nearest folder that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _broken_entries() -> list[str]:
    """Entries that other packages have installed and that cannot be imported, a line each."""
    lines = []
    for package in registry.OPEN_PACKAGES:
        for name in registry.additional_names(package):
            try:
                registry.entry(package, name, registry.Entry)
            except Exception as error:
                lines.append(" ".join(str(error).split()))
    return lines
