"""Files no plan can be read from: one Chinese line each, within ten seconds and one gigabyte.

Every case goes through the command, in a process with those bounds. A case that is no bomb but merely odd may also
be read; it stands in `ODD` then, with the number of tasks that a right reading finds.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.papers import PaperRefused, read_bytes
from gongkai.plans.reading import plan_of, read_plan
from tests.papers import made
from tests.papers.sheltered import SECONDS, assert_refusal, read

EMPTY = "空"
LOCKED = "加密"
BROKEN = "不完整|损坏|打不开"
BOMB = "炸弹|异常庞大"
ENTITIES = "实体"
TOO_BIG = "过大|过长|过多|内容过多|超过|异常庞大"
NESTED = "嵌套"
NO_TASK = "没有读到任务"
NO_TEXT = "不是文本文件"
PICTURE = "扫描件或图片"
SLIDES = "演示文稿"
ARCHIVE = "压缩包"
OLD = "LibreOffice"


# -- makers ------------------------------------------------------------------------------------------------------------


def png(width: int = 40, height: int = 40) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def encrypted_office() -> bytes:
    return made.compound(
        {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>", "EncryptedPackage": b"\x07" * 9000}
    )


def encrypted_xls() -> bytes:
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    filepass = struct.pack("<HHHHH", 0x002F, 54, 1, 1, 1) + b"\x5a" * 48
    return made.compound({"Workbook": bof + filepass + struct.pack("<HH", 0x000A, 0)})


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return made.plan_pdf(encrypt=StandardEncryption("opened-by-this", ownerPassword="owner", strength=128))


def unmapped_pdf() -> bytes:
    """Only the owner's password is set, so that it opens; the fonts cannot be mapped to characters by every library."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    return made.plan_pdf(encrypt=StandardEncryption("", ownerPassword="owner", strength=128))


def bomb_docx() -> bytes:
    parts = made.docx_parts(made.para("x"))
    parts["word/document.xml"] = b"<w:document>" + b" " * (80 << 20)
    return made.package(parts)


def nested_bomb() -> bytes:
    inner = made.package({"a.xml": b"\x00" * (60 << 20)})
    for i in range(3):
        inner = made.package({f"{i}-{j}.zip": inner for j in range(8)})
    return inner


def bomb_in_other_part() -> bytes:
    parts = made.docx_parts(made.para("x"))
    for i in range(20):
        parts[f"word/media/image{i}.bmp"] = b"\x00" * (20 << 20)
    return made.package(parts)


def lying_directory() -> bytes:
    """The directory says that the body has 100 bytes; unpacked it has 300 million."""
    data = bytearray(made.package({**made.docx_parts(""), "word/document.xml": b" " * 300_000_000}))
    at = data.rfind(b"PK\x01\x02")
    place = data.rfind(b"word/document.xml")
    at = data.rfind(b"PK\x01\x02", 0, place)
    struct.pack_into("<I", data, at + 24, 100)
    return bytes(data)


_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


def laughing_docx() -> bytes:
    parts = made.docx_parts("")
    parts["word/document.xml"] = (
        f'<?xml version="1.0"?>{_LAUGHS}<w:document {made.W}><w:body>{made.para("&j;")}</w:body></w:document>'
    )
    return made.package(parts)


def laughing_utf16_docx() -> bytes:
    parts = made.docx_parts("")
    text = f'<?xml version="1.0" encoding="UTF-16"?>{_LAUGHS}<w:document {made.W}><w:body>{made.para("&j;")}</w:body></w:document>'
    parts["word/document.xml"] = text.encode("utf-16")
    return made.package(parts)


def outside_entity_docx() -> bytes:
    parts = made.docx_parts("")
    parts["word/document.xml"] = (
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        f"<w:document {made.W}><w:body>{made.para('&f;')}</w:body></w:document>"
    )
    return made.package(parts)


def laughing_xlsx() -> bytes:
    strings = f'<?xml version="1.0"?>{_LAUGHS}<sst><si><t>&j;</t></si></sst>'
    return made.package(
        {**made.xlsx_parts(f"<sheetData>{made.sheet_rows()}</sheetData>"), "xl/sharedStrings.xml": strings}
    )


def laughing_ofd() -> bytes:
    return made.package({"OFD.xml": f'<?xml version="1.0"?>{_LAUGHS}<OFD><DocRoot>&j;</DocRoot></OFD>'})


def deep_docx(levels: int) -> bytes:
    opened = "<w:tbl><w:tr><w:tc>" * levels
    return made.docx(opened + made.para("底") + "</w:tc></w:tr></w:tbl>" * levels)


def wide_docx() -> bytes:
    cells = "".join(made.cell("甲", '<w:gridSpan w:val="1000000000"/>') for _ in range(50))
    return made.docx(made.table(*[cells] * 50))


def roman_docx() -> bytes:
    """Numbers in Roman numerals that begin at a hundred million: each is a hundred thousand letters long."""
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="100000000"/>'
        '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1%1%1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    return made.docx(made.para("公开", number) * 5000, numbering=numbering)


def slides() -> bytes:
    return made.package({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p:presentation/>"})


def noise(size: int) -> bytes:
    return random.Random(20310101).randbytes(size)


def owing_rows(count: int) -> list[tuple[str, ...]]:
    return [made.ROWS[0]] + [(str(i), "及时公开本级财政预算和决算。", "县财政局") for i in range(1, count + 1)]


def million_rows() -> bytes:
    """A cell in the last row that a sheet can have, and one in the last column."""
    last = f'<row r="1048576">{made.inline("A1048576", "完")}</row>'
    return made.xlsx(f"<sheetData>{made.sheet_rows()}<row r='9'>{made.inline('XFD9', '边')}</row>{last}</sheetData>")


def merged_sheet() -> bytes:
    return made.xlsx(
        f'<sheetData>{made.sheet_rows()}</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )


def empty_rows_xlsx() -> bytes:
    rows = "".join(f'<row r="{r}"/>' for r in range(5, 1_048_577))
    return made.xlsx(f'<dimension ref="A1:XFD1048576"/><sheetData>{made.sheet_rows()}{rows}</sheetData>')


def html(body: str) -> bytes:
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def many_parts() -> bytes:
    return made.package({**made.docx_parts(made.para("x")), **{f"word/{i}.xml": "<x/>" for i in range(6000)}})


def missing_body() -> bytes:
    parts = made.docx_parts(made.para("x"))
    del parts["word/document.xml"]
    parts["word/styles.xml"] = "<x/>"
    return made.package(parts)


def encrypted_zip_flag() -> bytes:
    data = bytearray(made.plan_docx())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def long_pdf(pages: int) -> bytes:
    return made.pdf([[f"第 {i} 页 及时公开本级财政预算和决算。"] for i in range(pages)])


def dense_pdf() -> bytes:
    """One page, a hundred thousand ruling lines."""
    from reportlab.pdfgen.canvas import Canvas

    held = io.BytesIO()
    canvas = Canvas(held, pageCompression=1)
    for i in range(50_000):
        canvas.line(i % 590, 0, i % 590, 840)
        canvas.line(0, i % 840, 590, i % 840)
    canvas.drawString(100, 100, "text")
    canvas.showPage()
    canvas.save()
    return held.getvalue()


Maker = Callable[[], bytes]

REFUSED: list[tuple[str, str, str, Maker]] = [
    # what it is, the file's name, what the line must say, the bytes
    ("empty", "方案.docx", EMPTY, lambda: b""),
    ("empty text", "方案.txt", EMPTY, lambda: b""),
    ("white space", "方案.txt", EMPTY, lambda: b" \r\n\t  \n" * 100),
    ("full-width white space", "方案.txt", EMPTY, lambda: "\u3000\u00a0\n".encode() * 100),
    ("byte-order mark only", "方案.txt", EMPTY, lambda: b"\xef\xbb\xbf\r\n"),
    ("zero bytes", "方案.xlsx", EMPTY, lambda: b"\x00" * 4096),
    ("encrypted docx", "方案.docx", LOCKED, encrypted_office),
    ("encrypted xlsx", "方案.xlsx", LOCKED, encrypted_office),
    ("encrypted xls", "方案.xls", LOCKED, encrypted_xls),
    ("encrypted pdf", "方案.pdf", LOCKED, encrypted_pdf),
    ("encrypted zip entries", "方案.docx", LOCKED, encrypted_zip_flag),
    *[(f"docx cut at {s}", "方案.docx", BROKEN, lambda s=s: cut(made.plan_docx(), s)) for s in (0.02, 0.3, 0.6, 0.9, 0.99)],
    *[(f"xlsx cut at {s}", "方案.xlsx", BROKEN, lambda s=s: cut(made.plan_xlsx(), s)) for s in (0.02, 0.3, 0.6, 0.9, 0.99)],
    *[(f"ofd cut at {s}", "方案.ofd", BROKEN, lambda s=s: cut(made.plan_ofd(), s)) for s in (0.3, 0.9)],
    *[(f"pdf cut at {s}", "方案.pdf", f"{BROKEN}|没有任何页面", lambda s=s: cut(made.plan_pdf(), s)) for s in (0.01, 0.1, 0.3, 0.6, 0.9, 0.97)],
    ("docx without its body", "方案.docx", BROKEN, missing_body),
    ("zip bomb", "方案.docx", BOMB, bomb_docx),
    ("zip bomb in pictures", "方案.docx", BOMB, bomb_in_other_part),
    ("zip bomb in zips", "方案.docx", f"{ARCHIVE}|{BOMB}", nested_bomb),
    ("zip bomb with a false size", "方案.docx", f"{BOMB}|{BROKEN}", lying_directory),
    ("zip of six thousand parts", "方案.docx", BOMB, many_parts),
    ("entity bomb docx", "方案.docx", ENTITIES, laughing_docx),
    ("entity bomb docx in UTF-16", "方案.docx", ENTITIES, laughing_utf16_docx),
    ("outside entity docx", "方案.docx", ENTITIES, outside_entity_docx),
    ("entity bomb xlsx", "方案.xlsx", ENTITIES, laughing_xlsx),
    ("entity bomb ofd", "方案.ofd", ENTITIES, laughing_ofd),
    ("entity bomb svg", "方案.svg", ENTITIES, lambda: f'<?xml version="1.0"?>{_LAUGHS}<svg><text>&j;</text></svg>'.encode()),
    ("entity bomb xml", "方案.xml", ENTITIES, lambda: f'<?xml version="1.0"?>{_LAUGHS}<lolz>&j;</lolz>'.encode()),
    ("entity bomb xml without declaration", "方案.xml", f"{ENTITIES}|{NO_TASK}", lambda: f"{_LAUGHS}<lolz>&j;</lolz>".encode()),
    ("entity bomb html", "方案.html", f"{ENTITIES}|{NO_TASK}", lambda: f"{_LAUGHS}<html><body><p>&j;</p></body></html>".encode()),
    ("500 pages", "方案.pdf", "500 页", lambda: long_pdf(500)),
    ("pdf of pictures", "方案.pdf", PICTURE, lambda: made.pdf([[], []])),
    ("png named docx", "方案.docx", PICTURE, png),
    ("png cut", "方案.png", PICTURE, lambda: cut(png(), 0.5)),
    ("docx without task", "通知.docx", NO_TASK, lambda: made.docx(made.para("现将有关事项通知如下。") + made.para("特此通知。"))),
    ("docx with an address list", "通讯录.docx", NO_TASK, lambda: made.plan_docx([("姓名", "电话"), ("甲", "1"), ("乙", "2")])),
    ("docx with an empty body", "方案.docx", f"{NO_TASK}|{EMPTY}", lambda: made.docx("")),
    ("xlsx without cells", "方案.xlsx", f"{NO_TASK}|{EMPTY}", lambda: made.xlsx("<sheetData/>")),
    ("ofd without text", "方案.ofd", "没有文字", lambda: made.ofd([[]])),
    ("zip of text", "方案.zip", ARCHIVE, lambda: made.package({"方案.txt": made.plan_tabs()})),
    ("jar", "方案.docx", ARCHIVE, lambda: made.package({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n"})),
    ("pptx", "方案.pptx", SLIDES, slides),
    ("ppt", "方案.ppt", SLIDES, lambda: made.compound({"PowerPoint Document": b"\x00" * 5000})),
    *[(f"noise {n}", "方案.docx", f"{NO_TEXT}|{BROKEN}|{NO_TASK}", lambda n=n: noise(n)) for n in (1, 16, 400, 5000, 300_000)],
    ("noise after a zip mark", "方案.docx", BROKEN, lambda: b"PK\x03\x04" + noise(5000)),
    ("noise after a pdf mark", "方案.pdf", BROKEN, lambda: b"%PDF-1.7\n" + noise(5000)),
    ("noise after an OLE mark", "方案.doc", f"{OLD}|{BROKEN}", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(5000)),
    ("xls of noise", "方案.xls", BROKEN, lambda: made.compound({"Workbook": noise(5000)})),
    ("program", "方案.docx", NO_TEXT, lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 200),
    ("10 MB of text", "方案.txt", TOO_BIG, lambda: "公开政府信息，由办公室负责。\n".encode() * 250_000),
    ("65 MB", "方案.txt", TOO_BIG, lambda: b"a\n" * (33 << 20)),
    ("100,000 nested tables", "方案.docx", f"{NESTED}|{BROKEN}|{TOO_BIG}", lambda: deep_docx(100_000)),
    ("60 nested tables", "方案.docx", f"{NESTED}|{BROKEN}|{NO_TASK}", lambda: deep_docx(60)),
    ("100,000 paragraphs", "方案.docx", f"{NO_TASK}|{TOO_BIG}", lambda: made.docx(made.para("公开政府信息。") * 100_000)),
    ("100,000 rows docx", "方案.docx", TOO_BIG, lambda: made.plan_docx(owing_rows(100_000))),
    ("spans of a thousand million", "方案.docx", f"{TOO_BIG}|{NO_TASK}", wide_docx),
    ("endless Roman numbers", "方案.docx", f"{TOO_BIG}|{NO_TASK}", roman_docx),
    ("a cell in row 1,048,576", "方案.xlsx", TOO_BIG, million_rows),
    ("a merge of the whole sheet", "方案.xlsx", TOO_BIG, merged_sheet),
    ("100,000 rows xlsx", "方案.xlsx", TOO_BIG, lambda: made.plan_xlsx(owing_rows(100_000))),
    ("table of one cell over everything", "方案.html", f"{TOO_BIG}|{NO_TASK}", lambda: html("<table><tr><td rowspan=1000000000 colspan=1000000000>任务</td><td>单位</td></tr></table>")),
    ("many wide spans", "方案.html", TOO_BIG, lambda: html("<table>" + "<tr><td colspan=2000>任务</td><td colspan=2000>单位</td></tr>" * 3000 + "</table>")),
    ("deep elements", "方案.html", f"{NESTED}|{NO_TASK}|{BROKEN}|{TOO_BIG}", lambda: html("<div>" * 100_000 + "底" + "</div>" * 100_000)),
    ("elements 5,000 deep", "方案.html", f"{NESTED}|{NO_TASK}|{BROKEN}", lambda: html("<div>" * 5_000 + "底" + "</div>" * 5_000)),
    ("tables 2,000 deep", "方案.html", f"{NESTED}|{NO_TASK}|{BROKEN}", lambda: html("<table><tr><td>底" * 2_000)),
    ("csv with one long cell", "方案.csv", "CSV|引号", lambda: ('任务,责任单位\n"' + "公开" * 70_000).encode()),
    ("tables 200 deep", "方案.docx", f"{NESTED}|{BROKEN}|{NO_TASK}", lambda: deep_docx(200)),
    ("deep tables", "方案.html", f"{NESTED}|{NO_TASK}|{BROKEN}|{TOO_BIG}|{EMPTY}", lambda: html("<table><tr><td>" * 20_000)),
    ("open tables", "方案.md", f"{NESTED}|{NO_TASK}|{BROKEN}|{TOO_BIG}", lambda: b"<table>" * 300_000),
    ("csv with one endless cell", "方案.csv", f"CSV|引号|{TOO_BIG}", lambda: ('任务,责任单位\n"' + "公开" * 400_000).encode()),
    ("csv with an unclosed quotation", "方案.csv", "CSV|引号", lambda: ('"序号,任务,责任单位\n' + "1,及时公开。,县财政局\n" * 30).encode()),
    ("mht without a page", "方案.mht", "网页", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/css\r\n\r\na\r\n--x--"),
    ("100,000 rules in a pdf", "方案.pdf", f"{NO_TASK}|{TOO_BIG}|线条", dense_pdf),
]  # fmt: skip

ODD: list[tuple[str, str, int, Maker]] = [
    # what it is, the file's name, how many tasks a right reading finds, the bytes
    ("xlsx that claims 1,048,576 rows", "方案.xlsx", 3, lambda: made.xlsx(f'<dimension ref="A1:XFD1048576"/><sheetData>{made.sheet_rows()}</sheetData>')),
    ("xlsx with a million empty rows", "方案.xlsx", 3, empty_rows_xlsx),
    ("columns hidden to the edge", "方案.xlsx", 3, lambda: made.xlsx(f'<cols><col min="5" max="16384" width="0" hidden="1"/></cols><sheetData>{made.sheet_rows()}</sheetData>')),
    ("xlsx with extensions that the library does not know", "方案.xlsx", 3, lambda: made.xlsx(f'<sheetData>{made.sheet_rows()}</sheetData><extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"/></extLst>')),
    ("csv with a quotation inside", "方案.csv", 2, lambda: "序号,任务,责任单位\n1,公开“要点”\"一\"项内容。,县财政局\n2,及时公开预算决算。,县财政局\n".encode()),
]  # fmt: skip


# -- tests -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "name", "says", "maker"), REFUSED, ids=[r[0] for r in REFUSED])
def test_refused(tmp_path: Path, what: str, name: str, says: str, maker: Maker) -> None:
    path = tmp_path / name
    path.write_bytes(maker())
    assert_refusal(read(path, tmp_path), says)


@pytest.mark.parametrize(("what", "name", "count", "maker"), ODD, ids=[r[0] for r in ODD])
def test_odd(tmp_path: Path, what: str, name: str, count: int, maker: Maker) -> None:
    path = tmp_path / name
    path.write_bytes(maker())
    outcome = read(path, tmp_path)
    assert outcome.status == 0, outcome.err[-600:]
    assert len(outcome.tasks) == count
    assert outcome.err == ""
    assert outcome.seconds < SECONDS


def test_pdf_without_characters(tmp_path: Path) -> None:
    """Fonts without a mapping: read another way, or the line names the fonts; never “no task” for want of letters."""
    path = tmp_path / "方案.pdf"
    path.write_bytes(unmapped_pdf())
    outcome = read(path, tmp_path)
    if outcome.status == 0:
        assert len(outcome.tasks) == 3
    else:
        assert_refusal(outcome, "字体|编码|乱码")


def test_folder(tmp_path: Path) -> None:
    assert_refusal(read(tmp_path, tmp_path), "文件夹")


def test_missing(tmp_path: Path) -> None:
    assert_refusal(read(tmp_path / "没有.docx", tmp_path), "找不到")


def test_name_too_long(tmp_path: Path) -> None:
    assert_refusal(read(tmp_path / ("长" * 200), tmp_path), "读不出来|找不到")


def test_name_with_a_zero_byte() -> None:
    with pytest.raises(PaperRefused, match=r"文件名|找不到|读不出来"):
        read_plan("方\x00案.docx")


def test_pipe_is_no_file(tmp_path: Path) -> None:
    """A named pipe would block its reader for ever."""
    import os

    os.mkfifo(tmp_path / "方案.txt")
    assert_refusal(read(tmp_path / "方案.txt", tmp_path), "文件")


def test_every_truncation_is_refused_or_read() -> None:
    """At every sixteenth byte, in this process."""
    for data, name in ((made.plan_docx(), "a.docx"), (made.plan_xlsx(), "a.xlsx"), (made.plan_ofd(), "a.ofd")):
        for size in range(1, len(data), 16):
            with pytest.raises(PaperRefused) as caught:
                plan_of(read_bytes(data[:size], name))
            assert "\n" not in str(caught.value)


def test_unknown_compression_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in made.docx_parts(made.para("x")).items():
            archive.writestr(name, content)
    data = bytearray(held.getvalue())
    place = data.rfind(b"word/document.xml")
    struct.pack_into("<H", data, data.rfind(b"PK\x01\x02", 0, place) + 10, 99)
    with pytest.raises(PaperRefused, match=BROKEN):
        read_bytes(bytes(data), "a.docx")


def test_one_bad_file_does_not_hide_a_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gongkai.site.cli import main

    good, bad = tmp_path / "好.docx", tmp_path / "坏.docx"
    good.write_bytes(made.plan_docx())
    bad.write_bytes(b"")
    assert main(["read", str(bad), str(good), "--format", "json"]) == 2
    shown = capsys.readouterr()
    assert "县财政局" in shown.out and "坏.docx" in shown.err and shown.err.count("\n") == 1
