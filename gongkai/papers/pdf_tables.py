"""Tables of a PDF page: cells between rules, rows between rules across, and the lines of words that stand in them."""

from __future__ import annotations

import itertools
from typing import Any

from gongkai.papers.columns import column_intervals, find_tables
from gongkai.papers.grid import Cell, CellKind, Table
from gongkai.papers.ruled import Box, grid_of, levels, unclosed, with_outer
from gongkai.papers.words import Line, Word, lines_of

RULES = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "join_tolerance": 3,
}
"""How rules are looked for."""


def text_lines(words: list[dict[str, Any]], height: float) -> list[Line]:
    """Lines of words. Blanks between Chinese words of one cell are narrower than half a character; columns mostly
    stand further apart, and where two touch the smaller gap is remembered in the word's parts."""
    made = lines_of([Word(w["x0"], w["x1"], (w["top"] + w["bottom"]) / 2, w["text"]) for w in words], height)
    cuts = {(w["x0"], w["x1"], (w["top"] + w["bottom"]) / 2): _cut(w) for w in words}
    for line in made:
        fine = _merged(line.words, height, 0.27)
        line.words = []
        for word in _merged(fine, height, 0.4):
            parts = [p for p in fine if word.x0 <= p.x0 and p.x1 <= word.x1]
            word.parts = [c for p in parts for c in cuts.get((p.x0, p.x1, p.y), [p])]
            if len(word.parts) == 1:
                word.parts = []
            line.words.append(word)
    return made


def _cut(word: dict[str, Any]) -> list[Word]:
    """The pieces of a word that end in a stop or a comma: one that hangs over the edge of its column touches the next."""
    pieces: list[Word] = []
    begin = True
    y = (word["top"] + word["bottom"]) / 2
    for char in word["chars"]:
        if begin:
            pieces.append(Word(char["x0"], char["x1"], y, char["text"]))
        else:
            last = pieces[-1]
            pieces[-1] = Word(last.x0, char["x1"], y, last.text + char["text"])
        begin = char["text"] in "、，；。"
    return pieces


def _merged(words: list[Word], height: float, gap: float) -> list[Word]:
    out: list[Word] = []
    for word in words:
        last = out[-1] if out else None
        if last is not None and word.x0 - last.x1 < height * gap:
            blank = " " if word.x0 - last.x1 > height * 0.15 and _latin(last.text[-1], word.text[0]) else ""
            out[-1] = Word(last.x0, word.x1, last.y, last.text + blank + word.text)
        else:
            out.append(Word(word.x0, word.x1, word.y, word.text))
    return out


def _latin(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and (left.isalnum() or right.isalnum())


def ruled_table(
    page: Any,
    found: Any,
    chars: list[dict[str, Any]],
    words: list[dict[str, Any]],
    number: int,
    height: float,
) -> tuple[Table | None, tuple[float, float, float, float]]:
    """A ruled table as a grid; when words stand outside its rules, the missing outer rules are put in."""
    x0, top, x1, bottom = found.bbox
    beside = [w for w in words if top - 1 <= (w["top"] + w["bottom"]) / 2 <= bottom + 1]
    outer_left = [w for w in beside if w["x1"] <= x0 + 1]
    outer_right = [w for w in beside if w["x0"] >= x1 - 1]
    rules = _outer_rules(page, found.bbox)
    if outer_left or outer_right:
        edges = sorted({round(c[0], 1) for c in found.cells} | {round(c[2], 1) for c in found.cells})
        if outer_left:
            edges.insert(0, min(min(w["x0"] for w in outer_left) - 2, rules[0]))
        if outer_right:
            edges.append(max(max(w["x1"] for w in outer_right) + 2, rules[1]))
        settings = {**RULES, "explicit_vertical_lines": edges, "vertical_strategy": "explicit"}
        clip = page.crop(
            (
                max(page.bbox[0], edges[0] - 1),
                max(page.bbox[1], top - 2),
                min(page.bbox[2], edges[-1] + 1),
                min(page.bbox[3], bottom + 2),
            )
        )
        better = clip.find_tables({**settings, "horizontal_strategy": "lines"})
        if better:
            found = max(better, key=lambda t: len(t.cells))
    cells = [c for c in found.cells if c is not None]
    xs = levels([v for c in cells for v in (c[0], c[2])], 2.5)
    ys = levels([v for c in cells for v in (c[1], c[3])], 2.5)
    if len(xs) < 3 and len(ys) < 3:
        return None, found.bbox
    if len(xs) < 3:  # one column between two rules: a frame around text, or horizontal rules only
        return _horizontal_only(found.bbox, words, number, height, ys)
    bottom = ys[-1]
    xs = with_outer(page.edges, xs, ys)
    cells += unclosed(page.edges, xs, ys, cells, height, lambda box: bool(_in_box(chars, box)))
    goes_on = any(c[3] > bottom + height for c in cells)
    ys = levels([v for c in cells for v in (c[1], c[3])], 2.5)
    cells += _beyond(xs, ys, words, height)
    ys = levels([v for c in cells for v in (c[1], c[3])], 2.5)
    table, bbox = grid_from(cells, chars, number, height)
    if table is not None:
        table.goes_on = goes_on
    return table, bbox


def grid_from(cells: list[Box], chars: list[dict[str, Any]], number: int, height: float) -> tuple[Table | None, Box]:
    """Cells with the characters that stand in them, and the box around them all."""
    xs, ys = [v for c in cells for v in (c[0], c[2])], [v for c in cells for v in (c[1], c[3])]
    # Characters, not words: text of two columns that nearly touch is one word to a word finder.
    printed = [c for c in chars if c["text"].strip() and min(ys) - 2 <= (c["top"] + c["bottom"]) / 2 <= max(ys) + 2]

    def text_of(cell: Box) -> str:
        return _cell_text(_in_box(printed, cell), height)

    table = grid_of(cells, text_of, tolerance=2.5, page=number)
    return table, (min(xs), min(ys), max(xs), max(ys))


def _in_box(chars: list[dict[str, Any]], box: Box) -> list[dict[str, Any]]:
    return [
        c
        for c in chars
        if c["text"].strip()
        and box[0] <= (c["x0"] + c["x1"]) / 2 < box[2]
        and box[1] <= (c["top"] + c["bottom"]) / 2 < box[3]
    ]


def _beyond(xs: list[float], ys: list[float], words: list[dict[str, Any]], height: float) -> list[Box]:
    """Cells of the rows above the first and below the last rule, where a table has no outer rules."""
    lines = text_lines(words, height)

    def fits(line: Line) -> bool:
        inside = [
            [i for i, (a, b) in enumerate(itertools.pairwise(xs)) if min(w.x1, b) - max(w.x0, a) > 2]
            for w in line.words
        ]
        return all(len(n) == 1 for n in inside) and len({n[0] for n in inside}) >= 3

    def taken(candidates: list[Line], edge: float) -> list[float]:
        found: list[float] = []
        for line in candidates:
            if abs(line.y - edge) > height * 2.2 or not fits(line):
                break
            edge = line.y
            found.append(line.y)
        return found

    above = taken(sorted((x for x in lines if x.y < ys[0]), key=lambda x: -x.y), ys[0])
    below = taken(sorted((x for x in lines if x.y > ys[-1]), key=lambda x: x.y), ys[-1])
    cells: list[Box] = []
    if above:
        cells += [(a, min(above) - height * 0.8, b, ys[0]) for a, b in itertools.pairwise(xs)]
    if below:
        cells += [(a, ys[-1], b, max(below) + height * 0.8) for a, b in itertools.pairwise(xs)]
    return cells


def _outer_rules(page: Any, bbox: tuple[float, float, float, float]) -> tuple[float, float]:
    """The horizontal extent of the rules within a table's height."""
    xs = [(e["x0"], e["x1"]) for e in page.edges if e["orientation"] == "h" and bbox[1] - 2 <= e["top"] <= bbox[3] + 2]
    return (min((a for a, _ in xs), default=bbox[0]), max((b for _, b in xs), default=bbox[2]))


def _cell_text(words: list[dict[str, Any]], height: float) -> str:
    lines = lines_of([Word(w["x0"], w["x1"], (w["top"] + w["bottom"]) / 2, w["text"]) for w in words], height)
    out = []
    for line in lines:
        text = ""
        end = 0.0
        for word in line.words:
            if text and word.x0 - end > height * 0.15 and _latin(text[-1], word.text[0]):
                text += " "
            text += word.text
            end = word.x1
        out.append(text)
    return "\n".join(out)


def frames_the_page(table: Table) -> bool:
    """Boxes that a web page was laid out with when it was printed: one of them holds nearly all the text."""
    lengths = [len(c.text) for r in table.rows for c in r]
    return max(lengths, default=0) > 400 and max(lengths) > 0.6 * sum(lengths)


def rules_across(page: Any, words: list[dict[str, Any]], number: int, height: float) -> tuple[Table | None, Box]:
    """A table whose rows are parted by horizontal rules and whose columns by nothing."""
    long = [e for e in page.edges if e["orientation"] == "h" and e["x1"] - e["x0"] > 0.4 * page.width]
    ys = levels([e["top"] for e in long], 2.5)
    if len(ys) < 5:
        return None, page.bbox
    bbox = (min(e["x0"] for e in long), ys[0], max(e["x1"] for e in long), ys[-1])
    return _horizontal_only(bbox, words, number, height, ys)


def _horizontal_only(
    bbox: tuple[float, float, float, float],
    words: list[dict[str, Any]],
    number: int,
    height: float,
    ys: list[float],
) -> tuple[Table | None, tuple[float, float, float, float]]:
    """Rows between horizontal rules, columns from the white gutters."""
    inside = [w for w in words if bbox[1] - 1 <= (w["top"] + w["bottom"]) / 2 <= bbox[3] + 1]
    lines = text_lines(inside, height)
    made = [b for b in find_tables(lines, unit=height / 4, page=number, pitch=height * 100) if isinstance(b, Table)]
    if not made or made[0].width < 2:
        return None, bbox
    columns = column_intervals(lines, height / 4)
    rows: list[list[Cell]] = []
    for r, (a, b) in enumerate(itertools.pairwise(ys)):
        held: list[list[str]] = [[] for _ in columns]
        for line in lines:
            for word in line.words:
                if a <= word.y < b:
                    at = max(
                        range(len(columns)),
                        key=lambda i: min(word.x1, columns[i][1]) - max(word.x0, columns[i][0]),
                    )
                    held[at].append(word.text)
        texts = ["\n".join(h) for h in held]
        rows.append([Cell(t, CellKind.PRINTED if t else CellKind.EMPTY, (r, c), number) for c, t in enumerate(texts)])
    return Table(rows, certain_merges=False, wrapped=True, page=number), bbox
