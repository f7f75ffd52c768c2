"""OFD (GB/T 33190) documents: the text with its places, and tables found from them."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any

from gongkai.papers.columns import find_tables
from gongkai.papers.grid import Paper
from gongkai.papers.limits import MAX_PDF_PAGES, open_zip, part
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.word import parse_xml
from gongkai.papers.words import Word, lines_of


def read_ofd(data: bytes) -> Paper:
    """Read an OFD file's pages. Raises `PaperRefused` when it holds no text."""
    archive = open_zip(data)
    names = {n.lower(): n for n in archive.namelist()}
    root = _xml(archive, names.get("ofd.xml", "OFD.xml"))
    paper = Paper([], "ofd")
    number = 0
    for body in _named(root, "DocRoot"):
        document_path = (body.text or "").strip().lstrip("/")
        document = _xml(archive, names.get(document_path.lower(), document_path))
        folder = posixpath.dirname(document_path)
        for page in _named(document, "Page"):
            location = posixpath.join(folder, (page.get("BaseLoc") or "").lstrip("/"))
            name = names.get(location.lower())
            if name is None:
                continue
            number += 1
            if number > MAX_PDF_PAGES:
                raise PaperRefused(f"OFD 超过 {MAX_PDF_PAGES} 页，不像是分工方案；请只截取分工表所在的页再试。")
            words = _words(_xml(archive, name))
            if words:
                height = sorted(w[1] for w in words)[len(words) // 2]
                lines = lines_of([w for w, _ in words], height)
                paper.blocks += find_tables(lines, unit=height / 2, page=number, pitch=height * 1.8)
    if not paper.blocks:
        raise PaperRefused("OFD 文件里没有文字（可能是扫描件）；请用 OFD 阅读器导出为文字版 PDF 或 Word 再试。")
    return paper


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    data = part(archive, name)
    if data is None:
        raise PaperRefused("OFD 文件不完整，缺少页面内容；请让发件人重新发送。")
    return parse_xml(data)


def _named(node: Any, name: str) -> list[Any]:
    return [n for n in node.iter() if isinstance(n.tag, str) and n.tag.rsplit("}", 1)[-1] == name]


def _floats(value: str | None) -> list[float]:
    out: list[float] = []
    for piece in (value or "").split():
        try:
            out.append(float(piece))
        except ValueError:
            continue
    return out


def _words(page: Any) -> list[tuple[Word, float]]:
    """Words with their line height. A place is the object's boundary plus the offset of its text code (mm)."""
    words: list[tuple[Word, float]] = []
    for item in _named(page, "TextObject"):
        boundary = _floats(item.get("Boundary")) or [0.0, 0.0, 0.0, 0.0]
        size = (_floats(item.get("Size")) or [4.0])[0]
        for code in _named(item, "TextCode"):
            text = (code.text or "").strip()
            if not text:
                continue
            x = boundary[0] + (_floats(code.get("X")) or [0.0])[0]
            y = boundary[1] + (_floats(code.get("Y")) or [size])[0] - size / 2
            words.append((Word(x, x + size * sum(1.0 if ord(c) > 255 else 0.5 for c in text), y, text), size))
    return words
