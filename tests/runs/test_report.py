"""The report of a run: one file that says all of it."""

import json
import re
from pathlib import Path

from likeness.runs.report import write_report
from likeness.runs.run import Run
from support.small_runs import trained


def test_the_report_is_one_file_that_works_offline(run: Path) -> None:
    page = (run / "report.html").read_text()
    assert not re.findall(r"https?:|<script|<link|@import|url\(", page)
    sources = re.findall(r"src=.(.{30})", page)
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_the_report_contains_settings_curves_pictures_and_final_numbers(run: Path) -> None:
    page = (run / "report.html").read_text()
    assert "hidden: 8" in page
    assert "checkpoint_every: 2" in page
    curves = re.findall(r"<polyline points='([^']+)'/></svg><figcaption>(\w+):", page)
    last = Run(run).metrics()[-1]
    assert {"pixels", "llike", "validation_pixels"} <= {name for _, name in curves}
    assert f"<td>validation_pixels<td class=n>{last['validation_pixels']:,.5g}" in page
    assert "4 steps; images: 32 train, 4 validation, 4 test" in page
    assert "reconstructions-00000004" in page


def test_the_report_shows_names_as_text(images: Path, tmp_path: Path) -> None:
    data = tmp_path / "<b>&.npz"
    data.write_bytes(images.read_bytes())
    page = trained(tmp_path / "run", data).report.read_text()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;.npz" in page


def test_a_number_has_a_curve_of_the_steps_that_say_it(run: Path) -> None:
    """Its least is below, its most above; one that is not finite anywhere has none."""
    lines = [{"step": 0, "a": 1.0, "b": None}, {"step": 5, "a": None}, {"step": 10, "a": 3.0, "b": None}]
    Run(run).metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    page = write_report(Run(run)).read_text()
    curves = re.findall(r"<polyline points='([^']+)'/></svg><figcaption>([^<]*)</figcaption>", page)
    assert curves == [("0.0,110.0 300.0,0.0", "a: 3 (from 1 to 3)")]
    assert "<td>a<td class=n>3</tr>" in page and "<td>b" not in page


def test_images_that_were_skipped_are_counted(run: Path) -> None:
    about = Run(run).data() | {"skipped": ["a.png: cut short", "b.png: empty"]}
    Run(run).write_data(about)
    assert "4 test; 2 images skipped</p>" in write_report(Run(run)).read_text()
