"""A document as it looks, with the places from which rows were read: the left side of the intake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.base.actions import path_of
from gongkai.papers import Paper, Para, Table, read_bytes
from gongkai.papers.grid import CellKind

Span = tuple[int, int, str]
SHOWN = 4000
"""Cells and paragraphs shown at most; a plan has some hundreds."""


@lru_cache(maxsize=16)
def paper_of(digest: str, name: str) -> Paper:
    """The document again, from its kept bytes. Read once for many turns of the page."""
    return read_bytes(path_of(digest).read_bytes(), name)


def anchor_of(source: dict[str, Any]) -> str:
    """The id of the place that a row came from; empty where it is not known."""
    if source.get("table") is not None and source.get("row") is not None:
        return f"t{source['table']}r{source['row']}c{source.get('column') or 1}"
    if source.get("paragraph") is not None:
        return f"p{source['paragraph']}"
    return ""


def spans_of(rows: Iterable[dict[str, Any]]) -> dict[str, list[Span]]:
    """Where rows stand inside each place: (from, to, key), in order, not overlapping."""
    out: dict[str, list[Span]] = defaultdict(list)
    for row in rows:
        anchor = anchor_of(row["source"])
        if anchor:
            start, end = row["source"].get("span") or (0, 10**9)
            out[anchor].append((start, end, row["key"]))
    return {a: sorted(s) for a, s in out.items()}


def paper_html(paper: Paper, rows: Sequence[dict[str, Any]]) -> SafeString:
    """The document as HTML; what a row came from is marked with its key."""
    spans = spans_of(rows)
    parts: list[SafeString] = []
    left = SHOWN
    page = None
    for block in paper.blocks:
        if left <= 0:
            parts.append(mark_safe('<p class="more">后面还有，请看原件。</p>'))
            break
        if block.page is not None and block.page != page and paper.kind == "pdf":
            page = block.page
            parts.append(format_html('<p class="page-no">第{}页</p>', page))
        if isinstance(block, Para):
            left -= 1
            anchor = f"p{block.number}"
            # No heading elements: the headings of a document are none of the page's.
            kind = "src doc-head" if block.level and block.level < 9 else "src"
            parts.append(
                format_html("<p id='{}' class='{}'>{}</p>", anchor, kind, _text(block.text, spans.get(anchor)))
            )
        else:
            left -= sum(len(r) for r in block.rows)
            parts.append(_table(block, spans))
    return mark_safe("".join(parts))


def _table(table: Table, spans: dict[str, list[Span]]) -> SafeString:
    lines = []
    for r, row in enumerate(table.rows):
        cells = []
        for c, cell in enumerate(row):
            if cell.kind is CellKind.MERGED and cell.origin != (r, c):
                continue
            high, wide = _size(table, r, c)
            anchor = f"t{table.number}r{r + 1}c{c + 1}"
            cells.append(
                format_html(
                    "<td id='{}' class='src' rowspan='{}' colspan='{}'>{}</td>",
                    anchor,
                    high,
                    wide,
                    _text(cell.text, spans.get(anchor)),
                )
            )
        lines.append(format_html("<tr>{}</tr>", mark_safe("".join(cells))))
    caption = format_html("<caption>{}</caption>", table.sheet) if table.sheet else ""
    return format_html("<table class='paper-table'>{}<tbody>{}</tbody></table>", caption, mark_safe("".join(lines)))


def _size(table: Table, row: int, column: int) -> tuple[int, int]:
    """How many rows and columns the cell at a place covers."""
    high = wide = 1
    while row + high < len(table.rows) and _covers(table, row + high, column, row, column):
        high += 1
    while column + wide < len(table.rows[row]) and _covers(table, row, column + wide, row, column):
        wide += 1
    return high, wide


def _covers(table: Table, r: int, c: int, row: int, column: int) -> bool:
    cells = table.rows[r]
    return c < len(cells) and cells[c].kind is CellKind.MERGED and cells[c].origin == (row, column)


def _text(text: str, spans: list[Span] | None) -> SafeString:
    """Text with its spans marked; line ends stay line ends."""
    if not spans:
        return _lines(text)
    out, at = [], 0
    for start, end, key in spans:
        start, end = max(start, at), min(end, len(text))
        if start > at:
            out.append(_lines(text[at:start]))
        if end > start:
            out.append(format_html("<mark data-row='{}'>{}</mark>", key, _lines(text[start:end])))
            at = end
        else:
            out.append(format_html("<mark data-row='{}'></mark>", key))
    out.append(_lines(text[at:]))
    return mark_safe("".join(out))


def _lines(text: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((conditional_escape(x),) for x in text.split("\n")))
