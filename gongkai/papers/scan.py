"""Scanned pages and pictures, with the optional extra `ocr`; without it one clear line says what to do."""

from __future__ import annotations

import io
from statistics import median
from typing import Any

from gongkai.papers.columns import Word, find_tables, lines_of
from gongkai.papers.grid import Paper, Para
from gongkai.papers.refusal import PaperRefused

MAX_SCANNED_PAGES = 30
_MISSING = "这是扫描件或图片，没有文字层：请安装文字识别组件（pip install 'gongkai[ocr]'），或请发件人提供文字版再试。"


def _engine() -> Any:
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError as error:
        raise PaperRefused(_MISSING) from error
    return RapidOCR()


def read_image(data: bytes) -> Paper:
    """Recognise a picture of a page. Raises `PaperRefused` when the extra is missing or nothing can be read."""
    engine = _engine()
    paper = Paper([], "image")
    paper.blocks = list(_recognise(engine, data, None))
    return _checked(paper)


def read_scanned_pdf(data: bytes, pages: int) -> Paper:
    """Recognise the pages of a PDF without a text layer."""
    engine = _engine()
    if pages > MAX_SCANNED_PAGES:
        raise PaperRefused(f"扫描件有 {pages} 页，超过 {MAX_SCANNED_PAGES} 页；请只截取分工表所在的页再试。")
    import pypdfium2

    paper = Paper([], "scan")
    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(pages):
            picture = document[number].render(scale=2.5).to_pil()
            held = io.BytesIO()
            picture.save(held, "PNG")
            paper.blocks += _recognise(engine, held.getvalue(), number + 1)
    finally:
        document.close()
    return _checked(paper)


def _checked(paper: Paper) -> Paper:
    if not paper.blocks:
        raise PaperRefused("图片里没有认出文字；请提供更清晰的扫描件，或请发件人提供文字版。")
    paper.warnings.append("内容由文字识别得出，可能有错字，请对照原件逐行核对。")
    return paper


def _recognise(engine: Any, picture: bytes, page: int | None) -> list[Any]:
    result, _ = engine(picture)
    words: list[Word] = []
    heights: list[float] = []
    for box, text, _score in result or []:
        xs, ys = [p[0] for p in box], [p[1] for p in box]
        words.append(Word(min(xs), max(xs), (min(ys) + max(ys)) / 2, text))
        heights.append(max(ys) - min(ys))
    if not words:
        return []
    height = median(heights)
    lines = lines_of(words, height)
    blocks = find_tables(lines, unit=height / 2, page=page, pitch=height * 1.5)
    return [b for b in blocks if not (isinstance(b, Para) and not b.text.strip())]
