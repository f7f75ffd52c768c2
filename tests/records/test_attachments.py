"""What stands in attached files, seen or not, is found; the masked copy holds none of it, not even in its raw parts."""

from __future__ import annotations

import io
import re
import zipfile
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from gongkai.papers import PaperRefused
from gongkai.records.checks import attachments
from gongkai.records.checks.attachments import allowed, examine, mask_attachment
from tests.papers import made

ID, PHONE, CARD = "11010519491231002X", "13812345678", "6222021234567890128"
SPLIT_ID = "360426199101010071"
WRONG_ID = "440106199003071239"


def raw(data: bytes) -> str:
    """All parts of a package as text, and once more without tags, so that split numbers show."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        texts = [archive.read(n).decode("utf-8", "replace") for n in archive.namelist()]
    return "\n".join(texts) + "\n".join(re.sub(r"<[^>]*>", "", t) for t in texts)


def rules(data: bytes, name: str) -> set[tuple[str, str]]:
    return {(f.rule, f.level) for f in examine(data, name).findings}


def places(data: bytes, name: str, rule: str) -> list[str]:
    return [f.where for f in examine(data, name).findings if f.rule == rule]


# -- Word --------------------------------------------------------------------------------------------------------------

W = made.W


def word() -> bytes:
    body = (
        made.para("补贴名单公示")
        + made.para(f"联系人李四{PHONE}")
        # One number over three runs with their own form.
        + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>身份证360426</w:t></w:r><w:r><w:t>19910101</w:t></w:r><w:r><w:t>0071号</w:t></w:r></w:p>"
        + made.table(
            made.cell("户主姓名") + made.cell("身份证号") + made.cell("家庭住址"),
            made.cell("张三") + made.cell(WRONG_ID) + made.cell("大沟镇三丫村三组12号"),
        )
        + f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>账号{CARD}</w:t></w:r></w:p>"
        + f'<w:p><w:del w:id="1" w:author="王五"><w:r><w:delText>{ID}</w:delText></w:r></w:del><w:ins w:id="2" w:author="王五"><w:r><w:t>新增</w:t></w:r></w:ins>'
        + '<w:commentRangeStart w:id="0"/><w:r><w:t>正文</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        + f"<w:p><w:r><w:pict><wps:txbx><w:txbxContent>{made.para('文本框内13912345678')}</w:txbxContent></wps:txbx></w:pict></w:r></w:p>"
    )
    parts = made.docx_parts(body)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    parts["word/comments.xml"] = (
        f'{head}<w:comments {W}><w:comment w:id="0" w:author="王五">{made.para("此人电话13612345678")}</w:comment></w:comments>'
    )
    parts["word/header1.xml"] = f"{head}<w:hdr {W}>{made.para('内部资料 注意保存 15812345678')}</w:hdr>"
    parts["word/footnotes.xml"] = (
        f'{head}<w:footnotes {W}><w:footnote w:id="1">{made.para("脚注15912345678")}</w:footnote></w:footnotes>'
    )
    parts["docProps/core.xml"] = (
        f'{head}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>赵六</dc:creator><cp:lastModifiedBy>钱七</cp:lastModifiedBy></cp:coreProperties>'
    )
    types = str(parts["[Content_Types].xml"])
    one = '<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", one + "</Types>")
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["word/_rels/document.xml.rels"] = (
        f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{relation}/comments" Target="comments.xml"/>'
        f'<Relationship Id="rId8" Type="{relation}/hyperlink" Target="tel:13712345678" TargetMode="External"/></Relationships>'
    )
    return made.package(parts)


def test_everything_in_a_word_file_is_seen() -> None:
    look = examine(word(), "名单.docx")
    found = {f.found: (f.where, f.level) for f in look.findings}
    assert look.blocked
    assert found[PHONE] == ("正文第2段", "block")
    assert found[SPLIT_ID] == ("正文第3段", "block")
    assert found[WRONG_ID] == ("第1个表第2行“身份证号”", "block")
    assert found["大沟镇三丫村三组12号"] == ("第1个表第2行“家庭住址”", "block")
    assert found[CARD][0].startswith("正文第")
    assert found[ID][0].endswith("（已删除的修订）")
    assert found["13912345678"][0].endswith("（文本框）")
    assert found["13612345678"][0] == "批注第1段"
    assert found["15812345678"][0] == "页眉第1段"
    assert found["15912345678"][0] == "脚注第1段"
    assert found["13712345678"][0] == "超链接"
    assert found["内部资料 注意保存"] == ("页眉第1段", "block")
    said = {(f.rule, f.level) for f in look.findings}
    assert {
        ("attachment.comments", "block"),
        ("attachment.changes", "block"),
        ("attachment.hidden", "block"),
        ("attachment.properties", "warn"),
    } <= said
    (told,) = [f.say for f in look.findings if f.rule == "attachment.properties"]
    assert "赵六" in told and "钱七" in told


def test_the_copy_of_a_word_file_holds_none_of_it() -> None:
    copy = mask_attachment(word(), "名单.docx")
    text = raw(copy)
    for number in (
        ID,
        PHONE,
        CARD,
        SPLIT_ID,
        WRONG_ID,
        "13912345678",
        "13612345678",
        "15812345678",
        "15912345678",
        "13712345678",
    ):
        assert number not in text
    for name in ("赵六", "钱七", "王五", "三组12号"):
        assert name not in text
    assert "360426********0071号" in text
    assert "440106********1239" in text
    assert "大沟镇三丫村***" in text
    assert "新增" in text and "<w:b/>" in text
    look = examine(copy, "名单.docx")
    assert {f.rule for f in look.findings} == {"marks.secrecy", "personal.name"}


def test_a_word_file_of_a_usual_writer_stays_whole() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(f"李四{PHONE}")
    table = document.add_table(2, 2)
    for at, text in enumerate(["姓名", "身份证号", "张三", WRONG_ID]):
        table.cell(at // 2, at % 2).text = text
    document.core_properties.author = "赵六"
    held = io.BytesIO()
    document.save(held)
    copy = docx.Document(io.BytesIO(mask_attachment(held.getvalue(), "a.docx")))
    assert copy.paragraphs[0].text == "李四138****5678"
    assert [c.text for c in copy.tables[0].rows[1].cells] == ["张三", "440106********1239"]
    assert copy.core_properties.author == ""


def test_a_clean_word_file_has_nothing() -> None:
    data = made.plan_docx()
    assert examine(data, "方案.docx").findings == []
    assert mask_attachment(data, "方案.docx")


# -- Excel -------------------------------------------------------------------------------------------------------------


def book() -> bytes:
    made_book = openpyxl.Workbook()
    sheet = made_book.active
    sheet.title = "名单"
    sheet.append(["2023年补贴发放名单"])
    sheet.append(["序号", "姓名", "身份证号", "银行账号", "电话", "金额（元）", "备注"])
    sheet.append([1, "张三", ID, CARD, PHONE, 13812345678, "=B3"])
    sheet.append([2, "李四", WRONG_ID, "80020000012345678", 13912345678, 800, "藏在列里13512345678"])
    sheet.append([3, "王五", SPLIT_ID, "6222021234567890127", "", 900, ""])
    sheet.append(["", "合计", "", "", "", "=SUM(F3:F5)", ""])
    sheet["B3"].comment = Comment("核对人电话13612345678", "赵六")
    sheet.column_dimensions["G"].hidden = True
    sheet.row_dimensions[5].hidden = True
    sheet["A3"].font = openpyxl.styles.Font(bold=True)
    sheet.merge_cells("A1:G1")
    hidden = made_book.create_sheet("底册")
    hidden.append(["姓名", "手机"])
    hidden.append(["钱七", "15812345678"])
    hidden.sheet_state = "hidden"
    deep = made_book.create_sheet("更深")
    deep["A1"] = "15912345678"
    deep.sheet_state = "veryHidden"
    made_book.defined_names["电话"] = openpyxl.workbook.defined_name.DefinedName("电话", attr_text='"13712345678"')
    made_book.properties.creator = "孙八"
    held = io.BytesIO()
    made_book.save(held)
    return held.getvalue()


def test_everything_in_a_workbook_is_seen() -> None:
    look = examine(book(), "名单.xlsx")
    found = {f.found: (f.where, f.level) for f in look.findings if f.rule.startswith("personal")}
    assert found[ID] == ("工作表“名单”第3行“身份证号”", "block")
    assert found[WRONG_ID] == ("工作表“名单”第4行“身份证号”", "block")
    assert found["80020000012345678"] == ("工作表“名单”第4行“银行账号”", "block")
    assert found["13912345678"] == ("工作表“名单”第4行“电话”", "block")
    assert found["13512345678"] == ("工作表“名单”第4行“备注”", "block")
    assert found["15812345678"][0] == "工作表“底册”第2行“手机”"
    assert found["15912345678"][0] == "工作表“更深”第1行A列"
    assert found["13612345678"][0] == "批注"
    assert found["13712345678"][0] == "定义的名称"
    assert "13812345678" in found  # the telephone; the amount of the same figures is none
    assert len([f for f in look.findings if f.found == "13812345678"]) == 1
    hidden = sorted(f.where for f in look.findings if f.rule == "attachment.hidden")
    assert hidden == ["工作表“名单”G2等7个单元格", "工作表“底册”（整个表被隐藏）", "工作表“更深”（整个表被隐藏）"]
    assert ("attachment.comments", "block") in rules(book(), "名单.xlsx")
    assert "孙八" in next(f.say for f in look.findings if f.rule == "attachment.properties")


def test_the_copy_of_a_workbook_holds_none_of_it() -> None:
    copy = mask_attachment(book(), "名单.xlsx")
    text = raw(copy)
    for number in (
        ID,
        CARD,
        SPLIT_ID,
        WRONG_ID,
        "80020000012345678",
        "13912345678",
        "13512345678",
        "13612345678",
        "13712345678",
        "15812345678",
        "15912345678",
    ):
        assert number not in text
    for name in ("孙八", "赵六", "底册", "王五", "钱七"):
        assert name not in text
    again = openpyxl.load_workbook(io.BytesIO(copy))
    assert again.sheetnames == ["名单"]
    sheet = again["名单"]
    assert [c.value for c in sheet[3]][:6] == [
        1,
        "张三",
        "110105********002X",
        "6222***********0128",
        "138****5678",
        13812345678,
    ]
    assert sheet["C4"].value == "440106********1239"
    assert sheet["D4"].value == "8002*********5678"
    assert sheet["A3"].font.bold and "A1:G1" in [str(r) for r in sheet.merged_cells.ranges]
    left = examine(copy, "名单.xlsx").findings
    assert {(f.rule, f.level) for f in left} == {("personal.name", "warn")}
    with_names = mask_attachment(book(), "名单.xlsx", [*attachments.tables.DEFAULT_MASKS, "name"])
    assert "张三" not in raw(with_names)


def test_old_excel(tmp_path: Path) -> None:
    import xlwt

    old = xlwt.Workbook()
    sheet = old.add_sheet("名单")
    for c, text in enumerate(["姓名", "身份证号"]):
        sheet.write(0, c, text)
        sheet.write(1, c, ["张三", ID][c])
    hidden = old.add_sheet("底册")
    hidden.write(0, 0, PHONE)
    hidden.visibility = 1
    old.save(str(tmp_path / "名单.xls"))
    look = examine(tmp_path / "名单.xls")
    assert {ID, PHONE} <= {f.found for f in look.findings}
    assert "attachment.hidden" in {f.rule for f in look.findings}
    with pytest.raises(PaperRefused, match="源文件"):
        mask_attachment((tmp_path / "名单.xls").read_bytes(), "名单.xls")


# -- others ------------------------------------------------------------------------------------------------------------


def test_pdf_page_by_page() -> None:
    data = made.pdf([["第一页没有号码"], [f"身份证号 {ID}"], ["内部资料 注意保存"]])
    look = examine(data, "名单.pdf")
    assert [(f.rule, f.where) for f in look.findings] == [("personal.resident_id", "第2页"), ("marks.secrecy", "第3页")]
    with pytest.raises(PaperRefused, match="在源文件"):
        mask_attachment(data, "名单.pdf")


@pytest.mark.skipif(find_spec("rapidocr") is not None, reason="pictures are read here")
def test_pages_and_pictures_that_cannot_be_read_are_told() -> None:
    look = examine(made.pdf([[], ["有字"]]), "扫描.pdf")
    assert [(f.rule, f.level, f.where) for f in look.findings] == [("attachment.unread", "warn", "第1页")]
    assert examine(b"\x89PNG\r\n\x1a\n" + b"0" * 40, "图.png").unread == ["图片里的文字没有检查，请人工核对。"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv(charset: str) -> None:
    data = f'姓名,身份证号,备注\r\n张三,{WRONG_ID},"甲,乙"\r\n李四,{ID},{PHONE}\r\n'.encode(charset)
    assert {WRONG_ID, ID, PHONE} <= {f.found for f in examine(data, "a.csv").findings}
    copy = mask_attachment(data, "a.csv")
    assert (
        copy.decode(charset)
        == '姓名,身份证号,备注\r\n张三,440106********1239,"甲,乙"\r\n李四,110105********002X,138****5678\r\n'
    )


def test_text_and_names_of_files() -> None:
    assert (
        mask_attachment(f"电话{PHONE}\r\n第二行".encode("gb18030"), "a.txt").decode("gb18030")
        == "电话138****5678\r\n第二行"
    )
    assert places(b"abc", f"{ID}.txt", "personal.resident_id") == ["文件名"]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (made.plan_docx(), "方案.pdf", attachments.media.DOCX),
        (made.plan_xlsx(), "表", attachments.media.XLSX),
        (made.plan_pdf(), "a.docx", "application/pdf"),
        (made.plan_ofd(), "a.ofd", "application/ofd"),
        (b"\xff\xd8\xff\xe0" + b"0" * 20, "a.png", "image/jpeg"),
        (b"GIF89a" + b"0" * 20, "a.gif", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        (b"ID3\x03" + b"0" * 20, "a.mp3", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "a.mp4", "video/mp4"),
        ("文字".encode(), "a.txt", "text/plain"),
        ("甲,乙".encode("gb18030"), "a.csv", "text/csv"),
        (made.compound({"WordDocument": b"\x00" * 5000}), "a.wps", "application/msword"),
        (made.compound({"Workbook": b"\x00" * 5000}), "a.et", "application/vnd.ms-excel"),
    ],
)
def test_what_may_be_attached(data: bytes, name: str, kind: str) -> None:
    assert allowed(data, name) == kind


def macros() -> bytes:
    parts = made.docx_parts(made.para("正文"))
    parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    return made.package(parts)


@pytest.mark.parametrize(
    ("data", "name", "say"),
    [
        (b"", "a.txt", "空的"),
        (b"<html><body>x</body></html>", "a.txt", "网页或脚本"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.txt", "网页或脚本"),
        (b"<svg/>", "a.svg", "不能作为附件"),
        (b"alert(1)", "a.js", "不能作为附件"),
        (b"MZ\x90\x00", "a.pdf", "程序"),
        (b"\x7fELF", "a.doc", "程序"),
        (b"#!/bin/sh\n", "a.txt", "脚本"),
        (b"Rar!\x1a\x07", "a.rar", "压缩包"),
        (made.package({"a.txt": "x"}), "a.zip", "压缩包"),
        (made.package({"a.txt": "x"}), "a.docx", "压缩包"),
        (macros(), "a.docx", "宏"),
        (made.compound({"WordDocument": b"\x00" * 5000, "_VBA_PROJECT": b"x"}), "a.doc", "宏"),
        (made.compound({"EncryptedPackage": b"\x00" * 5000}), "a.docx", "加密"),
        (b"%PDF-1.4\n1 0 obj<</S/JavaScript/JS(app.alert)>>", "a.pdf", "脚本"),
        (b"<html><script>%PDF-1.4", "a.pdf", "认不出"),
        (b"{\\rtf1", "a.rtf", "认不出"),
        (b"\x00\x01\x02\x03", "a.txt", "不是文本"),
        (b"0" * (50 * 1024 * 1024 + 1), "a.txt", "50 MB"),
        (
            made.package({"word/document.xml": b"0" * 30_000_000, "[Content_Types].xml": "<Types/>"}),
            "a.docx",
            "压缩炸弹",
        ),
    ],
)
def test_what_may_not(data: bytes, name: str, say: str) -> None:
    with pytest.raises(PaperRefused, match=say):
        allowed(data, name)


def test_broken_and_encrypted_files_are_refused() -> None:
    with pytest.raises(PaperRefused):
        examine(made.plan_docx()[:-200], "a.docx")
    with pytest.raises(PaperRefused, match="损坏"):
        examine(b"%PDF-1.4 broken", "a.pdf")
    parts = made.docx_parts(made.para("x"))
    parts["word/document.xml"] = b"<w:document"
    with pytest.raises(PaperRefused, match="损坏"):
        examine(made.package(parts), "a.docx")
