"""The one shape that every document takes: paragraphs and tables of cells, each knowing its place.

Readers differ in what they can tell: a Word file knows which cells are merged, a text dump does not.
`CellKind` keeps that difference, because a merged cell certainly inherits and an empty one only perhaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class CellKind(StrEnum):
    """How a place in a table's grid came to hold (or not to hold) text."""

    PRINTED = "printed"
    """Text stands here."""
    MERGED = "merged"
    """Covered by a cell above or to the left, as the file itself says."""
    EMPTY = "empty"
    """A cell of its own, with nothing in it."""
    ABSENT = "absent"
    """No cell at all: the row is shorter than the table."""


@dataclass(slots=True)
class Cell:
    """One place of a table's grid.

    `origin` is the (row, column) of the cell that covers this place, its own for an unmerged cell.
    `start` is the offset of the first character in the text of the source, where there is such a text.
    """

    text: str
    kind: CellKind
    origin: tuple[int, int]
    page: int | None = None
    start: int | None = None

    @property
    def blank(self) -> bool:
        """True where nothing is printed at this very place."""
        return self.kind is not CellKind.PRINTED


@dataclass(slots=True)
class Table:
    """A table as a full rectangle of cells.

    `certain_merges` tells whether MERGED was read from the file (Word, Excel, HTML, ruled PDF) or cannot be
    told from EMPTY (text dumps). `wrapped` tells that a line end inside a cell may be a mere wrap of the line.
    """

    rows: list[list[Cell]]
    certain_merges: bool = True
    wrapped: bool = False
    number: int = 0
    page: int | None = None
    sheet: str | None = None
    goes_on: bool = False
    """The last row has no rule below it at the end of a page: it may go on on the next one."""

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(r) for r in self.rows), default=0)


@dataclass(slots=True)
class Para:
    """A paragraph outside any table; `level` is the outline level from 1, 0 for body text."""

    text: str
    level: int = 0
    page: int | None = None
    number: int = 0
    start: int | None = None


@dataclass(slots=True)
class Paper:
    """A document as read: its blocks in reading order."""

    blocks: list[Para | Table]
    kind: str
    name: str = ""
    warnings: list[str] = field(default_factory=list)

    def tables(self) -> Iterator[Table]:
        """The tables, in order."""
        return (b for b in self.blocks if isinstance(b, Table))

    def paras(self) -> Iterator[Para]:
        """The paragraphs outside tables, in order."""
        return (b for b in self.blocks if isinstance(b, Para))

    def number(self) -> Paper:
        """Number paragraphs and tables from 1, so that a place can be named; returns itself."""
        paras = tables = 0
        for block in self.blocks:
            if isinstance(block, Table):
                tables += 1
                block.number = tables
            else:
                paras += 1
                block.number = paras
        return self


def build_table(
    cells: list[tuple[int, int, int, int, str]],
    *,
    height: int,
    width: int,
    page: int | None = None,
    sheet: str | None = None,
    wrapped: bool = False,
) -> Table:
    """A full grid from anchors `(row, column, rowspan, colspan, text)`; places that no anchor covers are ABSENT."""
    rows = [[Cell("", CellKind.ABSENT, (r, c), page) for c in range(width)] for r in range(height)]
    for row, column, rowspan, colspan, text in cells:
        kind = CellKind.PRINTED if text.strip() else CellKind.EMPTY
        for r in range(row, min(row + rowspan, height)):
            for c in range(column, min(column + colspan, width)):
                own = r == row and c == column
                rows[r][c] = Cell(text if own else "", kind if own else CellKind.MERGED, (row, column), page)
    return Table(rows, page=page, sheet=sheet, wrapped=wrapped)


def build_ragged(rows: list[list[tuple[str, int | None]]], *, page: int | None = None) -> Table:
    """A table from rows of `(text, offset)` in which merges cannot be told; short rows are filled with ABSENT."""
    width = max((len(r) for r in rows), default=0)
    grid = []
    for r, row in enumerate(rows):
        line = []
        for c in range(width):
            if c >= len(row):
                line.append(Cell("", CellKind.ABSENT, (r, c), page))
            else:
                text, start = row[c]
                kind = CellKind.PRINTED if text.strip() else CellKind.EMPTY
                line.append(Cell(text.strip(), kind, (r, c), page, start))
        grid.append(line)
    return Table(grid, certain_merges=False, page=page)
