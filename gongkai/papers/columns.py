"""Tables that no line and no mark separates: columns and rows found from where the words stand.

The same finder serves text aligned by blanks (a character is a unit of width, a line a unit of height), PDF
without ruling lines, OFD and recognised pictures (points).
"""

from __future__ import annotations

import itertools
import re

from gongkai.papers.grid import Cell, CellKind, Para, Table
from gongkai.papers.rowfinder import Piece, row_bounds
from gongkai.papers.words import Line, Word, display_width, line_text, lines_of

# -- text aligned by blanks ------------------------------------------------------------------------------


def _segments(text: str, start: int, y: float) -> Line:
    """The runs of a line, parted by two blanks or more; a full-width blank is two."""
    line = Line(y)
    plain: list[str] = []
    offsets: list[int] = []
    for i, character in enumerate(text):
        filling = {"\t": "    ", "\u3000": "  "}.get(character, character)
        plain += filling
        offsets += [start + i] * len(filling)
    for match in re.finditer(r"\S+(?: \S+)*", "".join(plain)):
        x0 = display_width("".join(plain[: match.start()]))
        line.words.append(Word(x0, x0 + display_width(match.group()), y, match.group(), offsets[match.start()]))
    return line


def aligned_tables(lines: list[tuple[str, int, int | None]]) -> list[Para | Table] | None:
    """Paragraphs and tables of a text whose columns are aligned by blanks; None when it is no such text.

    `lines` are (text, offset, page).
    """
    made = [_segments(text, start, i) for i, (text, start, _) in enumerate(lines)]
    many = sum(1 for x in made if len(x.words) >= 3)
    some = sum(1 for x in made if len(x.words) >= 2)
    filled = sum(1 for x in made if x.words)
    if many < 2 or some < 0.25 * max(filled, 1):
        return None
    blocks: list[Para | Table] = []
    pages = sorted({p or 1 for _, _, p in lines})
    for page in pages:
        own = [x for x, (_, _, p) in zip(made, lines, strict=True) if (p or 1) == page and x.words]
        blocks += find_tables(own, unit=1.0, page=page if len(pages) > 1 else None, pitch=1.0)
    return blocks if any(isinstance(b, Table) for b in blocks) else None


# -- the finder ------------------------------------------------------------------------------------------


def find_tables(lines: list[Line], *, unit: float, page: int | None, pitch: float) -> list[Para | Table]:
    """Split lines into paragraphs and one table per page.

    `unit` is the width of a half-width character, `pitch` the usual distance of two lines of one cell.
    """
    spread = [i for i, x in enumerate(lines) if len(x.words) >= 2]
    if len(spread) < 2:
        return [_para(x, page) for x in lines]
    first, last = spread[0], spread[-1]
    # A title or letterhead set in blanks is no table: begin at the first line from which the columns hold.
    while first < last and len(lines[first].words) < 3 and not _joined(lines, first, spread):
        first = next(i for i in spread if i > first)
    columns = column_intervals(lines[first : last + 1], unit)
    across = sum(1 for x in lines[first : last + 1] if len(x.words) == 1 and _crosses(x.words[0], columns, unit))
    if len(columns) < 2 or across > 0.35 * (last + 1 - first):
        # Running text between two lines that happen to be set apart: no table.
        return [_para(x, page) for x in lines]
    while (
        first
        and not _heads(lines[first])
        and _inside(lines[first - 1], columns, unit)
        and lines[first].y - lines[first - 1].y <= pitch * 1.6
    ):
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].y - lines[last].y <= pitch * 1.6:
        following = lines[last + 1]
        if not (_inside(following, columns, unit) or _hangs(following, lines[last], columns, unit)):
            break
        last += 1
    before = [_para(x, page) for x in lines[:first]]
    after = [_para(x, page) for x in lines[last + 1 :]]
    return [*before, _table(lines[first : last + 1], columns, unit, page, pitch), *after]


def _joined(lines: list[Line], at: int, spread: list[int]) -> bool:
    following = [i for i in spread if i > at][:3]
    return bool(following) and following[0] - at <= 3 and len(lines[following[0]].words) <= 2


def _para(line: Line, page: int | None) -> Para:
    return Para(line_text(line), page=page, start=line.words[0].start if line.words else None)


def _inside(line: Line, columns: list[tuple[float, float]], unit: float) -> bool:
    """A single word in one column but the first; it may reach as far as the next column."""
    if len(line.words) != 1:
        return False
    word = line.words[0]
    hanging = 2 * unit if word.text[-1:] in "、，；。" else -unit
    ends = [*(left + hanging for left, _ in columns[2:]), columns[-1][1] + max(unit, hanging)]
    return any(a - unit <= word.x0 and word.x1 <= end for (a, _), end in zip(columns[1:], ends, strict=True))


def _heads(line: Line) -> bool:
    """The heads of columns: three or more short words; nothing above them belongs to the table."""
    return len(line.words) >= 3 and all(
        len(w.text) <= 10 and not re.search(r"[，。；、\d]", w.text) for w in line.words
    )


def _hangs(line: Line, above: Line, columns: list[tuple[float, float]], unit: float) -> bool:
    """The rest of a heading broken in the first column, under the line that it began on."""
    right = columns[0][1] + unit
    first = above.words[0]
    return (
        len(line.words) == 1
        and line.words[0].x1 <= right
        and first.x1 <= right
        and abs(line.words[0].x0 - first.x0) <= unit
    )


def column_intervals(lines: list[Line], unit: float) -> list[tuple[float, float]]:
    """Column intervals: what remains between the white gutters that (nearly) all lines with several words leave."""
    used = [x for x in lines if len(x.words) >= 2]
    edges: dict[int, int] = {}
    for line in used:
        for word in (p for w in line.words for p in w.pieces):
            for x in range(int(word.x0 / unit), max(int(word.x1 / unit), int(word.x0 / unit) + 1)):
                edges[x] = edges.get(x, 0) + 1
    if not edges:
        return []
    allowed = 0.02 * len(used)
    columns: list[tuple[float, float]] = []
    begin: int | None = None
    gap = 0
    for x in range(min(edges), max(edges) + 2):
        if edges.get(x, 0) > allowed:
            if begin is None:
                begin = x
            elif gap >= 2 or (gap == 1 and unit > 1.0):
                columns.append((begin * unit, (x - gap) * unit))
                begin = x
            gap = 0
        else:
            gap += 1
    if begin is not None:
        columns.append((begin * unit, (max(edges) + 1) * unit))
    return _split_by_heads(columns, used, edges, unit)


def _split_by_heads(
    columns: list[tuple[float, float]], used: list[Line], edges: dict[int, int], unit: float
) -> list[tuple[float, float]]:
    """Two heads above one interval: the columns touch somewhere, and part where fewest lines touch."""
    heads = next((x for x in used if len(x.words) >= 3 and all(len(w.text) <= 8 for w in x.words)), None)
    if heads is None or heads is not max(used, key=lambda x: len(x.words)):
        return columns
    parted: list[tuple[float, float]] = []
    for left, right in columns:
        inside = [w for w in heads.words if left - unit <= (w.x0 + w.x1) / 2 <= right + unit]
        at = left
        for a, b in itertools.pairwise(inside):
            places = range(int((a.x0 + a.x1) / 2 / unit), int(b.x0 / unit) + 1)
            cut = min(places, key=lambda x: (edges.get(x, 0), -x)) * unit
            parted.append((at, cut))
            at = cut + unit
        parted.append((at, right))
    return parted


def _column_of(word: Word, columns: list[tuple[float, float]]) -> int:
    return max(range(len(columns)), key=lambda i: min(word.x1, columns[i][1]) - max(word.x0, columns[i][0]))


def _crosses(word: Word, columns: list[tuple[float, float]], unit: float) -> bool:
    return sum(1 for a, b in columns if min(word.x1, b) - max(word.x0, a) > 2 * unit) >= 2


def _table(lines: list[Line], columns: list[tuple[float, float]], unit: float, page: int | None, pitch: float) -> Table:
    pieces: list[Piece] = []
    walls: list[tuple[float, Word]] = []  # section rows that run across columns
    for line in lines:
        if len(line.words) == 1 and _crosses(line.words[0], columns, unit):
            walls.append((line.y, line.words[0]))
            continue
        for word in line.words:
            fine = word.pieces if _crosses(word, columns, unit) else [word]
            pieces += [Piece(line.y, _column_of(w, columns), w) for w in fine]
    bounds = row_bounds(pieces, columns, [y for y, _ in walls], pitch)
    rows: list[tuple[float, list[list[Word]]]] = []
    for low, high in bounds:
        held: list[list[Word]] = [[] for _ in columns]
        for piece in pieces:
            if low <= piece.y < high:
                held[piece.column].append(piece.word)
        if any(held):
            rows.append((low, held))
    for y, word in walls:
        rows.append((y, [[word], *[[] for _ in columns[1:]]]))
    rows.sort(key=lambda r: r[0])
    grid: list[list[Cell]] = []
    for r, (_, held) in enumerate(rows):
        line_cells = []
        for c, words in enumerate(held):
            text = "\n".join(line_text(x) for x in lines_of(words, pitch))
            kind = CellKind.PRINTED if text else CellKind.EMPTY
            line_cells.append(Cell(text, kind, (r, c), page, words[0].start if words else None))
        grid.append(line_cells)
    return Table(grid, certain_merges=False, wrapped=True, page=page)
