"""PDF with a text layer: ruled tables cell by cell, tables without rules by the place of their words."""

from __future__ import annotations

import io
import itertools
import logging
import re
from statistics import median
from typing import Any

from gongkai.papers.columns import find_tables
from gongkai.papers.grid import Paper, Para, Table
from gongkai.papers.limits import MAX_PDF_PAGES
from gongkai.papers.pdf_tables import RULES, frames_the_page, grid_from, ruled_table, rules_across, text_lines
from gongkai.papers.pdfium import alone
from gongkai.papers.radicals import plain_radicals
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.ruled import only_down
from gongkai.papers.words import Line, line_text

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
    ruled = [t for t in page.find_tables(RULES) if len(t.rows) >= 1 and len(t.cells) >= 2]
    blocks: list[tuple[float, list[Para | Table]]] = []
    boxes: list[tuple[float, float]] = []
    for found in sorted(ruled, key=lambda t: t.bbox[1]):
        if any(a <= found.bbox[1] < b for a, b in boxes):
            continue
        table, bbox = ruled_table(page, found, chars, words, number, height)
        if table is None or frames_the_page(table):
            continue
        boxes.append((bbox[1], bbox[3]))
        blocks.append((bbox[1], [table]))
    if not boxes and (held := only_down(page.edges, height)):
        tail, bbox = grid_from(held, chars, number, height)
        if tail is not None:
            boxes.append((bbox[1], bbox[3]))
            blocks.append((bbox[1], [tail]))
    if not boxes:
        across, bbox = rules_across(page, words, number, height)
        if across is not None:
            boxes.append((bbox[1], bbox[3]))
            blocks.append((bbox[1], [across]))
    rest = [w for w in words if not any(a - 1 <= (w["top"] + w["bottom"]) / 2 <= b + 1 for a, b in boxes)]
    lines = [x for x in text_lines(rest, height) if not _PAGE_NUMBER.fullmatch(line_text(x).strip())]
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
