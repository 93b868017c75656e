"""Decode samples of the prior: likeness sample RUN -n 64 --out samples.png."""

from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.runs.loading import load_model
from likeness.runs.output import write_images


def run(words: list[str]) -> None:
    """Write samples, a function of the seed."""
    parser = Parser(prog="likeness sample", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("-n", type=int, default=64, help="how many (default: 64)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the codes (default: 0)")
    parser.add_argument("--temperature", type=float, default=1.0,
                        help="codes are so many times as far from the origin (default: 1)")  # fmt: skip
    add_condition(parser, "samples (default: those of training images)")
    parser.add_argument("--out", default="samples.png", help="x.png, x.npy, x.npz or a folder")
    add_device(parser)
    given = parser.read(words)
    if given.n < 1:
        parser.error(f"-n is {given.n}; ask for one sample or more")
    if not 0 <= given.seed < 2**31:
        parser.error(f"--seed is {given.seed}; give a number from 0 up to 2147483647")
    if not 0 <= given.temperature < float("inf"):
        parser.error(f"--temperature is {given.temperature}; give a number from 0 up")
    model = load_model(given.RUN, device=given.device)
    names = [f"sample-{k:04d}" for k in range(given.n)]
    x = model.sample(
        given.n, seed=given.seed, temperature=given.temperature, condition=condition_of(given.condition)
    )
    print(write_images(model, x, given.out, names, columns=max(1, round(given.n**0.5))))
