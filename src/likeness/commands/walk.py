"""An endless walk among codes as an animation: likeness walk RUN --out walk.gif."""

from pathlib import Path

from likeness.commands._options import Parser, add_condition, add_device, condition_of


def run(words: list[str]) -> None:
    """Write a GIF that goes from image to image, or from sample to sample, and back to the first."""
    parser = Parser(prog="likeness walk", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("IMAGES", nargs="*", default=[], help="images to walk through (default: samples)")
    parser.add_argument("--stops", type=int, default=6, help="samples to walk through (default: 6)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the samples (default: 0)")
    parser.add_argument("--frames", type=int, default=15, help="from one to the next (default: 15)")
    parser.add_argument("--fps", type=float, default=15.0, help="frames in a second (default: 15)")
    parser.add_argument("--way", choices=("straight", "round"), default="round",
                        help="straight, or round the origin (default: round)")  # fmt: skip
    parser.add_argument("--out", default="walk.gif", help="x.gif, or x.npy, x.npz, a folder of frames")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    if given.stops < 2 or given.frames < 1 or not 0.1 <= given.fps <= 100:
        parser.error("a walk has --stops from 2, --frames from 1, and --fps from 0.1 to 100; mend these")
    if not 0 <= given.seed < 2**31:
        parser.error(f"--seed is {given.seed}; give a number from 0 up to 2147483647")
    from likeness.analysis.editing import loop
    from likeness.files.output import write_output
    from likeness.models.code_files import encode_files
    from likeness.pages import pictures
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    trained, condition = load_model(given.RUN, device=given.device), condition_of(given.condition)
    stops = (
        encode_files(trained, given.IMAGES, condition)
        if given.IMAGES
        else trained.sample_codes(given.stops, given.seed)
    )
    if len(stops) < 2:
        parser.error("there is one image; a walk leads from one to another")
    x = trained.decode(loop(stops, given.frames, given.way), condition)
    if given.out.endswith(".gif"):
        print(write_output(Path(given.out), pictures.animation(x, given.fps)))
        return
    print(write_images(trained, x, given.out, [f"frame-{k:04d}" for k in range(len(x))], given.frames))
