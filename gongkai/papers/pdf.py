"""PDF with a text layer: ruled tables cell by cell, tables without rules by the place of their words."""

from __future__ import annotations

import io
import itertools
import logging
import re
from statistics import median
from typing import Any

from gongkai.papers.columns import column_intervals, find_tables
from gongkai.papers.grid import Cell, CellKind, Paper, Para, Table
from gongkai.papers.limits import MAX_PDF_PAGES
from gongkai.papers.pdfium import alone
from gongkai.papers.radicals import plain_radicals
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.ruled import Box, grid_of, levels, only_down, unclosed, with_outer
from gongkai.papers.words import Line, Word, line_text, lines_of

_LINES = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "join_tolerance": 3,
}


MAX_RULES = 20_000
"""Ruling lines on one page; a table of three hundred rows has some five thousand."""
_PAGE_NUMBER = re.compile(r"[-—–\s·]*\d{1,3}[-—–\s·]*|第\s*\d+\s*页(\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+")


def read_pdf(data: bytes) -> Paper:
    """Read a PDF. Raises `PaperRefused` when it is encrypted, broken, too long, or holds pictures only."""
    pages = _checked_pages(data)
    import pdfplumber

    # pdfminer reports every oddity of a font; none of them is of use to a clerk.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    logging.getLogger("pdfminer").propagate = False
    paper = Paper([], "pdf")
    with pdfplumber.open(io.BytesIO(data)) as document:
        for number, page in enumerate(document.pages, 1):
            paper.blocks += _page(page, number)
            page.close()
    text = "".join(b.text if isinstance(b, Para) else "".join(c.text for r in b.rows for c in r) for b in paper.blocks)
    if text.count("(cid:") > 20:
        return _without_letters(data, pages)
    if not text.strip():
        from gongkai.papers.scan import read_scanned_pdf

        return read_scanned_pdf(data, pages)
    _drop_page_furniture(paper)
    return paper


def _without_letters(data: bytes, pages: int) -> Paper:
    """Fonts that do not say which letters their glyphs are: only a picture of the page can be read."""
    from gongkai.papers.scan import read_scanned_pdf

    try:
        return read_scanned_pdf(data, pages)
    except PaperRefused as error:
        raise PaperRefused(
            "PDF 内嵌的字体没有文字对照表，取不出文字：请发件人提供 Word 版或重新导出 PDF，"
            "也可安装文字识别组件（pip install 'gongkai[ocr]'）再试。"
        ) from error


@alone
def _checked_pages(data: bytes) -> int:
    """The number of pages, after the cheap reader has opened the file and found it readable."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PaperRefused("PDF 已加密，需要密码才能打开；请去掉密码后再试。") from error
        raise PaperRefused("PDF 不完整或已损坏，无法打开；请让发件人重新发送，或重新导出 PDF 再试。") from error
    try:
        pages = len(document)
    finally:
        document.close()
    if pages == 0:
        raise PaperRefused("PDF 里没有任何页面；请核对是否选错了文件。")
    if pages > MAX_PDF_PAGES:
        raise PaperRefused(f"PDF 有 {pages} 页，超过 {MAX_PDF_PAGES} 页，不像是分工方案；请只截取分工表所在的页再试。")
    return pages


# -- one page --------------------------------------------------------------------------------------------


def _page(page: Any, number: int) -> list[Para | Table]:
    chars = _chars(page)
    words = _words(chars)
    if not words:
        return []
    height = median(w["bottom"] - w["top"] for w in words)
    if len(page.rects) + len(page.lines) + len(page.curves) > MAX_RULES:
        raise PaperRefused("页面上的线条多得异常，不像是分工方案；请重新导出 PDF，或提供 Word 版再试。")
    ruled = [t for t in page.find_tables(_LINES) if len(t.rows) >= 1 and len(t.cells) >= 2]
    blocks: list[tuple[float, list[Para | Table]]] = []
    boxes: list[tuple[float, float]] = []
    for found in sorted(ruled, key=lambda t: t.bbox[1]):
        if any(a <= found.bbox[1] < b for a, b in boxes):
            continue
        table, bbox = _ruled(page, found, chars, words, number, height)
        if table is None or _frames_the_page(table):
            continue
        boxes.append((bbox[1], bbox[3]))
        blocks.append((bbox[1], [table]))
    if not boxes and (held := only_down(page.edges, height)):
        tail, bbox = _grid(held, chars, number, height)
        if tail is not None:
            boxes.append((bbox[1], bbox[3]))
            blocks.append((bbox[1], [tail]))
    if not boxes:
        across, bbox = _rules_across(page, words, number, height)
        if across is not None:
            boxes.append((bbox[1], bbox[3]))
            blocks.append((bbox[1], [across]))
    rest = [w for w in words if not any(a - 1 <= (w["top"] + w["bottom"]) / 2 <= b + 1 for a, b in boxes)]
    lines = [x for x in _text_lines(rest, height) if not _PAGE_NUMBER.fullmatch(line_text(x).strip())]
    if boxes:
        blocks += [(x.y, [_line_para(x, number)]) for x in lines]
    else:
        unit = height / 4
        blocks.append((0.0, find_tables(lines, unit=unit, page=number, pitch=_pitch(lines, height))))
    blocks.sort(key=lambda b: b[0])
    return _joined_paras([b for _, group in blocks for b in group], lines)


def _chars(page: Any) -> list[dict[str, Any]]:
    """Characters of a page, their height taken from the base line: the boxes that fonts declare are often wrong."""
    chars = []
    for char in page.dedupe_chars(tolerance=1).chars:
        matrix = char.get("matrix")
        if not char.get("upright", True):
            continue
        made = dict(char)
        made["text"] = plain_radicals(char["text"])
        if matrix is not None and not matrix[1] and not matrix[2]:
            base = page.height - matrix[5]
            size = char["size"] or (char["bottom"] - char["top"])
            if abs(base - char["bottom"]) < 2 * size:
                made["top"], made["bottom"] = base - 0.85 * size, base + 0.15 * size
        chars.append(made)
    return chars


def _words(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from pdfplumber.utils.text import extract_words

    words: list[dict[str, Any]] = extract_words(
        chars, x_tolerance=1.5, y_tolerance=3, keep_blank_chars=False, use_text_flow=False, return_chars=True
    )
    return [w for w in words if w["text"].strip()]


def _text_lines(words: list[dict[str, Any]], height: float) -> list[Line]:
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


def _pitch(lines: list[Line], height: float) -> float:
    gaps = [b.y - a.y for a, b in itertools.pairwise(lines) if b.y - a.y > height * 0.5]
    if not gaps:
        return height * 1.5
    gaps.sort()
    return gaps[len(gaps) // 4]


def _line_para(line: Line, number: int) -> Para:
    return Para(line_text(line), page=number)


def _joined_paras(blocks: list[Para | Table], lines: list[Line]) -> list[Para | Table]:
    """Printed lines joined into paragraphs: a line that reaches the right edge goes on, unless the next is indented."""
    if not lines:
        return blocks
    left = min(x.words[0].x0 for x in lines)
    right = max(x.words[-1].x1 for x in lines)
    by_text: dict[str, Line] = {}
    for line in lines:
        by_text.setdefault(line_text(line), line)
    joined: list[Para | Table] = []
    open_line: Line | None = None
    for block in blocks:
        here = by_text.get(block.text) if isinstance(block, Para) else None
        if (
            here is not None
            and open_line is not None
            and joined
            and isinstance(joined[-1], Para)
            and isinstance(block, Para)
            and right - open_line.words[-1].x1 < (right - left) * 0.08
            and here.words[0].x0 - left < (right - left) * 0.03
        ):
            joined[-1].text += block.text
        else:
            joined.append(block)
        open_line = here
    return joined


# -- ruled tables ----------------------------------------------------------------------------------------


def _ruled(
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
        settings = {**_LINES, "explicit_vertical_lines": edges, "vertical_strategy": "explicit"}
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
    table, bbox = _grid(cells, chars, number, height)
    if table is not None:
        table.goes_on = goes_on
    return table, bbox


def _grid(cells: list[Box], chars: list[dict[str, Any]], number: int, height: float) -> tuple[Table | None, Box]:
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
    lines = _text_lines(words, height)

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


def _frames_the_page(table: Table) -> bool:
    """Boxes that a web page was laid out with when it was printed: one of them holds nearly all the text."""
    lengths = [len(c.text) for r in table.rows for c in r]
    return max(lengths, default=0) > 400 and max(lengths) > 0.6 * sum(lengths)


def _rules_across(page: Any, words: list[dict[str, Any]], number: int, height: float) -> tuple[Table | None, Box]:
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
    lines = _text_lines(inside, height)
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


# -- page numbers and running heads ----------------------------------------------------------------------


def _drop_page_furniture(paper: Paper) -> None:
    """Drop page numbers, and lines that stand at the top or bottom of most pages."""
    pages = {b.page for b in paper.blocks}
    first_last: dict[str, set[int | None]] = {}
    for para in paper.paras():
        first_last.setdefault(para.text.strip(), set()).add(para.page)
    kept: list[Para | Table] = []
    for block in paper.blocks:
        if isinstance(block, Para):
            text = block.text.strip()
            if _PAGE_NUMBER.fullmatch(text):
                continue
            if len(pages) >= 3 and len(first_last[text]) >= max(3, len(pages) * 0.6):
                continue
        kept.append(block)
    paper.blocks = kept
