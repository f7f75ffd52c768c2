"""Rows that are no tasks, and rows whose cells stand in the wrong column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import Cell, CellKind, Para
from gongkai.plans.reading.brackets import tail_responsibility
from gongkai.plans.reading.columns import Roles
from gongkai.plans.reading.deadlines import looks_like_deadline
from gongkai.plans.reading.items import flat
from gongkai.plans.reading.masks import is_ditto, is_nothing
from gongkai.plans.reading.model import Source, Task
from gongkai.plans.reading.numbering import HEADING_KINDS, is_ordinal, mark_of
from gongkai.plans.reading.ranking import Ranking
from gongkai.plans.reading.responsibility import looks_like_units
from gongkai.plans.reading.stitched import Row, Section, Stitched

_NOTE = re.compile(
    r"^\s*(?:注|备注|说明|附注|填表说明|填报说明|注释|\*)\s*\d?\s*[:：.、]|^\s*(?:合计|总计|小计|填表|填报|审核人|制表|联系人)"
)


@dataclass(slots=True)
class Place:
    """Where the reader stands in a table."""

    sections: list[tuple[float, str]] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    where: dict[int, str] = field(default_factory=dict)
    held_due: dict[int, str] = field(default_factory=dict)
    held_persons: dict[int, str] = field(default_factory=dict)
    seq: str = ""
    noted: bool = False
    guessed: bool = False
    content: str = ""
    sentences: bool = False
    numbered_head: int | None = None
    merging: frozenset[int] = frozenset()
    full: dict[int, int] = field(default_factory=dict)
    source: Source | None = None
    ranking: Ranking = field(default_factory=Ranking)
    inner: list[tuple[float, str]] = field(default_factory=list)
    """Headings that stand in a cell of tasks, over the items below them."""
    by_number: dict[str, dict[int, str]] = field(default_factory=dict)
    """The responsibility cells of the rows above, by their number: 同第1项 means those of row 1."""
    said: str = ""
    """Who owes the rows under a section that names them, in a table without a column for it."""


def full_lines(group: Stitched, roles: Roles) -> dict[int, int]:
    """The longest line of each responsibility column: where the column's edge breaks a line."""
    return {
        c: max(
            (len(line.strip()) for r in group.rows() if c < len(r.cells) for line in r.cells[c].text.split("\n")),
            default=0,
        )
        for c in roles.responsibility
    }


def numbered_head(group: Stitched, roles: Roles) -> int | None:
    """The column of task names in which the number of each task is printed (`1.政府工作要公开透明`)."""
    if roles.seq is not None or not roles.path:
        return None
    column = roles.path[-1]
    rows = [r for r in group.rows() if r.text(roles.content)]
    marks = [mark_of(r.text(column)) for r in rows]
    own = [mark_of(r.text(roles.content)) for r in rows]
    numbered = sum(1 for m in marks if m is not None and m.kind not in HEADING_KINDS)
    return column if numbered >= 0.9 * len(rows) and sum(1 for m in own if m is not None) < 0.1 * len(rows) else None


def has_sentences(group: Stitched, roles: Roles) -> bool:
    """The tasks of this table end as sentences do: a short text that does not is a heading."""
    texts = [r.text(roles.content) for r in group.rows() if r.text(roles.content)]
    return sum(1 for t in texts if t[-1] in "。；;！") >= 0.7 * len(texts)


def merging_columns(group: Stitched, roles: Roles) -> frozenset[int]:
    """Heading columns in which the file itself merges cells downwards, and never at a page's end only."""
    rows = [r for r in group.rows() if r.table.certain_merges and r.page is None]
    return frozenset(
        c for c in roles.path if any(r.cells[c].kind is CellKind.MERGED and r.cells[c].origin[1] == c for r in rows)
    )


def take_heading(para: Para, place: Place) -> None:
    entry = heading_of(para)
    if entry is not None:
        place.sections = [s for s in place.sections if s[0] < entry[0]] + [entry]
        place.heads.clear()
        place.inner.clear()


def heading_of(para: Para) -> tuple[float, str] | None:
    """(rank, text) of a paragraph that is a heading between tables; None for other paragraphs."""
    text = para.text.strip()
    if isinstance(para, Section):
        return 0.5, text
    mark = mark_of(text)
    if mark is not None and mark.kind in HEADING_KINDS and len(text) <= 60 and not re.search(r"[。；]\s*\S", text):
        return float(mark.rank), text
    return None


def placed(row: Row, roles: Roles) -> Row:
    """A row whose missing cells were not even printed: its texts go where they fit, left to right."""
    printed = row.printed()
    if row.table.certain_merges or not printed or len(printed) >= roles.width:
        return row
    texts = [row.text(c) for c in printed]
    missing = any(c.kind is CellKind.ABSENT for c in row.cells)
    if not missing and (printed != list(range(len(printed))) or len(printed) < 2):
        return row
    best = _align(texts, roles)
    if best == printed:
        return row
    if not missing:
        # All cells are there: only a row that was plainly pushed to the left is moved back.
        gain = sum(_fit(t, c, roles) for t, c in zip(texts, best, strict=True)) - sum(
            _fit(t, c, roles) for t, c in zip(texts, printed, strict=True)
        )
        if gain < 4.0:
            return row
    cells = [Cell("", CellKind.EMPTY, (row.number, c), row.cells[c].page) for c in range(roles.width)]
    for at, column in zip(printed, best, strict=True):
        cells[column] = row.cells[at]
    return Row(cells, row.table, row.number)


def _align(texts: list[str], roles: Roles) -> list[int]:
    best: tuple[float, list[int]] = (-1e9, list(range(len(texts))))

    def go(i: int, column: int, score: float, chosen: list[int]) -> None:
        nonlocal best
        if i == len(texts):
            if score > best[0]:
                best = (score, list(chosen))
            return
        for c in range(column, roles.width - (len(texts) - i) + 1):
            go(i + 1, c + 1, score + _fit(texts[i], c, roles), [*chosen, c])

    if len(texts) <= 8 and roles.width <= 10:
        go(0, 0, 0.0, [])
    return best[1]


def _fit(text: str, column: int, roles: Roles) -> float:
    mark = mark_of(text)
    if column == roles.content:
        return (
            3.0
            if (mark is not None and mark.kind not in HEADING_KINDS) or re.search(r"[。；]", text) or len(text) > 25
            else (0.5 if len(text) > 12 else -0.5)
        )
    if column in roles.path:
        if mark is not None and mark.kind in HEADING_KINDS:
            return 2.5 - 0.1 * abs(mark.rank - 1 - roles.path.index(column))
        return -2.0 if looks_like_units(text) >= 0.6 or len(text) > 50 else 0.3
    if column in roles.responsibility:
        return 3.0 * looks_like_units(text) - (0.0 if len(text) < 200 else 2.0) if not is_nothing(text) else 1.0
    if column in roles.due:
        return 3.0 if looks_like_deadline(text) else -2.0
    if column == roles.seq:
        return 3.0 if is_ordinal(text) else -3.0
    return -0.2


def is_skipped(row: Row, roles: Roles, place: Place, tasks: list[Task]) -> bool:
    """True for rows that are no tasks: sections (taken into the path), notes, sums."""
    printed = row.printed()
    texts = [row.text(c) for c in printed]
    if not printed or _NOTE.match(texts[0]):
        place.noted = bool(printed)
        return True
    if place.noted and len(printed) == 1:
        # Further lines of the note below the table.
        return True
    place.noted = False
    if len(texts) == 1 and re.fullmatch(r"[-—\s\d]+|第\s*\d+\s*页.*", texts[0]):
        return True
    section = _section(row, roles, place, printed, texts)
    if section is None:
        return False
    rank, text = section
    if not roles.responsibility:
        text, place.said = tail_responsibility(text)
    place.sections = [s for s in place.sections if s[0] < rank] + [(rank, flat(text))]
    place.heads.clear()
    place.inner.clear()
    return True


def _section(row: Row, roles: Roles, place: Place, printed: list[int], texts: list[str]) -> tuple[float, str] | None:
    owing = [c for c in (*roles.responsibility, *roles.due) if c in printed]
    if (
        len(printed) == 1
        and owing
        and not (
            looks_like_units(texts[0]) >= 0.5
            or looks_like_deadline(texts[0])
            or is_nothing(texts[0])
            or is_ditto(texts[0])
        )
    ):
        owing = []  # a heading that stands in the first column, which here is that of the units
    if owing and row.cells[owing[0]].origin[1] == owing[0]:
        return None
    if len(printed) == 1:
        column, text = printed[0], texts[0]
        return _single(row, roles, column, text, place.sentences)
    if len(printed) == 2 and is_ordinal(texts[0]) and (roles.seq is None or printed[0] == roles.seq):
        text, column = texts[1], printed[1]
        mark = mark_of(texts[0] + "、x") or mark_of(texts[0] + "x")
        chinese = re.search(r"[一二三四五六七八九十]", texts[0]) is not None
        spans = row.spans(column) > 1 and (column <= roles.content < column + row.spans(column))
        if spans or (chinese and len(text) <= 60 and not re.search(r"[。；]", text)):
            return (float(mark.rank) if mark else 1.0, text)
    return None


def _single(row: Row, roles: Roles, column: int, text: str, unended: bool) -> tuple[float, str] | None:
    mark = mark_of(text)
    heading = mark is not None and mark.kind in HEADING_KINDS
    short = len(text) <= 60 and not re.search(r"[。；].", text)
    rank = float(mark.rank) if mark is not None else 1.0
    if row.spans(column) >= max(2, len(row.cells) - 1):
        # A row that spans the table: a heading, or an item whose text alone is printed across.
        return (rank, text) if short or heading else None
    if column == roles.content and not roles.path:
        bare = len(text) <= 20 and not re.search(r"[，。；、：]", text) and row.table.certain_merges and mark is None
        return (rank, text) if (heading or (bare and unended)) and short and roles.responsibility else None
    if column == roles.content:
        return None
    if column in roles.path:
        if (
            column == roles.path[0]
            and (heading or not mark)
            and short
            and len(roles.path) == 1
            and not row.table.certain_merges
        ):
            return None if not heading else (rank, text) if _other_level(roles) else None
        return None
    bare = len(text) <= 30 and not re.search(r"[。；]", text) and column == 0 and mark is None
    return (rank, text) if (heading or bare) and short else None


def _other_level(roles: Roles) -> bool:
    return len(roles.path) == 1
