"""Scanned pages and pictures, with the optional extra `ocr`; without it one clear line says what to do."""

from __future__ import annotations

import io
from statistics import median
from typing import Any

from gongkai.papers.columns import find_tables
from gongkai.papers.grid import Paper, Para, Table
from gongkai.papers.pdfium import ALONE
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.ruled import Box, grid_of
from gongkai.papers.words import Word, lines_of

MAX_SCANNED_PAGES = 30
_MISSING = "这是扫描件或图片，没有文字层：请安装文字识别组件（pip install 'gongkai[ocr]'），或请发件人提供文字版再试。"


def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise PaperRefused(_MISSING) from error
    return RapidOCR(params={"Global.log_level": "error"})


def read_image(data: bytes) -> Paper:
    """Recognise a picture of a page. Raises `PaperRefused` when the extra is missing or nothing can be read."""
    engine = _engine()
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            page = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise PaperRefused("图片不完整或已损坏，无法打开；请重新扫描或请发件人重新发送。") from error
    return _checked(Paper(_recognise(engine, page, None), "image"))


def read_scanned_pdf(data: bytes, pages: int) -> Paper:
    """Recognise the pages of a PDF without a text layer."""
    engine = _engine()
    if pages > MAX_SCANNED_PAGES:
        raise PaperRefused(f"扫描件有 {pages} 页，超过 {MAX_SCANNED_PAGES} 页；请只截取分工表所在的页再试。")
    import pypdfium2

    paper = Paper([], "scan")
    with ALONE:
        document = pypdfium2.PdfDocument(data)
    try:
        for number in range(pages):
            with ALONE:
                picture = document[number].render(scale=2.5).to_pil().convert("RGB")
            paper.blocks += _recognise(engine, picture, number + 1)
    finally:
        with ALONE:
            document.close()
    return _checked(paper)


def _checked(paper: Paper) -> Paper:
    if not paper.blocks:
        raise PaperRefused("图片里没有认出文字；请提供更清晰的扫描件，或请发件人提供文字版。")
    paper.warnings.append("内容由文字识别得出，可能有错字，请对照原件逐行核对。")
    return paper


def _recognise(engine: Any, picture: Any, page: int | None) -> list[Para | Table]:
    import numpy

    pixels = numpy.asarray(picture)[:, :, ::-1]
    result = engine(pixels)
    words: list[Word] = []
    heights: list[float] = []
    for box, text in zip(result.boxes if result.boxes is not None else [], result.txts or (), strict=False):
        xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
        words.append(Word(min(xs), max(xs), (min(ys) + max(ys)) / 2, text))
        heights.append(max(ys) - min(ys))
    if not words:
        return []
    height = median(heights)
    cells = _boxes(pixels, height)
    table = None
    if len(cells) >= 4:

        def text_of(cell: Box) -> str:
            inside = [w for w in words if cell[0] <= (w.x0 + w.x1) / 2 < cell[2] and cell[1] <= w.y < cell[3]]
            return "\n".join("".join(w.text for w in line.words) for line in lines_of(inside, height))

        table = grid_of(cells, text_of, tolerance=height * 0.4, page=page)
    if table is None:
        return find_tables(lines_of(words, height), unit=height / 2, page=page, pitch=height * 1.5)
    top, bottom = min(c[1] for c in cells), max(c[3] for c in cells)
    paras = lines_of([w for w in words if not top <= w.y <= bottom], height)
    blocks: list[Para | Table] = [_para(x.words, page) for x in paras if x.y < top]
    return [*blocks, table, *[_para(x.words, page) for x in paras if x.y > bottom]]


def _para(words: list[Word], page: int | None) -> Para:
    return Para(" ".join(w.text for w in words), page=page)


def _boxes(pixels: Any, height: float) -> list[Box]:
    """The cells that ruling lines of a picture enclose: what is left white between long dark runs."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(~grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 15, -2)
    reach = max(int(height * 2.5), 25)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, 1)))
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (1, reach)))
    rules = cv2.dilate(level | upright, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - rules, connectivity=4)
    tall, wide = grey.shape
    found: list[Box] = []
    for x, y, w, h, _area in stats[1:]:
        edge = x <= 1 or y <= 1 or x + w >= wide - 1 or y + h >= tall - 1
        if not edge and h >= height * 0.9 and w >= height * 0.9 and w * h < 0.85 * wide * tall:
            found.append((float(x), float(y), float(x + w), float(y + h)))
    return found
