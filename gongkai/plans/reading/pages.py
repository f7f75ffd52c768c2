"""Rows and headings that the end of a page has cut, put together again."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.papers.grid import Cell, CellKind, Para
from gongkai.plans.reading.columns import Roles
from gongkai.plans.reading.numbering import mark_of
from gongkai.plans.reading.stitched import Row, Stitched

_ENDED = re.compile(r"[。；;！？!?.：:）)”’】〕]\s*$")


def join_pages(group: Stitched, roles: Roles | None) -> None:
    """Join a row that a page end has cut in two: the rest of it stands first on the next page."""
    if roles is None:
        return
    joined: list[Row | Para] = []
    last: Row | None = None
    rows = list(group.rows())
    numbered = roles.seq is not None and sum(1 for r in rows if r.text(roles.seq)) >= 0.6 * len(rows)
    marked = sum(1 for r in rows if mark_of(r.text(roles.content))) >= 0.6 * len(rows)
    for event in group.events:
        if isinstance(event, Row):
            if last is not None and numbered and _cut_before_its_number(event, last, roles):
                _put_together(last, event)
                continue
            if last is not None and event.table is not last.table and _is_rest(event, last, roles, numbered, marked):
                _append(joined, event, roles)
                continue
            turned = last is not None and event.table is not last.table
            if last is not None and event.table.wrapped and (turned or not event.table.certain_merges):
                _join_headings(joined, event, roles)
            last = event
        joined.append(event)
    group.events = joined


def _is_rest(row: Row, last: Row, roles: Roles, numbered: bool, marked: bool) -> bool:
    here, above = row.text(roles.content), last.text(roles.content)
    printed = row.printed()
    if not printed or mark_of(here) is not None:
        return False
    if any(row.cells[c].kind is CellKind.MERGED and row.cells[c].origin[1] != c for c in range(len(row.cells))):
        return False
    if row.page == last.page and row.page is not None:
        return False
    if not row.table.wrapped and not (here and above and not _ENDED.search(above)):
        return False
    if numbered and roles.seq is not None:
        return not row.text(roles.seq)
    if any(mark_of(row.text(c)) is not None for c in printed):
        return False
    if here and above and not _ENDED.search(above):
        return True
    if here and marked and row.table.wrapped:
        return True
    # Only the tail of a list of units was left over.
    return not here and set(printed) <= set(roles.responsibility + roles.due) and row.table.wrapped


def _cut_before_its_number(row: Row, last: Row, roles: Roles) -> bool:
    """Two parts of one row, of which the first has no number: it stands in the middle of the row, on the next page."""
    if roles.seq is None or not last.table.goes_on or row.table is last.table or last is not _last_of(last):
        return False
    return not last.text(roles.seq) and bool(row.text(roles.seq)) and mark_of(row.text(roles.content)) is None


def _last_of(row: Row) -> Row | None:
    return row if row.number == len(row.table.rows) else None


def _put_together(row: Row, rest: Row) -> None:
    for column in rest.printed():
        cell, more = row.cells[column], rest.cells[column]
        if cell.kind is CellKind.PRINTED and cell.text.strip():
            cell.text = f"{cell.text}\n{more.text}"
        else:
            row.cells[column] = replace(more, origin=cell.origin if cell.kind is CellKind.PRINTED else more.origin)


def _append(events: list[Row | Para], rest: Row, roles: Roles) -> None:
    for column in rest.printed():
        for event in reversed(events):
            if isinstance(event, Row) and event.cells[column].kind is CellKind.PRINTED:
                cell = event.cells[column]
                cell.text = f"{cell.text}\n{rest.cells[column].text}"
                break
        else:
            continue


def _join_headings(events: list[Row | Para], row: Row, roles: Roles) -> None:
    """The tail of a heading that a page end has cut: an open bracket above, or the only one without a number."""
    for column in roles.path:
        text = row.text(column)
        if not text or mark_of(text) is not None:
            continue
        above = next(
            (
                e.cells[column]
                for e in reversed(events)
                if isinstance(e, Row) and e.cells[column].kind is CellKind.PRINTED
            ),
            None,
        )
        if above is None:
            continue
        others = [e.text(column) for e in events if isinstance(e, Row) and e.text(column)]
        marked = sum(1 for t in others if mark_of(t) is not None)
        open_bracket = above.text.count("（") > above.text.count("）") or above.text.count("“") > above.text.count("”")
        if open_bracket or (others and marked == len(others)) or text.startswith("（"):
            above.text = f"{above.text}\n{text}"
            cell = row.cells[column]
            row.cells[column] = Cell("", CellKind.EMPTY, cell.origin, cell.page)
