"""Documents of which a part is supplied: what may not be known is taken out for good, not painted over.

A copy is made; the original stays as it is. Word and Excel files are written anew from the parts that are known. Pages
of a PDF with something covered become pictures. Before a copy is handed out it is searched for what was covered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, TypeVar

from gongkai.papers.limits import MAX_FILE_BYTES, open_zip
from gongkai.papers.pdfium import alone
from gongkai.papers.redaction import check
from gongkai.papers.redaction.matching import BLOCK, covered
from gongkai.papers.redaction.model import (
    Area,
    Cover,
    Covered,
    Needle,
    Passage,
    Picture,
    Redacted,
    list_of_covered,
    passages,
)
from gongkai.papers.refusal import PaperRefused

MAX_COVERS = 500
_BROKEN = "文件不完整或已损坏，无法处理；请用 WPS、Word 或阅读器打开后另存再试。"
_OTHER = "只能遮盖 docx、xlsx 和 PDF 文件；请先用 WPS 或 Word 把文件另存为 docx、xlsx 或 PDF 再试。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_Made = TypeVar("_Made")


def find(data: bytes, name: str, what: str) -> list[Passage]:
    """All places of a string, whatever spaces and widths it is written in.

    Raises `PaperRefused` with one Chinese line for a file that cannot be looked through.
    """
    return _guarded(lambda: _find(data, name, what))


def redact(data: bytes, name: str, covers: Sequence[Cover | Area | Picture], *, hidden: str = "remove") -> Redacted:
    """A copy without what is covered. `hidden` is what becomes of hidden sheets, rows and text: "remove" or "show".

    Raises `PaperRefused` with one Chinese line: a cover that is found nowhere, a file that cannot be covered for sure.
    """
    if hidden not in ("remove", "show"):
        raise ValueError(hidden)
    return _guarded(lambda: _redact(data, name, covers, hidden))


def pictures(data: bytes, name: str) -> int:
    """How many pictures a Word or Excel file has; `Picture` names them by number in this order."""
    return _guarded(lambda: _pictures(data, name))


def _guarded(work: Callable[[], _Made]) -> _Made:
    try:
        return work()
    except (PaperRefused, ImportError):
        raise
    except MemoryError as error:
        raise PaperRefused("文件内容过大，内存不足以处理；请拆分后再试。") from error
    except Exception as error:  # whatever a damaged file makes a library raise means the same to who brought it
        raise PaperRefused(_BROKEN) from error


def _kind(data: bytes, name: str) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise PaperRefused(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，无法处理；请压缩图片或拆分后再试。")
    if not data.strip(b"\x00 \r\n\t"):
        raise PaperRefused("文件是空的，没有任何内容；请核对是否选错了文件。")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:2] == b"PK":
        names = {n.lower() for n in open_zip(data).namelist()}
        if "word/document.xml" in names or ("[content_types].xml" in names and any(n[:5] == "word/" for n in names)):
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    if data[:8] == _OLE and "EncryptedPackage".encode("utf-16-le") in data:
        raise PaperRefused("文件已加密，无法处理；请在 WPS/Word 中去掉打开密码后再试。")
    raise PaperRefused(_OTHER)


def _needle(text: str) -> Needle:
    needle = Needle.of(text)
    if not needle.folded or BLOCK in needle.folded:
        raise PaperRefused("要遮盖的内容是空的，或只有空格；请填写要遮盖的文字。")
    return needle


def _office(kind: str) -> Any:
    # Each reader is imported when needed: a cold start pays for one format only.
    if kind == "docx":
        from gongkai.papers.redaction import word_cover, word_places

        return word_places.units, word_cover.redact
    from gongkai.papers.redaction import sheet_cover, sheet_places

    return sheet_places.units, sheet_cover.redact


def _find(data: bytes, name: str, what: str) -> list[Passage]:
    needle = _needle(what)
    kind = _kind(data, name)
    if kind == "pdf":
        return _find_in_pdf(data, needle)
    from gongkai.papers.redaction.package import Source

    return passages(_office(kind)[0](Source(data)), needle)


@alone
def _find_in_pdf(data: bytes, needle: Needle) -> list[Passage]:
    from gongkai.papers.redaction.pdf_cover import Drawn

    drawn = Drawn(data)
    try:
        return drawn.passages(needle)
    finally:
        drawn.close()


def _pictures(data: bytes, name: str) -> int:
    from gongkai.papers.redaction import package, sheet_cover, word_cover

    kind = _kind(data, name)
    if kind == "pdf":
        return 0
    sort, follow = ("document", word_cover.FOLLOW) if kind == "docx" else ("workbook", sheet_cover.FOLLOW)
    return len(package.pictures_of(package.Source(data).graph(sort, follow)))


def _redact(data: bytes, name: str, covers: Sequence[Cover | Area | Picture], hidden: str) -> Redacted:
    if not covers:
        raise PaperRefused("没有要遮盖的内容；请先填写要遮盖的文字或框选区域。")
    if len(covers) > MAX_COVERS:
        raise PaperRefused(f"一次最多遮盖{MAX_COVERS}项内容；请分几次办理。")
    for one in covers:
        if not one.reason.strip():
            raise PaperRefused("每一项遮盖都要写明理由；请补充理由。")
    kind = _kind(data, name)
    words = [(c, _needle(c.text)) for c in covers if isinstance(c, Cover)]
    areas = [c for c in covers if isinstance(c, Area)]
    images = [c for c in covers if isinstance(c, Picture)]
    if kind == "pdf":
        if images:
            raise PaperRefused("PDF 里的图片请按页面上的区域遮盖。")
        made, done, notes = _pdf(data, words, areas)
    else:
        if areas:
            raise PaperRefused("按区域遮盖只用于 PDF；Word 和 Excel 文件里的图片请按第几幅图片遮盖。")
        made, done, notes = _package(data, kind, words, images, hidden)
    return Redacted(made, _named(name, kind, words), done, notes)


def _listed(words: Sequence[tuple[Cover, Needle]], search: Callable[[Needle], list[Passage]]) -> list[Covered]:
    """Where each string stands, without the string. Refuses one that is found nowhere."""
    out = []
    for cover, needle in words:
        found = search(needle)
        if not found:
            raise PaperRefused(
                f"要遮盖的“{cover.text.strip()}”在文件里没有找到，没有生成副本；请核对文字，图片里的文字请按区域或图片遮盖。"
            )
        out += [Covered(p.place, cover.reason, cover.basis, len(p.text)) for p in found]
    # The name of a sheet or a file may itself be covered.
    needles = [n.folded for _, n in words]
    return [Covered(covered(c.place, needles), c.reason, c.basis, c.length) for c in out]


def _package(
    data: bytes, kind: str, words: Sequence[tuple[Cover, Needle]], images: Sequence[Picture], hidden: str
) -> tuple[bytes, list[Covered], list[str]]:
    from gongkai.papers.redaction.package import Source

    units, cover = _office(kind)
    source = Source(data)
    there = units(source)
    done = _listed(words, lambda n: passages(there, n))
    made, gone, notes = cover(source, [n for _, n in words], images, hidden)
    done += [Covered(f"第{p.number}幅图片", p.reason, p.basis, 0) for p in images]
    check.texts(words, units(Source(made)))
    check.package(made, words)
    return made, done + gone, notes


@alone
def _pdf(
    data: bytes, words: Sequence[tuple[Cover, Needle]], areas: Sequence[Area]
) -> tuple[bytes, list[Covered], list[str]]:
    from gongkai.papers.redaction import pdf_cover

    drawn = pdf_cover.Drawn(data)
    try:
        done = _listed(words, drawn.passages)
        made, more, notes = pdf_cover.redact(drawn, words, areas)
    finally:
        drawn.close()
    check.pdf(made, words)
    return made, done + more, notes


def _named(name: str, kind: str, words: Sequence[tuple[Cover, Needle]]) -> str:
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", stem) or "文件"
    # A sign that every file system takes.
    return covered(stem, [n.folded for _, n in words]).replace(BLOCK, "某") + "." + kind


__all__ = [
    "Area",
    "Cover",
    "Covered",
    "Passage",
    "Picture",
    "Redacted",
    "find",
    "list_of_covered",
    "pictures",
    "redact",
]
