"""Small valid files with some of their bytes changed: a plan comes out, or one refusal, and nothing else."""

from __future__ import annotations

import io
import re
import traceback
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.papers import Cell, CellKind, Paper, PaperRefused, Table, read_bytes
from gongkai.plans.reading import plan_of
from gongkai.plans.reading.model import Plan
from tests.papers import made

SEEDS: dict[str, bytes] = {
    "docx": made.plan_docx(),
    "xlsx": made.plan_xlsx(),
    "pdf": made.plan_pdf(),
    "ofd": made.plan_ofd(),
    "html": made.plan_html().encode(),
    "mht": made.plan_mht(),
    "txt": made.plan_tabs().encode(),
    "csv": "\n".join(",".join(r) for r in made.ROWS).encode("gb18030"),
}

MARKUP = [
    b"<", b">", b"</w:tbl>", b"<w:tr>", b"<w:tc>", b'<w:gridSpan w:val="9"/>', b'<w:vMerge/>', b"&#0;", b"&amp;", b"]]>",
    b"<row>", b'r="ZZZ99999"', b't="s"', b"<mergeCell ref='A1:Z9'/>", b"-1", b"1e308", b"99999999999", b"NaN", b"",
    b"<td rowspan=99>", b"</table>", b"<br>", b"\t", b"\n", b"|", b"+--+", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    "（责任单位：".encode(), "牵头".encode(), "同上".encode(), "2031年13月45日前".encode(), "②".encode(), "一、".encode(),
]  # fmt: skip

bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(autouse=True, scope="module")
def without_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A mutation that looks like an old file must not start a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
        yield


def assert_whole(plan: Plan) -> None:
    """A plan that came out can be shown, and its tables are full rectangles."""
    assert plan.tasks and all(t.text.strip() for t in plan.tasks)
    assert plan.to_json()["tasks"]


def assert_square(paper: Paper) -> None:
    for table in paper.tables():
        assert len({len(row) for row in table.rows}) <= 1
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row):
                _assert_cell(table, r, c, cell)


def _assert_cell(table: Table, r: int, c: int, cell: Cell) -> None:
    above, beside = cell.origin
    assert 0 <= above <= r and 0 <= beside <= c
    assert bool(cell.text.strip()) == (cell.kind is CellKind.PRINTED)
    assert table.rows[above][beside].origin == cell.origin


def survive(data: bytes, name: str) -> None:
    try:
        paper = read_bytes(data, name)
        assert_square(paper)
        assert_whole(plan_of(paper))
    except PaperRefused as refusal:
        line = str(refusal)
        assert "\n" not in line and re.search("[\u4e00-\u9fff]{4}", line), line
        assert_no_slip(refusal.__cause__)


SLIPS = (ArithmeticError, AssertionError, AttributeError, IndexError, KeyError, NameError, TypeError)


def assert_no_slip(cause: BaseException | None) -> None:
    """“The file is damaged” must not stand for a mistake of our own: such an error may come from a library only."""
    if isinstance(cause, SLIPS):
        last = traceback.extract_tb(cause.__traceback__)[-1]
        assert "/gongkai/" not in last.filename.replace("\\", "/"), f"{cause!r} at {last.filename}:{last.lineno}"


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """The seed with a few spans overwritten, cut out, doubled, or replaced by a piece of markup."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 24))
        kind = draw(st.sampled_from(("overwrite", "cut", "double", "markup", "end")))
        if kind == "overwrite":
            data[at : at + length] = draw(st.binary(min_size=length, max_size=length))
        elif kind == "cut":
            del data[at : at + length]
        elif kind == "double":
            data[at:at] = data[at : at + length] * draw(st.integers(1, 40))
        elif kind == "markup":
            data[at : at + length] = draw(st.sampled_from(MARKUP))
        elif draw(st.booleans()):
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_bytes(name: str) -> None:
    @bounded
    @given(mutated(SEEDS[name]))
    def check(data: bytes) -> None:
        survive(data, f"方案.{name}")

    check()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("docx", "word/document.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("xlsx", "xl/workbook.xml"),
        ("ofd", "Doc_0/Pages/Page_0/Content.xml"),
    ],
)
def test_parts(name: str, part: str) -> None:
    """Inside the package, where a changed byte of the archive itself would never let it come."""
    with zipfile.ZipFile(io.BytesIO(SEEDS[name])) as archive:
        parts: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}

    @bounded
    @given(mutated(bytes(parts[part])))
    def check(data: bytes) -> None:
        survive(made.package({**parts, part: data}), f"方案.{name}")

    check()


WORDS = st.sampled_from(
    ("序号", "工作任务", "责任单位", "牵头单位", "配合单位", "完成时限", "1", "2.", "（一）", "一、加强公开", "县财政局", "县司法局牵头，各科室配合",
     "及时公开预算。", "1．公开；2．解读。", "6月底前", "/", "无", "同上", "", "\n", "每季度", "（责任单位：县财政局）", "2031-06-30", "①", "｜", "附件1", "县财政局 \uf0b7",
     "\ue553 ①县司法局", "县财政局（含\n分局）")
)  # fmt: skip


@settings(bounded, max_examples=150)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=8),
    st.sampled_from(("docx", "tab", "pipe", "csv", "blank", "lines", "html")),
)
def test_tables_of_usual_words(rows: list[list[str]], form: str) -> None:
    """Well-formed files that make no sense."""
    if form == "docx":
        survive(made.docx(made.table(*("".join(made.cell(t) for t in row) for row in rows))), "a.docx")
    elif form == "html":
        survive(made.plan_html(rows).encode(), "a.html")
    else:
        mark = {"tab": "\t", "pipe": "|", "csv": ",", "blank": "   ", "lines": "\n\t"}[form]
        survive("\n".join(mark.join(row) for row in rows).encode(), "a.csv" if form == "csv" else "a.txt")


@settings(bounded, max_examples=100)
@given(st.text(max_size=400), st.sampled_from(("utf-8", "utf-16", "utf-16-be", "gb18030")))
def test_any_text(text: str, encoding: str) -> None:
    survive(text.encode(encoding, "replace"), "a.txt")


@pytest.mark.parametrize(
    "owner", ["县财政局 \ue553", "\uf06c 县财政局", "县财政局\n\ue8ff", "县财政局、\uf0b7 县司法局"]
)
def test_private_characters_of_symbol_fonts(owner: str) -> None:
    """Bullets of Wingdings and Symbol come as characters of the private area."""
    rows = [*made.ROWS, ("4", "及时公开本级权责清单。", owner)]
    plan = plan_of(read_bytes(made.plan_docx(rows), "a.docx"))
    assert "县财政局" in plan.tasks[3].lead
