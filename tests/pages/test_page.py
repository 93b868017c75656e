"""Pages work without anything else, and show as text what is not theirs."""

import base64
import re
from html.parser import HTMLParser

from likeness.pages.page import page, picture, table
from likeness.pages.pictures import grid, png
from support.made_images import smooth

HOSTILE = "<script>alert(1)</script> & 'it'"


class Outline(HTMLParser):
    """The tags, attributes and text of a page, as a browser reads them."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.text: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_page_needs_no_other_file_and_runs_nothing() -> None:
    content = page("a title", "<p>body</p>")
    assert not re.findall(r"https?:|<script|<link|@import|url\(|src=", content)
    assert content.startswith("<!doctype html>") and "color-scheme: light dark" in content


def test_a_title_is_shown_as_text() -> None:
    seen = Outline(page(HOSTILE, ""))
    assert "script" not in seen.tags and seen.tags.count("h1") == 1
    assert seen.text.count(HOSTILE) == 2, "in the title and above the page"


def test_a_picture_is_within_the_page_byte_by_byte() -> None:
    content = png(grid(smooth(1), 1))
    (found,) = Outline(picture(content, HOSTILE)).attributes
    assert found["alt"] == HOSTILE
    kind, _, inline = str(found["src"]).partition(",")
    assert kind == "data:image/png;base64" and base64.b64decode(inline) == content


def test_a_table_has_its_rows_and_all_but_the_first_column_are_numbers() -> None:
    seen = Outline(table(["", "ae", "vae"], [["pixel_mse", "1", "2"], [HOSTILE, "3", ""]]))
    assert [seen.tags.count(tag) for tag in ("tr", "th", "td")] == [3, 3, 6]
    cells = [about.get("class") for tag, about in zip(seen.tags, seen.attributes) if tag == "td"]
    assert cells == [None, "n", "n", None, "n", "n"]
    assert seen.text == ["ae", "vae", "pixel_mse", "1", "2", HOSTILE, "3"]


def test_an_interval_stands_below_its_mean() -> None:
    seen = Outline(table(["", "ae"], [["ssim [3, 4]", "0.5 [0.4, 0.6]"]]))
    assert seen.text == ["ae", "ssim [3, 4]", "0.5", "[0.4, 0.6]"]
    assert seen.tags.count("small") == 1, "the name of a row is no number"
