"""The command `likeness score`."""

from pathlib import Path
from typing import Annotated, Literal

from likeness.commands._arguments import AnySplit, DataArgument, Device, OutFile, OwnData, RunPath, Words
from likeness.commands._verb import Result, verb
from likeness.settings import Metavar

Metric = Annotated[str | None, Metavar("pixels|RUN")]


@verb("measure", numbers=True)
def score(
    run: RunPath,
    images: OwnData,
    *,
    metric: Metric = None,
    against: Literal["reconstruction", "training"] = "reconstruction",
    anomalous: Words = None,
    data: DataArgument = None,
    split: AnySplit = "all",
    out: OutFile = "scores.parquet",
    device: Device = "auto",
) -> Result:
    """Score how anomalous images are, by their distance from their reconstructions or from training images.

    Args:
        images: Images to score, as in `likeness train --data`.
        metric: What measures the distance: pixels, or a run or a saved metric; by default the run's own
            metric, or pixels if it has none.
        against: What an image is compared with: its reconstruction, or the nearest training images.
        anomalous: Labels that are anomalies: print the area under the ROC curve with which scores tell
            them.
        data: Where the run's data are now, for --against training; by default where they were.
        out: Table to write.
    """
    from likeness.analysis import anomaly
    from likeness.runs.loading import load_model

    model = load_model(run, device=device)
    model.training_data = model.training_data.at(data)
    found = anomaly.score_images(model, run, images, metric, split, against)
    file = found.write(Path(out))
    lines, numbers = [f"scores by {found.kind}: {file}"], None
    if anomalous is not None:
        area = found.anomaly_auroc(list(anomalous))
        numbers = {"auroc": area._asdict()}
        lines.append(f"AUROC {area.mean:.4f} [{area.low:.4f}, {area.high:.4f}], {area.images:,} images")
        if seen := found.training_image_count(model):
            lines.append(f"warning: {seen:,} of these images were trained on; --split test leaves them out")
    return Result(lines, numbers, [Path(file)])
