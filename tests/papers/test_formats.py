"""Every other format: what the file says is what comes out, whatever its name."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from gongkai.papers import CellKind, Paper, PaperRefused, Table, read_bytes
from gongkai.papers.office import soffice
from gongkai.plans.reading import plan_of
from gongkai.plans.reading.model import Plan
from tests.papers import made

ROWS = [list(r) for r in made.ROWS]


def texts(grid: Table) -> list[list[str]]:
    return [[c.text for c in row] for row in grid.rows]


def kinds(grid: Table) -> str:
    """P printed, M merged, E empty, A absent; rows between blanks."""
    return " ".join("".join(c.kind.name[0] for c in row) for row in grid.rows)


def only_table(paper: Paper) -> Table:
    (grid,) = paper.tables()
    return grid


def lines(paper: Paper) -> list[str]:
    return [p.text for p in paper.paras()]


def assert_the_plan(plan: Plan) -> None:
    """The plan of `made.ROWS`, whatever format it came in."""
    assert [(t.no, t.text) for t in plan.tasks] == [(r[0], r[1]) for r in made.ROWS[1:]]
    assert [t.lead for t in plan.tasks] == [["县财政局"], ["县政府办公室"], ["县公共资源交易中心"]]
    assert [t.support for t in plan.tasks] == [[], ["县司法局"], []]


# -- spreadsheets ------------------------------------------------------------------------------------------------------


def book(fill: Any) -> bytes:
    import openpyxl

    made_book = openpyxl.Workbook()
    fill(made_book)
    held = io.BytesIO()
    made_book.save(held)
    return held.getvalue()


def test_xlsx_merges() -> None:
    def fill(b: Any) -> None:
        for row in (["一、加强公开", None, None], ["1", "公开预算", "财政局"], ["2", "公开决算", None]):
            b.active.append(row)
        b.active.merge_cells("A1:C1")
        b.active.merge_cells("C2:C3")

    grid = only_table(read_bytes(book(fill), "a.xlsx"))
    assert kinds(grid) == "PMM PPP PPM"
    assert grid.rows[2][2].origin == (1, 2) and grid.certain_merges


def test_xlsx_hidden_rows_and_columns() -> None:
    def fill(b: Any) -> None:
        for row in (["序号", "内部", "任务"], ["1", "甲", "公开预算"], ["2", "乙", "废止"], ["3", "丙", "公开决算"]):
            b.active.append(row)
        b.active.row_dimensions[3].hidden = True
        b.active.column_dimensions["B"].hidden = True

    paper = read_bytes(book(fill), "a.xlsx")
    assert texts(only_table(paper)) == [["序号", "任务"], ["1", "公开预算"], ["3", "公开决算"]]
    assert any("隐藏" in w for w in paper.warnings)


def test_xlsx_merge_over_a_hidden_row() -> None:
    def fill(b: Any) -> None:
        for row in (["甲", "财政局"], ["乙", None], ["丙", None], ["丁", "司法局"]):
            b.active.append(row)
        b.active.merge_cells("B1:B3")
        b.active.row_dimensions[1].hidden = True

    grid = only_table(read_bytes(book(fill), "a.xlsx"))
    assert texts(grid) == [["乙", "财政局"], ["丙", ""], ["丁", "司法局"]]
    assert kinds(grid) == "PP PM PP"


def test_xlsx_hidden_sheet() -> None:
    def fill(b: Any) -> None:
        b.active.title = "分工表"
        b.active.append(["甲", "乙"])
        other = b.create_sheet("底稿")
        other.append(["内部", "数据"])
        other.sheet_state = "hidden"
        third = b.create_sheet("极密")
        third.append(["内部", "数据"])
        third.sheet_state = "veryHidden"

    paper = read_bytes(book(fill), "a.xlsx")
    assert texts(only_table(paper)) == [["甲", "乙"]]
    assert only_table(paper).sheet == "分工表"
    assert [("底稿" in w or "极密" in w) and "隐藏" in w for w in paper.warnings] == [True, True]


def test_xlsx_several_sheets_in_order() -> None:
    def fill(b: Any) -> None:
        b.active.title = "第一批"
        b.active.append(["甲"])
        b.create_sheet("第二批").append(["乙"])
        b.create_sheet("空表")

    paper = read_bytes(book(fill), "a.xlsx")
    assert [(t.sheet, texts(t)) for t in paper.tables()] == [("第一批", [["甲"]]), ("第二批", [["乙"]])]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (dt.date(2031, 6, 30), "yyyy-mm-dd", "2031-06-30"),
        (dt.datetime(2031, 6, 30), 'yyyy"年"m"月"d"日"', "2031年6月30日"),
        (dt.date(2031, 6, 1), 'yyyy"年"m"月"', "2031年6月"),
        (dt.date(2031, 6, 5), 'm"月"d"日"', "6月5日"),
        (dt.date(2031, 6, 5), "[$-804]yyyy/m/d;@", "2031/6/5"),
        (dt.time(8, 30), "hh:mm", "08:30"),
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12.5%"),
        (1, "0%", "100%"),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (2.5, "General", "2.5"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "是"),
        ("007", "@", "007"),
        ("甲\r\n乙", "General", "甲\n乙"),
    ],
)
def test_xlsx_values_as_shown(value: object, form: str, shown: str) -> None:
    def fill(b: Any) -> None:
        b.active["A1"] = "栏"
        b.active["B1"] = value
        b.active["B1"].number_format = form

    assert only_table(read_bytes(book(fill), "a.xlsx")).rows[0][1].text == shown


def test_xlsx_formula_shows_its_last_result() -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"甲"</f><v>甲</v></c></row></sheetData>'
    assert texts(only_table(read_bytes(made.xlsx(sheet), "a.xlsx"))) == [["2", "甲"]]


def test_xlsx_rich_text_and_phonetics() -> None:
    strings = (
        '<si><r><t>公开</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 预算</t></r>'
        '<rPh sb="0" eb="1"><t>gong</t></rPh></si>'
    )
    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    assert texts(only_table(read_bytes(made.xlsx(sheet, strings=strings), "a.xlsx"))) == [["公开 预算"]]


def test_xls() -> None:
    import xlwt

    old = xlwt.Workbook(encoding="utf-8")
    sheet = old.add_sheet("分工表")
    sheet.write_merge(0, 0, 0, 2, "分工方案")
    for r, row in enumerate(ROWS, 1):
        for c, text in enumerate(row):
            sheet.write(r, c, float(text) if text.isdigit() else text)
    sheet.write_merge(len(ROWS) + 1, len(ROWS) + 2, 2, 2, "县司法局")
    sheet.write(len(ROWS) + 2, 1, "回应社会关切。")
    hidden = old.add_sheet("底稿")
    hidden.write(0, 0, "内部")
    hidden.visibility = 1
    held = io.BytesIO()
    old.save(held)
    paper = read_bytes(held.getvalue(), "a.et")
    grid = only_table(paper)
    assert texts(grid)[0] == ["分工方案", "", ""] and texts(grid)[1:4] == ROWS[:3]
    assert grid.rows[6][2].kind is CellKind.MERGED and grid.rows[6][2].origin == (5, 2)
    assert any("底稿" in w for w in paper.warnings)


# -- web pages ---------------------------------------------------------------------------------------------------------


def page(body: str, charset: str = "utf-8") -> Paper:
    text = f'<html><head><meta charset="{charset}"><title>首</title></head><body>{body}</body></html>'
    return read_bytes(text.encode(charset), "a.html")


def test_html_spans() -> None:
    grid = only_table(
        page(
            "<table><tr><th colspan=2>任务</th><th>单位</th></tr><tr><td>1</td><td>公开预算</td>"
            "<td rowspan=2>财政局</td></tr><tr><td>2</td><td>公开决算</td></tr></table>"
        )
    )
    assert texts(grid) == [["任务", "", "单位"], ["1", "公开预算", "财政局"], ["2", "公开决算", ""]]
    assert kinds(grid) == "PMP PPP PPM"


def test_html_span_to_the_end() -> None:
    grid = only_table(
        page("<table><tr><td rowspan=0>甲</td><td>一</td></tr><tr><td>二</td></tr><tr><td>三</td></tr></table>")
    )
    assert kinds(grid) == "PP MP MP"


@pytest.mark.parametrize("span", ["-1", "x", "", "1e9", "99999999999999999999"])
def test_html_odd_spans(span: str) -> None:
    grid = only_table(
        page(f"<table><tr><td rowspan='{span}'>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>")
    )
    assert grid.rows[0][0].text == "甲"


def test_html_layout_tables_are_no_tables() -> None:
    inner = "<table><tr><td>1</td><td>公开预算</td></tr><tr><td>2</td><td>公开决算</td></tr></table>"
    paper = page(f"<table><tr><td>导航</td><td>{inner}</td></tr></table><table><tr><td>版权所有</td></tr></table>")
    assert texts(only_table(paper)) == [["1", "公开预算"], ["2", "公开决算"]]
    assert "版权所有" in lines(paper)


def test_html_breaks_and_blanks() -> None:
    grid = only_table(
        page(
            "<table><tr><td>财政局<br>司法局</td><td><p>公开&nbsp;</p><p>预算</p></td><td>&nbsp;\n </td></tr><tr><td>a<td>b<td>c</table>"
        )
    )
    assert texts(grid)[0] == ["财政局\n司法局", "公开\n预算", ""]
    assert grid.rows[0][2].kind is CellKind.EMPTY


def test_html_chinese_lines_join_without_a_blank() -> None:
    assert lines(page("<p>公开\n   预算 and\n   more</p>")) == ["公开预算 and more"]


def test_html_hidden_and_furniture() -> None:
    paper = page(
        "<nav>首页</nav><script>x='<p>假</p>'</script><style>p{}</style><p hidden>藏</p>"
        "<p style='display: none'>隐</p><!-- 注 --><p>公开<span style='display:none'>秘</span>预算</p>"
    )
    assert lines(paper) == ["公开预算"]


def test_html_headings_have_levels() -> None:
    assert [(p.text, p.level) for p in page("<h1>标题</h1><h3>一、目标</h3><p>正文</p>").paras()] == [
        ("标题", 1),
        ("一、目标", 3),
        ("正文", 0),
    ]


@pytest.mark.parametrize("charset", ["gb18030", "gbk", "gb2312", "utf-8", "big5"])
def test_html_declared_character_set(charset: str) -> None:
    assert lines(page("<p>公开年度方案</p>" if charset != "big5" else "<p>公開年度方案</p>", charset)) == [
        "公开年度方案" if charset != "big5" else "公開年度方案"
    ]


def test_html_false_declaration() -> None:
    """Declared as GB2312, saved as UTF-8: the bytes decide."""
    text = "<html><head><meta charset=gb2312></head><body><p>公开年度方案</p></body></html>"
    assert lines(read_bytes(text.encode(), "a.html")) == ["公开年度方案"]


def test_html_utf16() -> None:
    text = "<html><body><p>公开年度方案</p></body></html>"
    assert lines(read_bytes(text.encode("utf-16"), "a.html")) == ["公开年度方案"]


def test_mht() -> None:
    assert_the_plan(plan_of(read_bytes(made.plan_mht(), "a.mht")))


def test_mht_quoted_printable_in_gb18030() -> None:
    import quopri

    body = quopri.encodestring(made.plan_html().replace("utf-8", "gb18030").encode("gb18030")).decode()
    text = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=edge\n\n--edge\n"
        f"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n--edge--\n"
    )
    assert_the_plan(plan_of(read_bytes(text.encode(), "a.mht")))


# -- OFD and PDF -------------------------------------------------------------------------------------------------------


def test_ofd_plan() -> None:
    assert_the_plan(plan_of(read_bytes(made.plan_ofd(), "a.ofd")))


def test_ofd_pages_in_order() -> None:
    paper = read_bytes(made.ofd([[(20, 20, "第一页")], [(20, 20, "第二页")]]), "a.ofd")
    assert [(p.text, p.page) for p in paper.paras()] == [("第一页", 1), ("第二页", 2)]


def test_pdf_ruled() -> None:
    paper = read_bytes(made.plan_pdf(), "a.pdf")
    assert texts(only_table(paper)) == ROWS
    assert only_table(paper).page == 1 and only_table(paper).certain_merges
    assert_the_plan(plan_of(paper))


def test_pdf_unruled() -> None:
    paper = read_bytes(made.plan_pdf(ruled=False), "a.pdf")
    assert texts(only_table(paper)) == ROWS
    assert not only_table(paper).certain_merges
    assert_the_plan(plan_of(paper))


def test_pdf_page_numbers_go() -> None:
    pages = [["县政府办公室文件", f"第{n}项工作要求由各有关单位按照分工认真落实", f"— {n} —"] for n in range(1, 5)]
    assert lines(read_bytes(made.pdf(pages), "a.pdf")) == [
        f"第{n}项工作要求由各有关单位按照分工认真落实" for n in range(1, 5)
    ]


def test_pdf_with_an_owners_password_opens() -> None:
    """It may be read by anyone; only changing it is forbidden."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    held = io.BytesIO()
    lock = StandardEncryption("", ownerPassword="owner", canModify=0, strength=128)
    canvas = Canvas(held, encrypt=lock)
    canvas.drawString(60, 700, "Open to read")
    canvas.save()
    assert lines(read_bytes(held.getvalue(), "a.pdf")) == ["Open to read"]


# -- text --------------------------------------------------------------------------------------------------------------

PLAIN = made.plan_tabs()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_text_character_sets(encoding: str, ends: str) -> None:
    assert_the_plan(plan_of(read_bytes(PLAIN.replace("\n", ends).encode(encoding), "a.txt")))


def test_text_utf16_be_with_a_mark() -> None:
    assert_the_plan(plan_of(read_bytes(b"\xfe\xff" + PLAIN.encode("utf-16-be"), "a.txt")))


def test_text_gb18030_four_bytes() -> None:
    assert lines(read_bytes("公开㐂㒫𠮷方案".encode("gb18030"), "a.txt")) == ["公开㐂㒫𠮷方案"]


def test_text_mostly_utf8() -> None:
    """One broken byte does not turn a UTF-8 text into another character set."""
    (line,) = lines(read_bytes("公开年度方案，".encode() * 20 + b"\xff", "a.txt"))
    assert line.startswith("公开年度方案，公开年度方案")


def test_offsets_point_into_the_text() -> None:
    text = "前言\n一、加强公开\n"
    for para in read_bytes(text.encode(), "a.txt").paras():
        assert para.start is not None and text[para.start :].startswith(para.text)


def test_offsets_of_cells_point_into_the_text() -> None:
    for cell in (c for row in only_table(read_bytes(PLAIN.encode(), "a.txt")).rows for c in row):
        assert cell.start is not None and PLAIN[cell.start :].startswith(cell.text)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv(name: str, mark: str) -> None:
    text = "".join(mark.join(f'"{t}"' for t in row) + "\r\n" for row in ROWS)
    for encoding in ("utf-8-sig", "gb18030"):
        assert_the_plan(plan_of(read_bytes(text.encode(encoding), name)))


def test_csv_line_end_and_quotation_in_a_cell() -> None:
    text = '序号,任务\n1,"公开""要点""\n和预算"\n'
    assert texts(only_table(read_bytes(text.encode(), "a.csv"))) == [["序号", "任务"], ["1", '公开"要点"\n和预算']]


@pytest.mark.parametrize("edge", ["|", ""])
def test_pipes(edge: str) -> None:
    rows = [" | ".join(r) for r in ROWS]
    rule = "|".join(["---"] * 3)
    text = "# 分工方案\n\n" + "\n".join(f"{edge}{r}{edge}" for r in [rows[0], rule, *rows[1:]]) + "\n"
    paper = read_bytes(text.encode(), "a.md")
    assert texts(only_table(paper)) == ROWS
    assert_the_plan(plan_of(paper))


def test_pipes_full_width() -> None:
    text = "\n".join("｜".join(r) for r in ROWS)
    assert texts(only_table(read_bytes(text.encode(), "a.txt"))) == ROWS


def test_escaped_pipe_is_text() -> None:
    text = "|甲|乙|\n|---|---|\n|一\\|二|三|\n|四|五|\n"
    assert texts(only_table(read_bytes(text.encode(), "a.md"))) == [["甲", "乙"], ["一|二", "三"], ["四", "五"]]


def test_one_cell_a_line() -> None:
    """As converters write Word tables: every cell on a line that begins with a tab, rows between blank lines."""
    text = "分工方案\n\n" + "\n\n".join("\n".join(f"\t{t}" for t in row) for row in ROWS) + "\n"
    assert_the_plan(plan_of(read_bytes(text.encode(), "a.txt")))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - sum(2 if ord(c) > 255 else 1 for c in text))


@pytest.mark.parametrize(("marks", "bar"), [("+-+-+", "|"), ("├─┼─┤", "│"), ("╠═╬═╣", "║"), ("+=+=+", "|")])
def test_drawn(marks: str, bar: str) -> None:
    widths = (6, 40, 36)
    rule = marks[0] + marks[2].join(marks[1] * w for w in widths) + marks[4]
    body = [bar + bar.join(_padded(t, w) for t, w in zip(row, widths, strict=True)) + bar for row in ROWS]
    text = "分工方案\n" + rule + "\n" + "\n".join(f"{b}\n{rule}" for b in body) + "\n"
    paper = read_bytes(text.encode(), "a.txt")
    assert texts(only_table(paper)) == ROWS
    assert_the_plan(plan_of(paper))


def test_drawn_row_of_several_lines() -> None:
    text = "+----+------+\n|序号|任务  |\n+----+------+\n|1   |公开  |\n|    |预算  |\n+----+------+\n"
    grid = only_table(read_bytes(text.encode(), "a.txt"))
    assert texts(grid) == [["序号", "任务"], ["1", "公开\n预算"]] and grid.wrapped


@pytest.mark.parametrize("blank", [" ", "\u3000"])
def test_aligned(blank: str) -> None:
    widths = (8, 44, 40)
    body = "\n".join("".join(_padded(t, w) for t, w in zip(row, widths, strict=True)).rstrip() for row in ROWS)
    if blank == "\u3000":
        body = body.replace("  ", "\u3000")
    assert_the_plan(plan_of(read_bytes(f"          分工方案\n\n{body}\n".encode(), "a.txt")))


def test_dump_of_html() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>\n" for row in ROWS)
    paper = read_bytes(f"# 分工方案\n\n<table>\n{rows}</table>\n".encode(), "a.md")
    assert_the_plan(plan_of(paper))


# -- what a file is, told from its content -----------------------------------------------------------------------------

CONTENTS = {
    "docx": made.plan_docx(),
    "xlsx": made.plan_xlsx(),
    "pdf": made.plan_pdf(),
    "ofd": made.plan_ofd(),
    "html": made.plan_html().encode(),
    "mht": made.plan_mht(),
    "text": PLAIN.encode(),
    "text16": PLAIN.encode("utf-16"),
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize(
    "extension", [".docx", ".xlsx", ".pdf", ".ofd", ".html", ".mht", ".txt", ".csv", ".doc", ".et", ".wps", ".jpg", ""]
)
def test_any_content_under_any_name(content: str, extension: str) -> None:
    assert_the_plan(plan_of(read_bytes(CONTENTS[content], f"方案{extension}")))


def test_xls_under_another_name() -> None:
    import xlwt

    old = xlwt.Workbook(encoding="utf-8")
    sheet = old.add_sheet("分工表")
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    held = io.BytesIO()
    old.save(held)
    for name in ("a.xlsx", "a.doc", "a.et", "a"):
        assert_the_plan(plan_of(read_bytes(held.getvalue(), name)))


def test_extensions_in_capitals() -> None:
    text = "".join(",".join(row) + "\n" for row in ROWS)
    assert_the_plan(plan_of(read_bytes(text.encode(), "A.CSV")))


# -- old formats by way of LibreOffice ---------------------------------------------------------------------------------

needs_office = pytest.mark.skipif(soffice() is None, reason="LibreOffice (soffice) is not installed")


def converted(data: bytes, suffix: str, target: str, folder: Path) -> bytes:
    import subprocess

    program = soffice()
    assert program is not None
    (folder / f"source{suffix}").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [
            program,
            profile,
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(folder / f"source{suffix}"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / f"source.{target}").read_bytes()


def word_file() -> bytes:
    """As Word would write it: with widths of columns, and a paragraph after the table, without which .doc has none."""
    import docx

    document = docx.Document()
    grid = document.add_table(len(ROWS), 3)
    for cells, row in zip(grid.rows, ROWS, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    document.add_paragraph("青禾县人民政府办公室")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("target", ["doc", "rtf", "odt"])
def test_old_word_formats(tmp_path: Path, target: str) -> None:
    old = converted(word_file(), ".docx", target, tmp_path)
    assert_the_plan(plan_of(read_bytes(old, f"方案.{target}")))


@pytest.mark.office
@needs_office
def test_old_word_under_the_name_of_wps(tmp_path: Path) -> None:
    assert_the_plan(plan_of(read_bytes(converted(word_file(), ".docx", "doc", tmp_path), "方案.wps")))


@pytest.mark.office
@needs_office
def test_open_spreadsheet(tmp_path: Path) -> None:
    assert_the_plan(plan_of(read_bytes(converted(made.plan_xlsx(), ".xlsx", "ods", tmp_path), "方案.ods")))


@pytest.mark.parametrize(
    "data", [made.compound({"WordDocument": b"\x00" * 5000}), rb"{\rtf1\ansi plan}"], ids=["doc", "rtf"]
)
def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PaperRefused, match=r"libreoffice-writer.*另存为") as caught:
        read_bytes(data, "方案.doc")
    assert "\n" not in str(caught.value)
