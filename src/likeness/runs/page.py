"""Pages that work offline: one file, no script, no outside font; light and dark."""

import base64
import html
from collections.abc import Sequence

STYLE = """
:root { color-scheme: light dark; --line: #3563c9; --soft: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-weight: 600; } h2 { margin-top: 2.5rem; font-weight: 600; } h3 { font-weight: 500; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1.2rem; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: start; }
figure { margin: 0; } figcaption { color: GrayText; font-size: 13px; }
img { max-width: 100%; image-rendering: pixelated; border-radius: 4px; }
svg { width: 100%; border-bottom: 1px solid var(--soft); }
polyline { fill: none; stroke: var(--line); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th { text-align: left; font-weight: 500; color: GrayText; }
td, th { padding: .1rem .9rem .1rem 0; white-space: nowrap; }
small { color: GrayText; font-size: 11px; display: block; margin-top: -.4rem; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #8881; padding: 1rem; overflow-x: auto; border-radius: 6px; }
"""


def page(title: str, body: str) -> str:
    """A whole page; `body` is HTML, `title` text."""
    said = html.escape(title)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{said}</title>"
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style>"
        f"<h1>{said}</h1>{body}</html>"
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
