"""Files that go out with a record: what is found in them, seen or not, and a copy with personal data covered.

`allowed` says what may be attached at all, `examine` what is found, `mask_attachment` makes the copy.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gongkai.papers import PaperRefused, Para
from gongkai.papers.pdfium import alone
from gongkai.records.checks import Finding, attached_sheets, attached_word, marks, media, personal, tables
from gongkai.records.checks.media import MAX_ATTACHMENT_BYTES, allowed
from gongkai.records.checks.office_package import Package, properties

__all__ = ["MAX_ATTACHMENT_BYTES", "Look", "allowed", "examine", "mask_attachment"]

MAX_PAGES = 3000
MAX_PICTURES = 20
_NOBODY = ("", "anonymous", "unspecified")
_BROKEN = "文件不完整或已损坏，无法检查；请用 WPS/Word 打开后另存再上传。"


@dataclass(slots=True)
class Look:
    """What was found in a file; `unread` says in words what could not be read, `media` is its type."""

    media: str
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def blocked(self) -> bool:
        """Whether it may not go out so."""
        return any(f.level == "block" for f in self.findings)

    def missed(self, say: str, where: str = "") -> None:
        """Remember that something was not read, and warn of it."""
        self.unread.append(say)
        self.findings.append(Finding("attachment.unread", "warn", say, where))


def examine(source: bytes | str | Path, name: str = "") -> Look:
    """Look through a file. Raises PaperRefused for what may not be attached, is encrypted, broken or a bomb."""
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        if path.stat().st_size > MAX_ATTACHMENT_BYTES:
            raise PaperRefused(f"文件超过 {MAX_ATTACHMENT_BYTES // 1024 // 1024} MB，不能上传；请分成几个文件。")
        data = path.read_bytes()
    look = Look(allowed(data, name))
    try:
        _examine(look, data, name)
    except (PaperRefused, ImportError, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes a library raise means the same to its owner
        raise PaperRefused(_BROKEN) from error
    look.findings += marks.find(name, where="文件名") + personal.findings(name, where="文件名")
    look.findings = list(dict.fromkeys(look.findings))
    return look


def _examine(look: Look, data: bytes, name: str) -> None:
    if look.media in (media.DOCX, media.XLSX):
        _office(look, Package(data), word=look.media == media.DOCX)
    elif look.media in (media.DOC, media.XLS):
        _old_office(look, data, word=look.media == media.DOC)
    elif look.media == media.PDF:
        _pdf(look, data)
    elif look.media == media.OFD:
        _ofd(look, data)
    elif look.media in (media.CSV, media.TXT):
        _text(look, data)
    elif look.media in media.PICTURES:
        if b"Exif\x00\x00" in data[:65536] or b"eXIf" in data[:4096]:
            say = "图片带有拍摄信息（可能含拍摄地点和时间），请另存一份不带拍摄信息的图片。"
            look.findings.append(Finding("attachment.properties", "warn", say))
        _picture(look, data, "")
    else:
        look.missed("音频和视频里的内容没有检查，请人工听看一遍。")


# -- office files ------------------------------------------------------------------------------------------------------


def _office(look: Look, package: Package, *, word: bool) -> None:
    look.findings += attached_word.look(package) if word else attached_sheets.look(package)
    told = "；".join(f"{label}：{value}" for label, value in properties(package))
    if told:
        say = f"文件属性里有{told}；公开前请用“检查文档”去掉，或用脱敏副本。"
        look.findings.append(Finding("attachment.properties", "warn", say, "文件属性"))
        look.findings += personal.findings(told, where="文件属性")
    held = package.names(r"(?:word|xl)/embeddings/.*")
    if held:
        say = f"文件里嵌有{len(held)}个其他文件（对象），公开前请改为图片或删除。"
        look.findings.append(Finding("attachment.hidden", "block", say, "嵌入的对象"))
    for name in held:
        if package.parts[name][:2] == b"PK":
            inner = Package(package.parts[name])
            if "xl/workbook.xml" in inner.parts or "word/document.xml" in inner.parts:
                found = attached_sheets.look(inner) if "xl/workbook.xml" in inner.parts else attached_word.look(inner)
                for one in found:
                    where = f"嵌入的对象：{one.where}"
                    look.findings.append(Finding(one.rule, one.level, one.say, where, "", one.found, one.masked))
    pictures = package.names(r"(?:word|xl)/media/.*\.(?i:png|jpe?g|gif|bmp|tiff?|webp)")
    if pictures and find_spec("rapidocr") is None:
        look.missed(f"文件里有{len(pictures)}张图片，图片里的文字没有检查，请人工核对。", "图片")
    elif pictures:
        for at, name in enumerate(pictures[:MAX_PICTURES], 1):
            _picture(look, package.parts[name], f"第{at}张图片")
        if len(pictures) > MAX_PICTURES:
            look.missed(f"图片超过{MAX_PICTURES}张，后面的没有检查，请人工核对。", "图片")


def _old_office(look: Look, data: bytes, *, word: bool) -> None:
    from gongkai.papers.office import convert, soffice

    if soffice() is not None:
        try:
            made = convert(data, ".doc" if word else ".xls", "docx" if word else "xlsx")
        except PaperRefused:
            look.missed("旧格式文件转换不了，无法检查；请另存为 .docx 或 .xlsx 再上传。")
            return
        _office(look, Package(made), word=word)
        return
    if word:
        look.missed("这台服务器没有安装 LibreOffice，旧格式文件无法检查；请另存为 .docx 再上传。")
        return
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for meta in book.sheets_metadata:
        grid = [[tables.text_of(v) for v in row] for row in book.get_sheet_by_name(meta.name).to_python()]
        where = f"工作表“{meta.name}”"
        look.findings += attached_word.grid_findings(grid, where)
        for row in grid:
            look.findings += [f for text in row for f in marks.find(text, where=where)]
        if meta.visible is not SheetVisibleEnum.Visible and any(any(row) for row in grid):
            say = "隐藏的列、行或表里有内容，公开前请删除或取消隐藏。"
            look.findings.append(Finding("attachment.hidden", "block", say, where + "（整个表被隐藏）"))
    look.missed("旧格式表格里隐藏的行列、批注和属性无法检查；请另存为 .xlsx 再上传。")


# -- pages and pictures ------------------------------------------------------------------------------------------------


@alone
def _pdf(look: Look, data: bytes) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PaperRefused("PDF 已加密，无法检查；请去掉密码后再上传。") from error
        raise PaperRefused(_BROKEN) from error
    try:
        if len(document) > MAX_PAGES:
            raise PaperRefused(f"PDF 超过 {MAX_PAGES} 页，无法检查；请分成几个文件。")
        bare: list[int] = []
        for number in range(len(document)):
            page = document[number]
            held = page.get_textpage()
            text = held.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
            held.close()
            where = f"第{number + 1}页"
            look.findings += _page_text(text, where)
            for note in _notes(page):
                look.findings += personal.findings(note, where=where + "注释或表单") + marks.find(note, where=where)
            if not text.strip():
                bare.append(number)
            page.close()
        _bare_pages(look, document, bare)
        told = {
            k: v
            for k, v in document.get_metadata_dict().items()
            if k in ("Author", "Keywords", "Subject") and v.strip("()") not in _NOBODY
        }
        if told:
            say = f"文件属性里有{'；'.join(told.values())}；公开前请去掉。"
            look.findings.append(Finding("attachment.properties", "warn", say, "文件属性"))
        look.findings += personal.findings("；".join(document.get_metadata_dict().values()), where="文件属性")
        if document.count_attachments():
            say = "PDF 里夹带了其他文件，公开前请删除。"
            look.findings.append(Finding("attachment.hidden", "block", say, "PDF 附件"))
    finally:
        document.close()


def _page_text(text: str, where: str) -> list[Finding]:
    # A line of a page is often a row of a table: what its heading tells is not known here, what it holds is.
    return personal.findings(text, where=where) + marks.find(text, where=where)


def _notes(page: Any) -> list[str]:
    """What annotations and form fields of a page say."""
    import ctypes

    import pypdfium2.raw as raw

    out: list[str] = []
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), 500)):
        note = raw.FPDFPage_GetAnnot(page.raw, at)
        for key in (b"Contents", b"V", b"T"):
            size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
            if size > 2:
                held = ctypes.create_string_buffer(size)
                raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), size)
                out.append(held.raw[: size - 2].decode("utf-16-le", "replace"))
        raw.FPDFPage_CloseAnnot(note)
    return out


def _bare_pages(look: Look, document: Any, bare: list[int]) -> None:
    if not bare:
        return
    if find_spec("rapidocr") is None:
        pages = "、".join(str(n + 1) for n in bare[:10]) + ("等" if len(bare) > 10 else "")
        say = f"第{pages}页没有文字层（扫描件或图片），里面的内容没有检查，请人工核对。"
        look.missed(say, f"第{bare[0] + 1}页")
        return
    for number in bare[:MAX_PICTURES]:
        held = io.BytesIO()
        document[number].render(scale=2.0).to_pil().convert("RGB").save(held, "PNG")
        _picture(look, held.getvalue(), f"第{number + 1}页（扫描）")
    if len(bare) > MAX_PICTURES:
        look.missed(f"扫描页超过{MAX_PICTURES}页，后面的没有检查，请人工核对。")


def _picture(look: Look, data: bytes, where: str) -> None:
    if find_spec("rapidocr") is None:
        look.missed("图片里的文字没有检查，请人工核对。", where)
        return
    from gongkai.papers.scan import read_image

    try:
        paper = read_image(data)
    except PaperRefused:
        return  # no words in it
    for block in paper.blocks:
        if isinstance(block, Para):
            look.findings += _page_text(block.text, where)
        else:
            grid = [[cell.text for cell in row] for row in block.rows]
            look.findings += attached_word.grid_findings(grid, where)
            look.findings += [f for row in grid for text in row for f in marks.find(text, where=where)]


def _ofd(look: Look, data: bytes) -> None:
    from gongkai.papers.ofd import read_ofd

    try:
        paper = read_ofd(data)
    except PaperRefused:
        look.missed("OFD 里没有可读的文字（可能是扫描件），无法检查，请人工核对。")
        return
    for block in paper.blocks:
        where = f"第{block.page}页"
        if isinstance(block, Para):
            look.findings += _page_text(block.text, where)
        else:
            grid = [[cell.text for cell in row] for row in block.rows]
            look.findings += attached_word.grid_findings(grid, where)
            look.findings += [f for row in grid for text in row for f in marks.find(text, where=where)]


# -- text --------------------------------------------------------------------------------------------------------------


def _text(look: Look, data: bytes) -> None:
    text, _ = media.decode(data)
    look.findings += marks.find(text)
    if look.media == media.TXT:
        look.findings += personal.findings(text)
        return
    rows, _ = _rows(text)
    look.findings += attached_word.grid_findings(rows, "")


def _rows(text: str) -> tuple[list[list[str]], str]:
    """The rows of a CSV and its delimiter: the one that parts the first lines most evenly."""
    head = list(itertools.islice((x for x in text.splitlines() if x.strip()), 20))
    between = max(
        ",\t;|，", key=lambda d: (sum(1 for x in head if x.count(d) == head[0].count(d) > 0), head[0].count(d))
    )
    csv.field_size_limit(10_000_000)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between)), between
    except csv.Error as error:
        raise PaperRefused("CSV 文件的引号或分隔符不完整，无法检查；请用表格软件打开后另存为 .xlsx 再上传。") from error


# -- the copy ----------------------------------------------------------------------------------------------------------


def mask_attachment(data: bytes, name: str, masks: Iterable[str] = tables.DEFAULT_MASKS) -> bytes:
    """A copy with personal data covered and hidden content, comments, changes and properties taken out.

    Raises PaperRefused for files that cannot be changed so (PDF, pictures, old formats).
    """
    kind = allowed(data, name)
    wanted = set(masks)
    if kind in (media.CSV, media.TXT):
        return _covered_text(data, kind, wanted)
    if kind not in (media.DOCX, media.XLSX):
        what = "PDF" if kind == media.PDF else "这种格式的文件"
        raise PaperRefused(f"{what}不能直接遮盖；请在源文件（Word 或 Excel）里遮盖个人信息后重新导出，再上传。")
    try:
        package = Package(data)
        if kind == media.DOCX:
            attached_word.cover(package, wanted)
        else:
            attached_sheets.cover(package, wanted)
        return package.save()
    except (PaperRefused, MemoryError):
        raise
    except Exception as error:
        raise PaperRefused(_BROKEN) from error


def _covered_text(data: bytes, kind: str, masks: set[str]) -> bytes:
    text, charset = media.decode(data)
    if kind == media.TXT:
        return personal.clean(text, masks).encode(charset)
    rows, between = _rows(text)
    head = tables.heading_row(rows)
    covered: list[list[Any]] = [
        [personal.clean(c, masks) for c in row] for row in (rows[: head + 1] if head >= 0 else rows)
    ]
    if head >= 0:
        covered += tables.mask_rows(rows[head], rows[head + 1 :], masks)
    held = io.StringIO(newline="")
    end = "\r\n" if re.search(r"\r\n", text) else "\n"
    csv.writer(held, delimiter=between, lineterminator=end).writerows(covered)
    return held.getvalue().encode(charset)
