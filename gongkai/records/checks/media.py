"""What may be attached at all: told from the bytes, with a Chinese sentence for what may not."""

from __future__ import annotations

import re

from gongkai.papers.limits import open_zip, part
from gongkai.papers.refusal import PaperRefused

MAX_ATTACHMENT_BYTES = 50 * 1024 * 1024

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS = "application/msword", "application/vnd.ms-excel"
PDF, OFD = "application/pdf", "application/ofd"
CSV, TXT = "text/csv", "text/plain"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
SOUNDS = ("audio/mpeg", "video/mp4")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_BAD_ENDS = frozenset(
    [
        "exe",
        "com",
        "scr",
        "pif",
        "msi",
        "dll",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "mjs",
        "wsf",
        "wsh",
        "hta",
        "jar",
        "apk",
        "sh",
        "py",
        "php",
        "jsp",
        "asp",
        "aspx",
        "lnk",
        "reg",
        "cpl",
        "html",
        "htm",
        "xhtml",
        "shtml",
        "mht",
        "mhtml",
        "svg",
        "svgz",
        "xml",
        "xsl",
        "swf",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "xlam",
        "xlsb",
        "pptm",
    ]
)
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml|%|object|embed|img|meta|style|link)", re.I
)
_MP4 = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |M4A |dash|MSNV|f4v ")
_KINDS = "可以上传 docx、xlsx、doc、xls、wps、et、pdf、ofd、csv、txt、png、jpg、gif、webp、mp3、mp4"


def utf16(name: str) -> bytes:
    """A name as compound files keep it."""
    return name.encode("utf-16-le")


def allowed(data: bytes, name: str) -> str:
    """The media type of a file that may be attached. Raises PaperRefused with one Chinese sentence."""
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise PaperRefused(f"文件超过 {MAX_ATTACHMENT_BYTES // 1024 // 1024} MB，不能上传；请压缩图片或分成几个文件。")
    if not data.strip(b"\x00 \r\n\t"):
        raise PaperRefused("文件是空的，没有任何内容；请核对是否选错了文件。")
    end = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if data.startswith(_PROGRAMS):
        raise PaperRefused("这是程序或脚本，不能作为附件；请上传文档本身。")
    if end in _BAD_ENDS:
        raise PaperRefused(f"“.{end}”是网页、脚本、程序或带宏的文件，不能作为附件；{_KINDS}。")
    if data.startswith(_ARCHIVES):
        raise PaperRefused("这是压缩包，里面的文件无法检查；请解压后逐个上传。")
    if data[:2] == b"PK":
        return _package(data)
    if data[:8] == _OLE:
        return _compound(data)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:5] == b"%PDF-":
        if re.search(rb"/(?:JavaScript|JS|Launch)\b", data):
            raise PaperRefused("PDF 里含有脚本或启动程序的命令，不能上传；请重新导出 PDF 再试。")
        return PDF
    return _picture_or_sound(data) or _text(data, end)


def _picture_or_sound(data: bytes) -> str:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa")):
        return "audio/mpeg"
    if data[4:8] == b"ftyp" and _MP4.match(data[8:12]):
        return "video/mp4"
    return ""


def _package(data: bytes) -> str:
    archive = open_zip(data)
    names = {n.lower(): n for n in archive.namelist()}
    types = (part(archive, names["[content_types].xml"]) or b"") if "[content_types].xml" in names else b""
    if "macroenabled" in types.lower().decode("latin-1") or any(n.endswith(("vbaproject.bin", ".vba")) for n in names):
        raise PaperRefused("文件带有宏，不能作为附件；请另存为不带宏的 .docx 或 .xlsx 再上传。")
    if any("afchunk" in n or n.endswith((".exe", ".html", ".htm", ".mht", ".js")) for n in names):
        raise PaperRefused("文件里嵌有网页或程序，不能作为附件；请另存为普通的 .docx 或 .xlsx 再上传。")
    if types and "word/document.xml" in names:
        return DOCX
    if types and "xl/workbook.xml" in names:
        return XLSX
    if "ofd.xml" in names:
        return OFD
    if types and ("ppt/presentation.xml" in names or "xl/workbook.bin" in names):
        raise PaperRefused(f"不收演示文稿和二进制工作簿；请另存为 PDF 或 .xlsx 再上传（{_KINDS}）。")
    raise PaperRefused(f"这是压缩包或无法识别的打包文件，里面的文件无法检查；请解压后逐个上传（{_KINDS}）。")


def _compound(data: bytes) -> str:
    if utf16("EncryptedPackage") in data or utf16("EncryptionInfo") in data:
        raise PaperRefused("文件已加密，无法检查；请在 WPS/Word 中去掉打开密码后再上传。")
    if utf16("_VBA_PROJECT") in data or utf16("VBA") + b"\x00\x00" in data:
        raise PaperRefused("文件带有宏，不能作为附件；请另存为不带宏的 .docx 或 .xlsx 再上传。")
    if utf16("WordDocument") in data:
        return DOC
    if utf16("Workbook") in data or utf16("Book") + b"\x00\x00" in data:
        return XLS
    raise PaperRefused(f"认不出是哪种文件，或文件已损坏；{_KINDS}。")


def _text(data: bytes, end: str) -> str:
    if end not in ("csv", "txt"):
        raise PaperRefused(f"认不出是哪种文件；{_KINDS}。")
    text, _ = decode(data)
    if _MARKUP.search(text[:200_000].encode("utf-8")):
        raise PaperRefused("这是网页或脚本，不能作为附件；请另存为 PDF 或 .docx 再上传。")
    return CSV if end == "csv" else TXT


def decode(data: bytes) -> tuple[str, str]:
    """The text and its character set, so that a copy can be written back as it was. Raises PaperRefused."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    for charset in [c for m, c in marks if data.startswith(m)] or ["utf-8", "gb18030"]:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
            break
        return text, charset
    raise PaperRefused("这不是文本文件，无法检查；请另存为 .docx、.xlsx 或 UTF-8 文本再上传。")
