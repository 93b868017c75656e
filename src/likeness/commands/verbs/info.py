"""The command `likeness info`."""

from likeness.commands._arguments import RunPath
from likeness.commands._verb import Result, verb


@verb("train and look", numbers=True)
def info(run: RunPath) -> Result:
    """Show what a run is: method, data, networks, progress and newest numbers."""
    from likeness.runs.best import best_of
    from likeness.runs.loading import load_model
    from likeness.runs.run import run_of

    found, model = run_of(run), load_model(run)
    images = found.data()["images"]
    lines = [
        f"method        {model.method}, {model.step:,} steps",
        f"data          {model.data.place}: {images}",
        f"images        {tuple(model.shape)} (channels, height, width), {model.scaling.dtype}",
    ]
    if model.conditions.items:
        lines.append(f"conditions    {model.conditions}")
    if best := best_of(found):
        lines.append(f"best          {best}")
    sizes = {name: sum(p.numel() for p in net.parameters()) for name, net in model.nets.items()}
    lines += [f"{name:<14}{size:,} parameters" for name, size in sizes.items()]
    lines += [f"{name:<34}{value:,.5g}" for name, value in found.newest().items()]
    numbers = {
        "method": model.method, "step": model.step, "data": str(model.data.place), "images": images,
        "shape": list(model.shape), "parameters": sizes, **found.newest(),
    }  # fmt: skip
    return Result(lines, numbers)
