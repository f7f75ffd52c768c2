"""What a file is, told from its bytes: the extension is only a last hint."""

from __future__ import annotations

import re

from gongkai.papers.limits import open_zip
from gongkai.papers.refusal import PaperRefused

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def kind_of(data: bytes, name: str = "") -> str:
    """One of docx, xlsx, doc, xls, pdf, ofd, image, html, mht, csv, text, odf, rtf.

    `name` only decides between text and csv. Raises `PaperRefused` for what cannot be a plan.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise PaperRefused("文件是空的，没有任何内容；请核对是否选错了文件。")
    if data[:5] == b"%PDF-" or b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:2] == b"PK":
        return _package(data)
    if data[:8] == _OLE:
        return _compound(data)
    if data[:5] == b"{\\rtf":
        return "rtf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    if any(data.startswith(magic) for magic, _ in _PICTURES) and not _is_text(data):
        return "image"
    return _textual(data, name)


def _package(data: bytes) -> str:
    archive = open_zip(data)
    names = set(archive.namelist())
    lowered = {n.lower() for n in names}
    if "word/document.xml" in lowered:
        return "docx"
    if "xl/workbook.xml" in lowered or "xl/workbook.bin" in lowered:
        return "xlsx" if "xl/workbook.xml" in lowered else "xls"
    if "ofd.xml" in lowered:
        return "ofd"
    if "mimetype" in names and "content.xml" in names:
        return "odf"
    if "[content_types].xml" in lowered:
        if any(n.startswith("word/") for n in lowered):
            return "docx"
        if any(n.startswith("ppt/") for n in lowered):
            raise PaperRefused("这是演示文稿，不是分工方案的常见格式；请把表格另存为 Word、Excel 或 PDF 再试。")
    raise PaperRefused("这是压缩包或无法识别的打包文件；请先解压，再选择其中的方案文件。")


def _compound(data: bytes) -> str:
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise PaperRefused("文件已加密，无法读取；请在 WPS/Word 中去掉打开密码后再试。")
    if _utf16("WordDocument") in data:
        return "doc"
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return "xls"
    if _utf16("PowerPoint Document") in data:
        raise PaperRefused("这是演示文稿，不是分工方案的常见格式；请把表格另存为 Word、Excel 或 PDF 再试。")
    raise PaperRefused("文件不完整或已损坏，认不出是哪种文档；请让发件人重新发送，或用 WPS/Word 打开后另存再试。")


def _is_text(data: bytes) -> bool:
    try:
        data[:2048].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 2040
    return b"\x00" not in data[:2048]


def _textual(data: bytes, name: str) -> str:
    head = data[:200_000]
    if b"\x00" in head[:400]:
        head = head.replace(b"\x00", b"")
    lowered = head.lower()
    if re.match(
        rb"\s*(from|mime-version|content-type|date|subject|message-id|x-[a-z-]+|snapshot-[a-z-]+):", lowered
    ) and (
        b"content-type: multipart" in lowered[:4000]
        or b"content-location:" in lowered[:4000]
        or b"text/html" in lowered[:4000]
    ):
        return "mht"
    if re.search(rb"<(!doctype html|html[\s>]|body[\s>]|table[\s>]|td[\s>]|p[\s>]|div[\s>])", lowered):
        return "html"
    if b"<?xml" in lowered[:200]:
        if b"<!entity" in lowered:
            raise PaperRefused("文件中含有实体声明（XML 实体炸弹的特征），已拒绝读取；请核对文件来源。")
        if b"<w:worddocument" in lowered or b"<pkg:package" in lowered or b"word.document" in lowered:
            return "doc"
        if b"excel.sheet" in lowered:
            return "xls-xml"
    if name.lower().endswith((".csv", ".tsv")):
        return "csv"
    return "text"
