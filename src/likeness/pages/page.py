"""Pages that work offline: one file, no script, no outside font; light and dark."""

import base64
import html
from collections.abc import Sequence
from importlib import resources

STYLE = resources.files("likeness.pages").joinpath("look.css").read_text()
"""What the explorer looks like, too."""


def page(title: str, body: str) -> str:
    """A whole page; `body` is HTML, `title` text."""
    said = html.escape(title)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{said}</title>"
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style>"
        f"<body class=report><h1>{said}</h1>{body}</html>"
    )


def picture(png: bytes, name: str) -> str:
    """A PNG file within the page."""
    inline = base64.b64encode(png).decode()
    return f"<img alt='{html.escape(name)}' src='data:image/png;base64,{inline}'>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of text; all columns but the first are numbers, with intervals below them."""
    top = "".join(f"<th>{html.escape(word)}" for word in head)
    lines = "".join(
        f"<tr><td>{html.escape(first)}{''.join(f'<td class=n>{_cell(v)}' for v in rest)}"
        for first, *rest in rows
    )
    return f"<div class=wide><table><tr>{top}{lines}</table></div>"


def _cell(text: str) -> str:
    """`3 [2, 4]` on two lines, so that many columns are seen at once."""
    mean, opened, ends = html.escape(text).partition(" [")
    return f"{mean}<small>[{ends}</small>" if opened else mean
