"""Tables that lost their cells: one cell on each line, or everything run together. Rows are rebuilt from content."""

from __future__ import annotations

import re

from gongkai.papers.grid import Cell, CellKind, Para, Table
from gongkai.plans.reading.columns import Roles, header_role, is_header_word
from gongkai.plans.reading.deadlines import looks_like_deadline
from gongkai.plans.reading.grid import Row, Stitched
from gongkai.plans.reading.numbering import HEADING_KINDS, is_ordinal, mark_of
from gongkai.plans.reading.responsibility import is_ditto, is_nothing, looks_like_units


def assemble(paras: list[Para]) -> Stitched | None:
    """A stitched table from paragraphs that were cells; None when they are no such thing."""
    return None
