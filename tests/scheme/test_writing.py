"""What is written in the official form is read back the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.scheme.reading import Line, line_of, read_directory, write_directory, write_template
from tests.scheme import rendering
from tests.scheme.directories import ALL

FORM = ["number", "level1", "level2", "content", "basis", "limit", "owner", "channels", "audience_all"]
FORM += ["audience_group", "proactive", "on_request", "county", "township"]


def test_the_template_reads_back(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx")
    directory = read_directory(tmp_path / "a.xlsx")
    assert directory.columns == FORM
    assert directory.lines == [] and directory.doubts == ["表头齐全，但没有一行内容"]
    assert directory.title == "基层政务公开标准目录"


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("name", ALL)
def test_a_directory_read_and_written_says_the_same(name: str, suffix: str, tmp_path: Path) -> None:
    read = read_directory(rendering.docx(ALL[name][0], tmp_path / "a.docx")).lines
    write_directory(read, tmp_path / f"b.{suffix}")
    again = read_directory(tmp_path / f"b.{suffix}").lines
    assert again == read
    assert all("承上行" not in d for x in again for d in x.doubts)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="只能导出"):
        write_directory([], tmp_path / "a.pdf")


_LETTERS = "政策文件公开信息县局乡镇办理全文标准abcXY019（）《》、；。：=+-·“”① ,.\n同上无"
_words = st.text(_LETTERS, max_size=24)
_name = st.text("政策文件公开信息县局乡镇办理事项", min_size=1, max_size=8)
_limits = st.sampled_from(["", "及时公开", "信息形成之日起20个工作日内", "按季度公开", "每年3月底前", "看情况"])
_ways = st.lists(
    st.sampled_from(["■政府网站", "□政府公报", "□发布会/听证会", "政府网站", "村公示栏（电子屏）"]), max_size=3
)
_tick = st.sampled_from(["", "√"])


@st.composite
def _lines(draw: st.DrawFn) -> Line:
    texts = {role: draw(_tick) for role in ("audience_all", "proactive", "on_request", "county", "township", "village")}
    texts |= {"number": draw(st.sampled_from(["", "1", "2", "0305", "一"])), "level1": draw(_words)}
    texts |= {"level2": draw(_words), "content": draw(_name) + draw(_words), "basis": draw(_words)}
    texts |= {"limit": draw(_limits), "owner": draw(_words), "channels": "\n".join(draw(_ways))}
    texts |= {"audience_group": draw(st.sampled_from(["", "√", "学生家长", "（低保户）"])), "remark": draw(_words)}
    texts |= {"process": draw(st.sampled_from(["", "决策", "执行、结果"])), "form": draw(_words)}
    texts |= {"level3": draw(_words)}
    return line_of(texts, draw(st.sampled_from(["", "义务教育", "国有土地上房屋征收与补偿", "殡葬"])))


@settings(max_examples=40, deadline=None)
@given(st.lists(_lines(), min_size=1, max_size=5), st.sampled_from(["xlsx", "docx"]))
def test_what_is_written_is_read(lines: list[Line], suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        write_directory(lines, path)
        assert read_directory(path).lines == lines
