"""Say what a run is: likeness info RUN."""

from likeness.commands._options import Parser
from likeness.runs.best import best_of
from likeness.runs.loading import load_model
from likeness.runs.run import run_of


def run(words: list[str]) -> None:
    """Print method, data, networks, progress and newest numbers."""
    parser = Parser(prog="likeness info", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    given = parser.read(words)
    run, model = run_of(given.RUN), load_model(given.RUN)
    data = run.data()
    print(f"method        {model.method}, {model.step:,} steps")
    print(f"data          {model.data.place}: {data['images']}")
    print(f"images        {tuple(model.shape)} (channels, height, width), {model.scaling.dtype}")
    if model.conditions.items:
        print(f"conditions    {model.conditions}")
    if best := best_of(run):
        print(f"best          {best}")
    for name, net in model.nets.items():
        print(f"{name:<14}{sum(p.numel() for p in net.parameters()):,} parameters")
    for name, value in run.newest().items():
        print(f"{name:<34}{value:,.5g}")
