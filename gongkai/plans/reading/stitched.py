"""A table over all its pages: rows with where they stand, the roles of the columns, the paragraphs between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.papers.grid import Cell, CellKind, Para, Table
from gongkai.plans.reading.columns import Roles


@dataclass(slots=True)
class Row:
    """A row of a stitched table, with where it stands."""

    cells: list[Cell]
    table: Table
    number: int

    @property
    def page(self) -> int | None:
        """Page of the table that the row stands in."""
        return self.table.page

    def text(self, column: int) -> str:
        """What is printed at this very place."""
        return self.cells[column].text.strip() if column < len(self.cells) else ""

    def printed(self) -> list[int]:
        """Columns in which something is printed."""
        return [i for i, c in enumerate(self.cells) if c.kind is CellKind.PRINTED and c.text.strip()]

    def spans(self, column: int) -> int:
        """How many places of this row the cell that begins at `column` covers."""
        origin = self.cells[column].origin
        return sum(1 for c in self.cells if c.origin == origin)


class Section(Para):
    """A heading without a mark that stands over one of several tables with the same header."""


@dataclass(slots=True)
class Stitched:
    """A table over all its pages: its header, the roles of its columns, and its rows with the paragraphs between."""

    headers: list[str]
    events: list[Row | Para]
    width: int
    before: list[Para] = field(default_factory=list)
    roles: Roles | None = None
    misaligned: bool = False
    leads: list[tuple[int, list[str]]] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows, without the paragraphs between."""
        return (e for e in self.events if isinstance(e, Row))
