"""Word files: merges, automatic numbers, tracked changes, and what is not printed."""

from __future__ import annotations

import pytest

from gongkai.papers import CellKind, Paper, Table, read_bytes
from gongkai.papers.wordnumbers import chinese_number
from tests.papers.made import W, cell, docx, docx_parts, package, para, table


def texts(grid: Table) -> list[list[str]]:
    return [[c.text for c in row] for row in grid.rows]


def kinds(grid: Table) -> str:
    """P printed, M merged, E empty, A absent; rows between blanks."""
    return " ".join("".join(c.kind.name[0] for c in row) for row in grid.rows)


def only_table(paper: Paper) -> Table:
    (grid,) = paper.tables()
    return grid


def read(body: str, *, numbering: str = "", styles: str = "") -> Paper:
    return read_bytes(docx(body, numbering=numbering, styles=styles), "方案.docx")


def lines(paper: Paper) -> list[str]:
    return [p.text for p in paper.paras()]


# -- merges ------------------------------------------------------------------------------------------------------------

MERGE = "<w:vMerge/>"
START = '<w:vMerge w:val="restart"/>'


def span(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


def test_horizontal_span() -> None:
    grid = only_table(
        read(
            table(
                cell("一、加强公开", span(3)),
                cell("1") + cell("公开预算") + cell("财政局"),
            )
        )
    )
    assert texts(grid) == [["一、加强公开", "", ""], ["1", "公开预算", "财政局"]]
    assert kinds(grid) == "PMM PPP"
    assert grid.rows[0][2].origin == (0, 0) and grid.certain_merges


def test_vertical_merge() -> None:
    grid = only_table(
        read(
            table(
                cell("公开预算") + cell("财政局", START),
                cell("公开决算") + cell("", MERGE),
                cell("解读政策") + cell("司法局", START),
                cell("回应关切") + cell("", MERGE),
            )
        )
    )
    assert kinds(grid) == "PP PM PP PM"
    assert grid.rows[1][1].origin == (0, 1) and grid.rows[3][1].origin == (2, 1)


def test_block_merge() -> None:
    grid = only_table(
        read(
            table(
                cell("甲", span(2) + START) + cell("乙"),
                cell("", span(2) + MERGE) + cell("丙"),
                cell("一") + cell("二") + cell("三"),
            )
        )
    )
    assert kinds(grid) == "PMP MMP PPP"
    assert {c.origin for c in (*grid.rows[0][:2], *grid.rows[1][:2])} == {(0, 0)}


@pytest.mark.parametrize("count", [12, 30, 60])
def test_many_columns_stay_apart(count: int) -> None:
    row = "".join(cell(f"栏{i}") for i in range(count))
    assert texts(only_table(read(table(row, row)))) == [[f"栏{i}" for i in range(count)]] * 2


def test_merge_that_nothing_began() -> None:
    """A continuation in the first row, or under a cell of another width, is a cell of its own."""
    grid = only_table(
        read(
            table(
                cell("甲", MERGE) + cell("乙"),
                cell("丙", span(2) + MERGE),
            )
        )
    )
    assert texts(grid) == [["甲", "乙"], ["丙", ""]]


def test_empty_cell_is_not_a_merged_one() -> None:
    grid = only_table(read(table(cell("甲") + cell(""), cell("乙") + cell("丙"))))
    assert kinds(grid) == "PE PP"


def test_columns_left_out_before_a_row() -> None:
    row = f'<w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell("丙")}'
    grid = only_table(read(table(cell("甲") + cell("一") + cell("二"), row)))
    assert texts(grid) == [["甲", "一", "二"], ["", "", "丙"]]
    assert kinds(grid) == "PPP AAP"


def test_old_horizontal_merge() -> None:
    row = cell("甲", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("乙")
    grid = only_table(read(table(row, cell("一") + cell("二") + cell("三"))))
    assert kinds(grid) == "PMP PPP"


def test_nested_table_stands_apart() -> None:
    inner = table(cell("内甲") + cell("内乙"), cell("内丙") + cell("内丁"))
    outer = table(cell("外甲") + f"<w:tc>{para('外乙')}{inner}{para('尾')}</w:tc>")
    first, second = read(outer).tables()
    assert texts(first) == [["外甲", "外乙\n尾"]]
    assert texts(second) == [["内甲", "内乙"], ["内丙", "内丁"]]
    assert (first.number, second.number) == (1, 2)


def test_cells_in_content_controls() -> None:
    held = f"<w:sdt><w:sdtContent>{cell('乙')}</w:sdtContent></w:sdt>"
    rows = f"<w:sdt><w:sdtContent><w:tr>{cell('丙')}{cell('丁')}</w:tr></w:sdtContent></w:sdt>"
    grid = only_table(read(f"<w:tbl><w:tr>{cell('甲')}{held}</w:tr>{rows}</w:tbl>"))
    assert texts(grid) == [["甲", "乙"], ["丙", "丁"]]


def test_paragraphs_of_a_cell_are_lines() -> None:
    grid = only_table(read(table(f"<w:tc>{para('财政局')}{para('')}{para('司法局')}</w:tc>" + cell("乙"))))
    assert texts(grid) == [["财政局\n司法局", "乙"]]


# -- automatic numbers -------------------------------------------------------------------------------------------------


def level(index: int, form: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, lists: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>' + lists
    )


def at(index: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>'


THREE = numbering(
    level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")
)


def test_chinese_numbers_with_restart_below() -> None:
    body = "".join(
        para(t, at(i)) for i, t in ((0, "甲"), (1, "乙"), (2, "丙"), (2, "丁"), (1, "戊"), (2, "己"), (0, "庚"))
    )
    assert lines(read(body, numbering=THREE)) == [
        "一、甲",
        "（一）乙",
        "1.丙",
        "2.丁",
        "（二）戊",
        "1.己",
        "二、庚",
    ]


def test_number_of_several_levels() -> None:
    made = numbering(level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))
    body = para("甲", at(0)) + para("乙", at(1)) + para("丙", at(0)) + para("丁", at(1)) + para("戊", at(1))
    assert lines(read(body, numbering=made)) == ["1.甲", "1.1乙", "2.丙", "2.1丁", "2.2戊"]


def test_second_list_restarts() -> None:
    override = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    made = numbering(level(0, "decimal", "%1."), lists=override)
    body = para("甲", at(0)) + para("乙", at(0)) + para("丙", at(0, 2)) + para("丁", at(0, 2))
    assert lines(read(body, numbering=made)) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_lists_of_one_definition_go_on_counting() -> None:
    made = numbering(level(0, "decimal", "%1."), lists='<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>')
    body = para("甲", at(0)) + para("乙", at(0, 2))
    assert lines(read(body, numbering=made)) == ["1.甲", "2.乙"]


def test_list_that_starts_late() -> None:
    made = numbering(level(0, "chineseCounting", "%1、", start=9))
    body = para("甲", at(0)) + para("乙", at(0)) + para("丙", at(0))
    assert lines(read(body, numbering=made)) == ["九、甲", "十、乙", "十一、丙"]


def test_empty_numbered_cells_are_the_numbers_column() -> None:
    number = f"<w:tc><w:p><w:pPr>{at(0)}</w:pPr></w:p></w:tc>"
    made = numbering(level(0, "decimal", "%1"))
    grid = only_table(read(table(number + cell("甲"), number + cell("乙")), numbering=made))
    assert texts(grid) == [["1", "甲"], ["2", "乙"]]


def test_number_from_the_style() -> None:
    styles = (
        '<w:style w:styleId="base"><w:pPr><w:outlineLvl w:val="0"/>'
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="child"><w:basedOn w:val="base"/></w:style>'
    )
    body = para("甲", '<w:pStyle w:val="child"/>') + para("乙")
    paper = read(body, numbering=THREE, styles=styles)
    assert [(p.text, p.level) for p in paper.paras()] == [("一、甲", 1), ("乙", 0)]


def test_number_switched_off() -> None:
    assert lines(read(para("甲", at(0, 0)), numbering=THREE)) == ["甲"]


@pytest.mark.parametrize(
    ("form", "third"),
    [
        ("decimal", "3"),
        ("decimalZero", "03"),
        ("upperRoman", "III"),
        ("lowerRoman", "iii"),
        ("upperLetter", "C"),
        ("lowerLetter", "c"),
        ("decimalEnclosedCircle", "③"),
        ("decimalFullWidth", "３"),
        ("ideographTraditional", "丙"),
        ("chineseLegalSimplified", "叁"),
        ("taiwaneseCountingThousand", "三"),
    ],
)
def test_forms(form: str, third: str) -> None:
    body = "".join(para("款", at(0)) for _ in range(3))
    assert lines(read(body, numbering=numbering(level(0, form, "%1、"))))[2] == f"{third}、款"


def test_bullets_print_no_number() -> None:
    assert lines(read(para("甲", at(0)), numbering=numbering(level(0, "bullet", "\uf06c")))) == ["甲"]


@pytest.mark.parametrize(
    ("value", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一"), (100, "一百"), (105, "一百零五"), (110, "一百一十"), (1001, "一千零一")],
)  # fmt: skip
def test_chinese_number(value: int, words: str) -> None:
    assert chinese_number(value) == words


# -- what is printed and what is not -----------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_tracked_changes_as_if_accepted() -> None:
    body = f"<w:p>{run('公开')}<w:del><w:r><w:delText>预算</w:delText></w:r></w:del><w:ins>{run('决算')}</w:ins></w:p>"
    assert lines(read(body)) == ["公开决算"]


def test_moved_text_stands_once() -> None:
    body = f"<w:p><w:moveFrom>{run('甲')}</w:moveFrom>{run('乙')}</w:p><w:p><w:moveTo>{run('甲')}</w:moveTo></w:p>"
    assert lines(read(body)) == ["乙", "甲"]


def test_deleted_row() -> None:
    gone = f"<w:trPr><w:del/></w:trPr>{cell('废')}{cell('止')}"
    assert texts(only_table(read(table(cell("甲") + cell("乙"), gone, cell("丙") + cell("丁"))))) == [
        ["甲", "乙"],
        ["丙", "丁"],
    ]


SHOWN = '<w:vanish w:val="0"/>'


def test_hidden_text() -> None:
    body = f"<w:p>{run('公开')}{run('内部批注', '<w:vanish/>')}{run('预算', SHOWN)}</w:p>"
    assert lines(read(body)) == ["公开预算"]


def test_text_box_once() -> None:
    box = f"<wps:txbx><w:txbxContent>{para('附件1')}</w:txbxContent></wps:txbx>"
    old = f"<w:pict><w:txbxContent>{para('附件1')}</w:txbxContent></w:pict>"
    body = (
        f"<w:p>{run('正文')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert sorted(lines(read(body))) == ["正文", "附件1"]


def test_fields_show_their_result() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("3")}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert lines(read(body)) == ["3"]


def test_links_are_text() -> None:
    assert lines(read(f"<w:p>{run('见')}<w:hyperlink>{run('附件')}</w:hyperlink></w:p>")) == ["见附件"]


def test_breaks() -> None:
    body = (
        f"<w:p>{run('甲')}<w:r><w:br/></w:r>{run('乙')}<w:r><w:tab/></w:r>{run('丙')}"
        f'<w:r><w:br w:type="page"/></w:r>{run("丁")}</w:p>'
    )
    assert lines(read(body)) == ["甲\n乙\t丙丁"]


def test_strict_documents() -> None:
    parts = docx_parts(para("甲") + table(cell("乙") + cell("丙")))
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    parts["word/document.xml"] = str(parts["word/document.xml"]).replace(W[9:-1], strict)
    paper = read_bytes(package(parts), "方案.docx")
    assert lines(paper) == ["甲"] and texts(only_table(paper)) == [["乙", "丙"]]


def test_order_and_places() -> None:
    paper = read(para("前") + table(cell("甲") + cell("乙")) + para("后"))
    assert [type(b).__name__ for b in paper.blocks] == ["Para", "Table", "Para"]
    assert [b.number for b in paper.blocks] == [1, 1, 2]
    assert paper.kind == "docx" and paper.name == "方案.docx"
    assert all(c.kind is CellKind.PRINTED for row in only_table(paper).rows for c in row)
