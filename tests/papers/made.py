"""Small documents made by hand, part by part, so that a test shows exactly what the file says."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

ROWS = (
    ("序号", "工作任务", "责任单位"),
    ("1", "及时公开本级财政预算和决算。", "县财政局"),
    ("2", "6月底前完成政策解读专栏改版。", "县政府办公室牵头，县司法局配合"),
    ("3", "每季度公布一次公共资源交易信息。", "县公共资源交易中心"),
)
"""One small plan: what a good file of each format holds."""


def package(parts: dict[str, str | bytes], *, stored: bool = False) -> bytes:
    """A zip of the parts, as office packages are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


# -- Word --------------------------------------------------------------------------------------------------------------


def docx_parts(body: str, *, numbering: str = "", styles: str = "") -> dict[str, str | bytes]:
    """The parts of a Word file with this content of `w:body`."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": f"{_XML}<w:document {W} {MC} {WPS}><w:body>{body}</w:body></w:document>",
    }
    if numbering:
        parts["word/numbering.xml"] = f"{_XML}<w:numbering {W}>{numbering}</w:numbering>"
    if styles:
        parts["word/styles.xml"] = f"{_XML}<w:styles {W}>{styles}</w:styles>"
    return parts


def docx(body: str, *, numbering: str = "", styles: str = "") -> bytes:
    """A Word file with this content of `w:body`."""
    return package(docx_parts(body, numbering=numbering, styles=styles))


def para(text: str, properties: str = "") -> str:
    """A paragraph with one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    """A table cell; `properties` is the content of `w:tcPr`."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(text)}</w:tc>"


def table(*rows: str) -> str:
    """A table of rows, each the XML of its cells."""
    return "<w:tbl>" + "".join(f"<w:tr>{r}</w:tr>" for r in rows) + "</w:tbl>"


def plan_docx(rows: Iterable[Sequence[str]] = ROWS) -> bytes:
    """A Word file with one plain table."""
    return docx(para("2031年政务公开工作要点分工方案") + table(*("".join(cell(t) for t in r) for r in rows)))


# -- spreadsheets ------------------------------------------------------------------------------------------------------


def xlsx_parts(sheet: str, *, strings: str = "") -> dict[str, str | bytes]:
    """The parts of a spreadsheet file with this content of `worksheet`."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="分工表" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_SHEET}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_SHEET}">{sheet}</worksheet>',
    }
    return parts


def xlsx(sheet: str, *, strings: str = "") -> bytes:
    """A spreadsheet file with this content of `worksheet`."""
    return package(xlsx_parts(sheet, strings=strings))


def inline(place: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_rows(rows: Iterable[Sequence[str]] = ROWS, first: int = 1) -> str:
    """Rows of cells in columns A, B, C …"""
    return "".join(
        f'<row r="{r}">' + "".join(inline(f"{'ABCDEFGH'[c]}{r}", t) for c, t in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, first)
    )


def plan_xlsx(rows: Iterable[Sequence[str]] = ROWS) -> bytes:
    """A spreadsheet with one plain table."""
    return xlsx(f"<sheetData>{sheet_rows(rows)}</sheetData>")


# -- PDF ---------------------------------------------------------------------------------------------------------------

_FONT = "STSong-Light"


def _canvas(held: io.BytesIO, **options: Any) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    # The same bytes on every run: a failing mutation can be found again.
    return Canvas(held, invariant=1, **options)


def pdf(pages: Sequence[Sequence[str]], **options: Any) -> bytes:
    """A PDF of text lines, page by page."""
    held = io.BytesIO()
    canvas = _canvas(held, **options)
    for lines in pages:
        canvas.setFont(_FONT, 11)
        for i, line in enumerate(lines):
            canvas.drawString(60, 780 - 18 * i, line)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def plan_pdf(rows: Sequence[Sequence[str]] = ROWS, *, ruled: bool = True, **options: Any) -> bytes:
    """A PDF with one table on one page, with ruling lines or without."""
    held = io.BytesIO()
    canvas = _canvas(held, **options)
    canvas.setFont(_FONT, 10)
    edges = (60, 100, 330, 540)
    canvas.drawString(180, 800, "2031年政务公开工作要点分工方案")
    for r, row in enumerate(rows):
        y = 770 - 26 * r
        for x, text in zip(edges, row, strict=False):
            canvas.drawString(x + 4, y + 8, text)
        if ruled:
            canvas.line(edges[0], y, edges[-1], y)
    if ruled:
        top, bottom = 770 + 26, 770 - 26 * (len(rows) - 1)
        canvas.line(edges[0], top, edges[-1], top)
        for x in edges:
            canvas.line(x, top, x, bottom)
    canvas.showPage()
    canvas.save()
    return held.getvalue()


# -- OFD ---------------------------------------------------------------------------------------------------------------

_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages: Sequence[Sequence[tuple[float, float, str]]]) -> bytes:
    """An OFD file; a page is a list of (x, y, text) in millimetres."""
    refs = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"{_XML}<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_XML}<ofd:Document {_OFD}><ofd:Pages>{refs}</ofd:Pages></ofd:Document>",
    }
    for i, words in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject Boundary="{x} {y} 60 5" Size="4"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
            "</ofd:TextObject>"
            for x, y, text in words
        )
        parts[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f"{_XML}<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return package(parts)


def plan_ofd(rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """An OFD file with one table aligned in columns."""
    places = (20.0, 40.0, 130.0)
    words = [(x, 30.0 + 12 * r, t) for r, row in enumerate(rows) for x, t in zip(places, row, strict=True)]
    return ofd([[(60.0, 15.0, "2031年政务公开工作要点分工方案"), *words]])


# -- text and web ------------------------------------------------------------------------------------------------------


def plan_html(rows: Iterable[Sequence[str]] = ROWS) -> str:
    """A web page with one plain table."""
    body = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><h1>分工方案</h1><table>{body}</table></body></html>'


def plan_mht(rows: Iterable[Sequence[str]] = ROWS) -> bytes:
    """A web archive as browsers save it."""
    import base64

    page = base64.encodebytes(plan_html(rows).encode()).decode()
    return (
        "From: <Saved by a browser>\r\nSubject: plan\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----edge"\r\n\r\n'
        "------edge\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://example.invalid/plan.html\r\n\r\n{page}\r\n------edge--\r\n"
    ).encode()


def plan_tabs(rows: Iterable[Sequence[str]] = ROWS) -> str:
    """Rows on lines, cells between tabs."""
    return "2031年政务公开工作要点分工方案\n" + "".join("\t".join(r) + "\n" for r in rows)


# -- OLE compound files ------------------------------------------------------------------------------------------------

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file (as .doc, .xls and encrypted .docx are), with 512-byte sectors and one FAT sector.

    Every stream is filled up to 4096 bytes, below which a stream would have to stand in the mini stream.
    """
    padded = {name: data.ljust(4096, b"\x00") for name, data in streams.items()}
    directory_sectors = (len(padded) + 1 + 3) // 4
    fat = [_FAT, *range(2, directory_sectors + 1), _END]
    starts: dict[str, int] = {}
    for name, data in padded.items():
        count = -(-len(data) // 512)
        starts[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    if len(fat) > 128:
        raise ValueError("more than one FAT sector")
    names = list(padded)
    entries = [_entry("Root Entry", 5, 1 if names else _FREE, _FREE, _END, 0)]
    entries += [
        # A list to the right is a legal, if unbalanced, tree.
        _entry(name, 2, _FREE, i + 2 if i + 1 < len(names) else _FREE, starts[name], len(padded[name]))
        for i, name in enumerate(names)
    ]
    entries += [_entry("", 0, _FREE, _FREE, 0, 0)] * (directory_sectors * 4 - len(entries))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        _END,
        0,
        _END,
        0,
    )
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    body = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))) + b"".join(entries)
    return header + body + b"".join(d.ljust(-(-len(d) // 512) * 512, b"\x00") for d in padded.values())


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    held = (len(raw) + 2) if name else 0
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", raw.ljust(64, b"\x00"), held, kind, 1, _FREE, right, child, 0, start, size
    )
