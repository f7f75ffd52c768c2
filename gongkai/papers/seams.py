"""Columns of a table whose rows do not agree where cells begin: hand-drawn tables of Word, WPS and Excel.

Every row has its own seams, a few points apart or split once more than the others. The columns are the intervals
between the seams that many rows share; each cell belongs to the columns that it covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gongkai.papers.grid import Table, build_table

SHARE = 0.3
"""A seam counts when this share of the rows has it."""
TOLERANCE = 0.022
"""Seams nearer than this share of the table's width are one: some 4 mm on a page."""

Span = tuple[float, float]


def columns_of(rows: Sequence[Sequence[Span]]) -> list[Span]:
    """The columns as intervals. `rows` are the cells of each row as (left, right); rows of a single cell tell nothing."""
    telling = [r for r in rows if len(r) > 1] or [r for r in rows if r]
    if not telling:
        return []
    seams = sorted((x, i) for i, row in enumerate(telling) for cell in row for x in cell)
    low, high = seams[0][0], seams[-1][0]
    sizes = sorted(b - a for row in telling for a, b in row)
    tolerance = min((high - low) * TOLERANCE, 0.3 * sizes[len(sizes) // 2])
    clusters: list[list[tuple[float, int]]] = []
    for seam in seams:
        if clusters and seam[0] - clusters[-1][-1][0] <= tolerance and seam[0] - clusters[-1][0][0] <= 2 * tolerance:
            clusters[-1].append(seam)
        else:
            clusters.append([seam])
    kept = [c for c in clusters if len({i for _, i in c}) >= SHARE * len(telling)]
    places = sorted({sum(x for x, _ in c) / len(c) for c in kept} | {low, high})
    places = [p for i, p in enumerate(places) if i == 0 or p - places[i - 1] > tolerance or p == high]
    return [(a, b) for a, b in pairwise(places) if b > a]


def place(cell: Span, columns: Sequence[Span]) -> tuple[int, int]:
    """(first column, number of columns) that a cell covers by half or more; at least the one it covers most."""
    left, right = cell
    shared = [min(right, b) - max(left, a) for a, b in columns]
    covered = [i for i, (a, b) in enumerate(columns) if shared[i] >= 0.5 * (b - a) and shared[i] > 0]
    if not covered:
        covered = [max(range(len(columns)), key=lambda i: shared[i])]
    return covered[0], covered[-1] - covered[0] + 1


Box = tuple[int, int, float, float, str]
"""First row, number of rows, left, right, text."""


def settle(
    boxes: Sequence[Box], height: int, *, page: int | None = None, sheet: str | None = None, wrapped: bool = False
) -> Table:
    """A table of boxes whose seams may differ from row to row; two boxes of one column and row become one cell."""
    rows: list[list[Span]] = [[] for _ in range(height)]
    for row, count, left, right, _ in boxes:
        for r in range(row, min(row + count, height)):
            rows[r].append((left, right))
    columns = columns_of(rows)
    anchors: list[list[int | str]] = []
    taken: dict[tuple[int, int], list[int | str]] = {}
    for row, count, left, right, text in sorted(boxes, key=lambda b: (b[0], b[2])):
        first, width = place((left, right), columns)
        held = taken.get((row, first))
        if held is not None:
            held[4] = f"{held[4]}\n{text}".strip()
            continue
        entry: list[int | str] = [row, first, count, width, text]
        anchors.append(entry)
        for r in range(row, row + count):
            for c in range(first, first + width):
                taken.setdefault((r, c), entry)
    cells = [(int(a[0]), int(a[1]), int(a[2]), int(a[3]), str(a[4])) for a in anchors]
    return build_table(cells, height=height, width=len(columns), page=page, sheet=sheet, wrapped=wrapped)
