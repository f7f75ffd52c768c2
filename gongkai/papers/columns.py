"""Tables that no line and no mark separates: columns and rows found from where the words stand.

The same finder serves text aligned by blanks (a character is a unit of width, a line a unit of height), PDF
without ruling lines, OFD and recognised pictures (points).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from statistics import median

from gongkai.papers.grid import Cell, CellKind, Para, Table

_ORDINAL = re.compile(r"[（(]?(\d{1,3}|[一二三四五六七八九十]{1,3})[）)]?[.．、]?")
_ITEM = re.compile(
    r"\d{1,3}\s*[.．、](?!\d)|[（(]\d{1,2}[）)]|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|[①-⑳]"
)
_SENTENCE_END = "。；;！"


@dataclass(slots=True)
class Word:
    """A run of text at a place: left, right, and the middle of its line; `start` is its offset in a text."""

    x0: float
    x1: float
    y: float
    text: str
    start: int | None = None
    parts: list[Word] = field(default_factory=list)
    """The pieces it was put together from, where a gap is seen that may yet part two columns."""

    @property
    def pieces(self) -> list[Word]:
        """The finest words: its parts, or itself."""
        return self.parts or [self]


@dataclass(slots=True)
class Line:
    """Words that stand on one line, from left to right."""

    y: float
    words: list[Word] = field(default_factory=list)


def display_width(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


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


def lines_of(words: list[Word], height: float) -> list[Line]:
    """Words gathered into lines; two words share a line when their middles differ by less than half a height."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.y, w.x0)):
        if lines and abs(lines[-1].y - word.y) < height * 0.5:
            lines[-1].words.append(word)
        else:
            lines.append(Line(word.y, [word]))
    for line in lines:
        line.words.sort(key=lambda w: w.x0)
    return lines


def line_text(line: Line) -> str:
    """The words of a line as running text; a blank between them where one is seen."""
    out = ""
    end = 0.0
    for word in line.words:
        size = (word.x1 - word.x0) / max(display_width(word.text), 1) * 2
        seen = word.x0 - end > size * 0.8 or (bool(out) and out[-1].isascii() and word.text[0].isascii())
        out += (" " if out and seen else "") + word.text
        end = word.x1
    return out


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
    ends = [*(left - unit for left, _ in columns[2:]), columns[-1][1] + unit]
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


@dataclass(slots=True)
class _Piece:
    y: float
    column: int
    word: Word


def _table(lines: list[Line], columns: list[tuple[float, float]], unit: float, page: int | None, pitch: float) -> Table:
    pieces: list[_Piece] = []
    walls: list[tuple[float, Word]] = []  # section rows that run across columns
    for line in lines:
        if len(line.words) == 1 and _crosses(line.words[0], columns, unit):
            walls.append((line.y, line.words[0]))
            continue
        for word in line.words:
            fine = word.pieces if _crosses(word, columns, unit) else [word]
            pieces += [_Piece(line.y, _column_of(w, columns), w) for w in fine]
    bounds = _row_bounds(pieces, columns, [y for y, _ in walls], pitch)
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


def _row_bounds(
    pieces: list[_Piece], columns: list[tuple[float, float]], walls: list[float], pitch: float
) -> list[tuple[float, float]]:
    """The [low, high) ranges of height of the rows."""
    ys = sorted({p.y for p in pieces})
    if not ys:
        return []
    bounds: list[tuple[float, float]] = []
    head = [p for p in pieces if abs(p.y - ys[0]) < 0.01]
    plain = all(len(p.word.text) <= 10 and not re.search(r"[，。；、\d]", p.word.text) for p in head)
    if len(ys) > 1 and len({p.column for p in head}) >= max(2, len(columns) - 1) and plain:
        # The heads of the columns stand on a line of their own.
        words = {p.word.text for p in head}
        repeats = [y for y in ys if {p.word.text for p in pieces if abs(p.y - y) < 0.01} == words]
        bounds += [(y, y + 0.01) for y in repeats]
        ys = [y for y in ys if y not in repeats]
        walls = [*walls, *repeats]
        if not ys:
            return bounds
    groups = _gap_groups(ys, walls, pitch)
    ordinals = _ordinal_column(pieces, columns)
    body = _body_column(pieces, len(columns))
    gapped = len(groups) >= 4 and len(groups) >= 0.25 * len(ys)
    for group in groups:
        inside = [p for p in pieces if group[0] <= p.y <= group[-1]]
        numbers = (
            [p.y for p in inside if p.column == ordinals and _ORDINAL.fullmatch(p.word.text)]
            if ordinals is not None
            else []
        )
        bounds += _split_group(group, inside, body, columns, numbers, gapped)
    return bounds


def _body_column(pieces: list[_Piece], width: int) -> int:
    """The column of tasks: the one with numbered lines or sentences, else the one with most text."""

    def weight(column: int) -> tuple[int, int]:
        own = [p.word.text for p in pieces if p.column == column]
        marked = sum(1 for t in own if _ITEM.match(t) and len(t) > 6) + sum(1 for t in own if t[-1:] in _SENTENCE_END)
        return (marked if marked >= 3 else 0), sum(len(t) for t in own)

    return max(range(width), key=weight)


def _gap_groups(ys: list[float], walls: list[float], pitch: float) -> list[list[float]]:
    groups = [[ys[0]]]
    for a, b in itertools.pairwise(ys):
        if b - a > pitch * 1.45 or any(a < w < b for w in walls):
            groups.append([])
        groups[-1].append(b)
    return groups


def _ordinal_column(pieces: list[_Piece], columns: list[tuple[float, float]]) -> int | None:
    for c in dict.fromkeys((0, 1, len(columns) - 1)):
        if c >= len(columns):
            continue
        own = [p for p in pieces if p.column == c]
        good = sum(1 for p in own if _ORDINAL.fullmatch(p.word.text))
        if good >= 3 and good >= 0.6 * len(own):
            return c
    return None


def _split_group(
    ys: list[float],
    pieces: list[_Piece],
    body: int,
    columns: list[tuple[float, float]],
    numbers: list[float],
    gapped: bool,
) -> list[tuple[float, float]]:
    end = ys[-1] + 0.01
    if len(numbers) >= 2 or (numbers and not gapped):
        starts = _starts_by_number(ys, pieces, body, numbers)
    elif gapped and not _marked_lines(pieces, body)[1:]:
        starts = [ys[0]]
    else:
        starts = _starts_by_text(ys, pieces, body, columns)
    starts = sorted({ys[0], *starts})
    return [(a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]


def _marked_lines(pieces: list[_Piece], body: int) -> list[float]:
    return [p.y for p in pieces if p.column == body and _ITEM.match(p.word.text)]


def _starts_by_number(ys: list[float], pieces: list[_Piece], body: int, numbers: list[float]) -> list[float]:
    """Rows from their numbers: a number stands on the first line of its row, or in the middle of it."""
    body_lines = {p.y: p.word.text for p in sorted(pieces, key=lambda p: p.y) if p.column == body}
    lines = sorted(body_lines)
    if lines and lines[0] >= numbers[0] - 0.01 and all(any(abs(n - y) < 0.5 for y in lines) for n in numbers):
        before = [max((y for y in lines if y < n), default=None) for n in numbers[1:]]
        ended = sum(1 for y in before if y is not None and body_lines[y][-1:] in _SENTENCE_END)
        if ended >= 0.5 * max(1, len(before)):
            return numbers
    # Centred numbers: a row reaches as far below its number as above it.
    starts = [ys[0]]
    top = ys[0]
    for number, following in zip(numbers, [*numbers[1:], None], strict=True):
        if following is None:
            break
        bottom = 2 * number - top
        candidates = [y for y in lines if number <= y < following] or [number]
        best = min(
            candidates,
            key=lambda y: abs(y - bottom) - (1.2 if body_lines.get(y, "")[-1:] in _SENTENCE_END else 0),
        )
        after = [y for y in ys if y > best]
        if not after:
            break
        top = after[0]
        starts.append(top)
    return starts


def _starts_by_text(
    ys: list[float], pieces: list[_Piece], body: int, columns: list[tuple[float, float]]
) -> list[float]:
    """Rows without numbers: a marked line begins one, and so does the line after a sentence that ended early."""
    lines = sorted((p for p in pieces if p.column == body), key=lambda p: p.y)
    if not lines:
        return [ys[0]]
    if all(p.word.text[-1:] in _SENTENCE_END for p in lines):
        return sorted({p.y for p in lines})  # no line goes on in the next: each is a row
    right = columns[body][1]
    wide = median(p.word.x1 - p.word.x0 for p in lines)
    starts: list[float] = []
    previous: _Piece | None = None
    for piece in lines:
        if (
            previous is None
            or _ITEM.match(piece.word.text)
            or (previous.word.text[-1:] in _SENTENCE_END and right - previous.word.x1 > 0.12 * max(wide, 1))
        ):
            starts.append(piece.y)
        previous = piece
    head = [p for p in pieces if abs(p.y - ys[0]) < 0.01]
    if (
        len(ys) > 1
        and len(head) >= 2
        and all(len(p.word.text) <= 10 and not re.search(r"[，。；、]", p.word.text) for p in head)
    ):
        # The heads of the columns stand on a line of their own.
        starts.append(ys[1])
        starts.sort()
    # A cell of another column may begin a line above the text of its row (cells set in the middle): then the row
    # begins there. Where cells begin at the top, such a line is the rest of the row above.
    above = {y: [x for x in ys if x < y and not any(x <= p.y < y for p in lines)] for y in starts}
    level = sum(1 for y in starts if any(p.column != body and abs(p.y - y) < 0.01 for p in pieces))
    if level >= sum(1 for y in starts if above[y]):
        return starts
    moved: list[float] = []
    for start in starts:
        moved.append(min(above[start]) if above[start] and moved else start)
    return moved
