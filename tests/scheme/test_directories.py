"""Directories of invented places in every format: what was typed by hand is what is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.papers import Paper, PaperRefused
from gongkai.papers.grid import build_table
from gongkai.scheme.reading import Kind, Levels, NoDirectory, directory_of, read_directory
from tests.scheme import rendering
from tests.scheme.directories import ALL, BUDGET, SCHOOLS
from tests.scheme.judging import said, wrong
from tests.scheme.rendering import Part, grid

FORMATS: dict[str, tuple[Callable[[list[Part], Path], Path], str]] = {
    "docx": (rendering.docx, "docx"),
    "xlsx": (rendering.xlsx, "xlsx"),
    "xls": (rendering.xls, "xls"),
    "html": (rendering.html, "html"),
    "pdf": (rendering.pdf, "pdf"),
    "tabs": (rendering.tabs, "txt"),
}
REAL = Path(__file__).resolve().parents[3] / "shared" / "plans" / "other"
HEAD = (
    "序号|公开事项|<|公开内容（要素）|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|<|公开方式|<|公开层级|<\n"
    "^|一级事项|二级事项|^|^|^|^|^|全社会|特定群体|主动|依申请|县级|乡级\n"
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ALL)
def test_what_a_directory_says(name: str, form: str, tmp_path: Path) -> None:
    parts, expected = ALL[name]
    draw, suffix = FORMATS[form]
    _, errors = wrong(read_directory(draw(parts, tmp_path / f"a.{suffix}")).lines, expected)
    assert errors == []


def test_title_areas_notes_and_places(tmp_path: Path) -> None:
    directory = read_directory(rendering.docx([SCHOOLS], tmp_path / "a.docx"))
    assert directory.title == "青禾县义务教育领域基层政务公开标准目录"
    assert directory.areas == ["义务教育"]
    assert directory.notes == ["注：1.本目录自印发之日起施行。"]
    place = directory.lines[2].place
    assert place is not None and (place.table, place.row) == (1, 5)
    assert str(place) == "表1第5行"
    assert directory.lines[1].raw["content"] == "规划全文；规划解读"
    assert "basis" not in directory.lines[1].raw


def test_a_long_pdf_repeats_its_header(tmp_path: Path) -> None:
    """Forty lines over several pages, the header on each, first-level items merged over the ends of pages."""
    rows = []
    for n in range(1, 41):
        first = f"事项类别{(n - 1) // 8 + 1}" if n % 8 == 1 else ""
        rows.append(
            f"{n}|{first}|具体事项{n}|内容甲{n}；内容乙{n}；内容丙{n}|《政府信息公开条例》|信息形成或者变更之日起20个工作日内|县民政局|■政府网站\\n□政府公报|√||√||√|"
        )
    part = (["青禾县社会救助领域基层政务公开标准目录"], grid(HEAD + "\n".join(rows)), ["注：本目录动态调整。"])
    directory = read_directory(rendering.pdf([part], tmp_path / "a.pdf", height=500))
    assert [x.number for x in directory.lines] == [str(n) for n in range(1, 41)]
    assert [x.level1 for x in directory.lines] == [f"事项类别{(n - 1) // 8 + 1}" for n in range(1, 41)]
    assert all(x.elements == [f"内容{c}{x.number}" for c in "甲乙丙"] for x in directory.lines)
    assert {said(x, "limit") for x in directory.lines} == {("relative", 20, "wd", "信息形成或者变更")}
    assert max(x.place.page or 0 for x in directory.lines if x.place) >= 3
    assert directory.areas == ["社会救助"]
    assert directory.lines[1].doubts == ["一级事项空白，承上行"]


def test_a_workbook_with_a_sheet_for_each_area(tmp_path: Path) -> None:
    line = "1|政策|文件|全文|《条例》|及时公开|县局|政府网站|√||√||√|"
    parts: list[Part] = [
        (["填报说明：各单位如实填写。"], [["说明", "填写要求"], ["一", "不得空行"]], []),
        (["青禾县养老服务领域基层政务公开标准目录"], grid(HEAD + line), []),
        ([], grid(HEAD + line), ["备注：层级据实勾选"]),
        (["青禾县基层政务公开标准目录"], grid(HEAD + line), []),
    ]
    path = rendering.xlsx(parts, tmp_path / "a.xlsx", ["说明", "01养老服务", "02户籍管理", "村级事务"])
    directory = read_directory(path)
    assert [x.area for x in directory.lines] == ["养老服务", "户籍管理", "村级事务"]
    assert directory.title == "青禾县养老服务领域基层政务公开标准目录"
    assert [x.place.sheet for x in directory.lines if x.place] == ["01养老服务", "02户籍管理", "村级事务"]
    assert "备注：层级据实勾选" in directory.notes


def test_titles_and_headers_between_the_rows_of_one_table(tmp_path: Path) -> None:
    line = "1|政策|文件|全文|《条例》|及时公开|县局|政府网站|√||√||√|"
    wide = "|<" * 13
    rows = f"一、就业领域基层政务公开标准目录{wide}\n{HEAD}{line}\n二、税收管理领域基层政务公开标准目录{wide}\n{HEAD}{line}\n注：到此为止{wide}"
    for form in ("docx", "xlsx", "html"):
        draw, suffix = FORMATS[form]
        directory = read_directory(draw([([], grid(rows), [])], tmp_path / f"a.{suffix}"))
        assert directory.areas == ["就业", "税收管理"], form
        assert [x.number for x in directory.lines] == ["1", "1"]
        assert directory.notes == ["注：到此为止"]


def test_text_that_has_lost_the_blanks_of_its_second_header_row(tmp_path: Path) -> None:
    """So it looks when a web page is copied: the second row begins at the left edge."""
    text = (
        "序号|公开事项|公开内容（要素）|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|公开方式|公开层级\n"
        "一级事项|二级事项|全社会|特定群众|主动|依申请公开|市级|镇（街）级\n"
        "1|财政预决算|政府预算|预算报表|《预算法》|批准后20日内|镇财政所|■政府网站|√||√|||√\n"
        "2|财政预决算|政府决算|决算报表|《预算法》|批准后20日内|镇财政所|■政府网站|√||√|||√\n"
    )
    path = tmp_path / "a.txt"
    path.write_text(text.replace("|", "\t"), "utf-8")
    lines = read_directory(path).lines
    assert [(x.level2, x.content, x.audience_all, x.proactive) for x in lines] == [
        ("政府预算", "预算报表", True, True),
        ("政府决算", "决算报表", True, True),
    ]
    assert lines[0].levels == Levels(township=True)


def test_doubts_say_what_to_look_at(tmp_path: Path) -> None:
    body = (
        "1|政策|文件|全文|《条例》|按规定公开|县局|政府网站|√||||√|\n"
        "2||规划|全文|||||||√||√|\n"
        "3|同上|方案|全文|同上|及时公开|同上|同上|√||重点||√|"
    )
    lines = read_directory(rendering.docx([([], grid(HEAD + body), [])], tmp_path / "a.docx")).lines
    assert lines[0].doubts == ["时限没有认出：“按规定公开”", "主动和依申请都没有勾选"]
    assert lines[0].limit.kind is Kind.UNKNOWN and lines[0].limit.raw == "按规定公开"
    assert lines[1].doubts[:5] == [
        "一级事项空白，承上行",
        "公开依据空白，承上行",
        "公开时限空白，承上行",
        "公开主体空白，承上行",
        "公开渠道和载体空白，承上行",
    ]
    assert "公开对象没有勾选" in lines[1].doubts
    assert (lines[2].level1, lines[2].basis, lines[2].owner, lines[2].raw["basis"]) == (
        "政策",
        "《条例》",
        "县局",
        "同上",
    )
    assert lines[2].doubts == ["“主动”一栏写的是“重点”，按已勾选读，请核对"]


def test_a_line_cut_by_the_end_of_a_page() -> None:
    """The rest of the cells stands first on the next page, without number, item and ticks."""
    first = "1|政策|文件|申请条件；申请材料；办理流|《社会救助暂|及时公开|县民|政府网站|√||√||√|"
    second = "|||程；投诉渠道|行办法》||政局|||||||\n2||规划|全文|《预算法》|及时公开|县财政局|政府网站|√||√||√|"
    tables = []
    for page, body in ((1, HEAD + first), (2, second.lstrip())):
        rows = grid(body)
        made = build_table(rendering.anchors(rows), height=len(rows), width=14, page=page, wrapped=True)
        tables.append(made)
    lines = directory_of(Paper(list(tables), "pdf").number()).lines
    assert [(x.number, x.level1, x.level2) for x in lines] == [("1", "政策", "文件"), ("2", "政策", "规划")]
    assert lines[0].elements == ["申请条件", "申请材料", "办理流程", "投诉渠道"]
    assert (lines[0].titles, lines[0].owners) == (["社会救助暂行办法"], ["县民政局"])
    assert lines[0].proactive and lines[1].proactive


@pytest.mark.parametrize("mark", "√✓✔■●是vV")
def test_ticks(mark: str, tmp_path: Path) -> None:
    body = f"1|政策|文件|全文|《条例》|及时公开|县局|政府网站|{mark}||{mark}||{mark}|"
    line = read_directory(rendering.xlsx([([], grid(HEAD + body), [])], tmp_path / "a.xlsx")).lines[0]
    assert line.audience_all and line.proactive and not line.on_request and not line.audience_group
    assert line.levels == Levels(county=True)


@pytest.mark.parametrize("mark", ["□", "○", "", "×", "否"])
def test_no_ticks(mark: str, tmp_path: Path) -> None:
    body = f"1|政策|文件|全文|《条例》|及时公开|县局|政府网站|√|{mark}|√|{mark}|√|{mark}"
    line = read_directory(rendering.xlsx([([], grid(HEAD + body), [])], tmp_path / "a.xlsx")).lines[0]
    assert not line.on_request and not line.audience_group and line.levels == Levels(county=True)


@pytest.mark.parametrize(
    ("heads", "levels"),
    [
        ("县级|乡级", Levels(True, True)), ("区级|乡、村级", Levels(True, True, True)),
        ("镇级|村级", Levels(False, True, True)), ("东阳市级|镇街级", Levels(True, True)),
        ("市级|镇街乡", Levels(True, True)), ("县（市、区）级|乡（镇）级", Levels(True, True)),
        ("县级|乡镇（街道）级", Levels(True, True)), ("乡镇级|社区", Levels(False, True, True)),
        ("市级|县级", Levels(True)), ("旗县级|苏木乡镇级", Levels(True, True)),
        ("区级|街道级", Levels(True, True)), ("县级|村（社区）级", Levels(True, False, True)),
    ],
)  # fmt: skip
def test_names_of_levels(heads: str, levels: Levels, tmp_path: Path) -> None:
    body = "1|政策|文件|全文|《条例》|及时公开|县局|政府网站|√||√||√|√"
    part: Part = ([], grid(HEAD.replace("县级|乡级", heads) + body), [])
    assert read_directory(rendering.docx([part], tmp_path / "a.docx")).lines[0].levels == levels


def test_what_is_no_directory_is_refused(tmp_path: Path) -> None:
    plan: Part = (["分工方案"], grid("序号|工作任务|责任单位|完成时限\n1|公开预算|县财政局|6月底前"), [])
    with pytest.raises(NoDirectory, match=r"公开事项.*公开内容.*公开时限") as refused:
        read_directory(rendering.docx([plan], tmp_path / "a.docx"))
    assert refused.value.rule == "scheme.no_directory" and isinstance(refused.value, PaperRefused)
    (tmp_path / "b.txt").write_text("关于印发基层政务公开标准目录的通知\n各单位：请遵照执行。", "utf-8")
    with pytest.raises(NoDirectory):
        read_directory(tmp_path / "b.txt")


def test_missing_columns_are_said(tmp_path: Path) -> None:
    part: Part = (["目录"], grid("公开事项|公开内容|公开主体\n机构职能|职能|县政府办"), [])
    directory = read_directory(rendering.html([part], tmp_path / "a.html"))
    assert directory.lines[0].level1 == "机构职能" and directory.lines[0].owners == ["县政府办"]
    assert "表中没有“公开时限”一栏" in directory.doubts and "表中没有“公开层级”一栏" in directory.doubts


def test_budget_stays_two_lines_after_more_rows(tmp_path: Path) -> None:
    assert len(read_directory(rendering.html([BUDGET], tmp_path / "a.html")).lines) == 2


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared papers are not on this machine")
def test_real_work_plans_are_no_directories() -> None:
    papers = [p for p in sorted(REAL.iterdir()) if p.suffix in (".pdf", ".html", ".xlsx", ".docx", ".xls")]
    for path in papers:
        with pytest.raises(NoDirectory):
            read_directory(path)
