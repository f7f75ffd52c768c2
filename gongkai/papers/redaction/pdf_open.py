"""A PDF made ready for covering: bounded, opened, its forms drawn into the pages, and what hides in it listed."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from gongkai.papers.limits import MAX_FILE_BYTES, MAX_PDF_PAGES
from gongkai.papers.redaction.model import Unit
from gongkai.papers.refusal import PaperRefused

BROKEN = "PDF 不完整或已损坏，无法处理；请用阅读器打开后另存为 PDF 再试。"
HUGE = "PDF 解压后异常庞大，疑似压缩炸弹，已拒绝处理；请核对文件来源。"
MAX_STREAM_BYTES = 128 * 1024 * 1024
MAX_ALL_BYTES = 512 * 1024 * 1024
MAX_OBJECTS = 400_000
_DRAWN = frozenset(("/Widget", "/Stamp", "/FreeText"))
"""Annotations that are part of what a page shows: filled-in fields, seals, text typed onto it."""
_LABELS = {
    "/Title": "书签或标题",
    "/Contents": "注释",
    "/RC": "注释",
    "/Subj": "注释",
    "/T": "注释或表单域的名称",
    "/V": "表单域",
    "/DV": "表单域",
    "/TU": "表单域",
    "/Opt": "表单域",
    "/Alt": "替代文字",
    "/ActualText": "替代文字",
    "/E": "替代文字",
    "/URI": "链接地址",
    "/JS": "脚本",
    "/F": "附件名称",
    "/UF": "附件名称",
    "/Desc": "附件说明",
}


@dataclass
class Opened:
    """A PDF that may be worked on: forms drawn in, and the texts that no page shows."""

    pdf: Any
    hidden: list[Unit]
    notes: list[str] = field(default_factory=list)


def opened(data: bytes) -> Opened:
    """Open and make ready. Raises `PaperRefused` for what is locked, broken, too long or inflates."""
    if len(data) > MAX_FILE_BYTES:
        raise PaperRefused(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，无法处理；请压缩或拆分后再试。")
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise PaperRefused("PDF 已加密，需要密码才能打开；请去掉密码后再试。") from error
    except pikepdf.PdfError as error:
        raise PaperRefused(BROKEN) from error
    _bounded(pdf)
    if not len(pdf.pages):
        raise PaperRefused(BROKEN)
    if len(pdf.pages) > MAX_PDF_PAGES:
        raise PaperRefused(f"PDF 超过 {MAX_PDF_PAGES} 页；请拆分后再试。")
    if pdf.Root.get("/NeedsRendering"):
        raise PaperRefused("这是动态表单（XFA），内容不在页面里；请用阅读器打印为普通 PDF 再试。")
    out = Opened(pdf, list(hidden_texts(pdf)))
    kinds = [str(a.get("/Subtype")) for p in pdf.pages for a in _annotations(p)]
    if any(k not in (*_DRAWN, "/Link", "/Popup") for k in kinds):
        out.notes.append("批注和标记已去掉。")
    if _signed(pdf):
        out.notes.append("原文件有电子签名，副本里签名的图样还在，签名本身随内容改动失效。")
    if "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
        out.notes.append("PDF 里的附件已去掉。")
    _flatten(pdf)
    return out


def _bounded(pdf: Any) -> None:
    # Streams are measured before any library unpacks them.
    total = count = 0
    for one in pdf.objects:
        count += 1
        if count > MAX_OBJECTS:
            raise PaperRefused(HUGE)
        if not isinstance(one, pikepdf.Stream):
            continue
        if one.get("/Subtype") == "/Image":
            width, height = one.get("/Width"), one.get("/Height")
            if isinstance(width, int) and isinstance(height, int) and width * height > MAX_STREAM_BYTES:
                raise PaperRefused("PDF 里的图片尺寸过大，无法处理；请降低分辨率后再试。")
        filters = one.get("/Filter")
        names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
        raw = bytes(one.read_raw_bytes())
        for name in names:
            if name not in ("/FlateDecode", "/Fl"):
                break
            raw = _inflated(raw)
        total += len(raw)
        if total > MAX_ALL_BYTES:
            raise PaperRefused(HUGE)


def _inflated(raw: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        out = engine.decompress(raw, MAX_STREAM_BYTES)
    except zlib.error:
        return b""  # broken streams are the business of those who read them
    if engine.unconsumed_tail:
        raise PaperRefused(HUGE)
    return out


def _annotations(page: Any) -> Iterator[Any]:
    held = page.obj.get("/Annots")
    for one in held if isinstance(held, pikepdf.Array) else ():
        if isinstance(one, pikepdf.Dictionary):
            yield one


def _signed(pdf: Any) -> bool:
    return any(
        isinstance(o, pikepdf.Dictionary) and (o.get("/Type") == "/Sig" or "/ByteRange" in o) for o in pdf.objects
    )


def _flatten(pdf: Any) -> None:
    """Draw into the pages what belongs to what they show, and take all other annotations away."""
    for page in pdf.pages:
        drawn = [a for a in _annotations(page) if str(a.get("/Subtype")) in _DRAWN and not int(a.get("/F", 0)) & 0x22]
        if drawn:
            page.obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(a) for a in drawn]))
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    try:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    except (pikepdf.PdfError, ValueError, TypeError) as error:
        raise PaperRefused("PDF 的表单无法处理；请用阅读器打印为普通 PDF 再试。") from error
    for page in pdf.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
    if "/AcroForm" in pdf.Root:
        del pdf.Root["/AcroForm"]


def text_of(value: Any) -> str:
    """A string object as text; bytes that are none give what can be read of them."""
    try:
        return str(value)
    except (ValueError, UnicodeError):
        return bytes(value).decode("utf-16-be", "ignore")


def strings_of(value: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The strings of a direct object with the keys they stand under."""
    if isinstance(value, pikepdf.String):
        yield key, text_of(value)
    elif depth < 12 and isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        for name, one in (value if isinstance(value, pikepdf.Dictionary) else value.stream_dict).items():
            yield from _inner(one, str(name), depth)
    elif depth < 12 and isinstance(value, pikepdf.Array):
        for one in value:
            yield from _inner(one, key, depth)


def _inner(value: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:
    # An indirect object is met by itself when all objects are walked.
    if not getattr(value, "is_indirect", False):
        yield from strings_of(value, key, depth + 1)


def hidden_texts(pdf: Any) -> Iterator[Unit]:
    """Texts of a PDF that stand on no page: properties, bookmarks, notes, fields, alternative texts, names."""
    info = pdf.trailer.get("/Info")
    properties = info.objgen if isinstance(info, pikepdf.Dictionary) else None
    for number, page in enumerate(pdf.pages, 1):
        for one in _annotations(page):
            for key, text in strings_of(one):
                yield Unit(f"第{number}页的{_LABELS.get(key, '注释')}", text)
    for one in pdf.objects:
        label = "文件属性" if properties and getattr(one, "objgen", None) == properties else ""
        if isinstance(one, pikepdf.Dictionary) and str(one.get("/Type")) == "/Annot":
            continue
        for key, text in strings_of(one):
            yield Unit(label or _LABELS.get(key, "文件内部数据"), text)
        if isinstance(one, pikepdf.Stream) and str(one.get("/Subtype")) == "/XML":
            raw = _inflated(bytes(one.read_raw_bytes())) if "/Filter" in one else bytes(one.read_raw_bytes())
            words = re.sub(r"<[^>]*>", "\n", raw.decode("utf-8", "ignore"))
            yield from (Unit("文件属性", w) for w in words.split("\n") if w.strip())
