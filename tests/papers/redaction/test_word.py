"""Word files: every corner, the seams of runs, what stays."""

from __future__ import annotations

import io
import shutil
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.papers import PaperRefused
from gongkai.papers.office import convert
from gongkai.papers.redaction import Cover, Picture, find, list_of_covered, pictures, redact
from gongkai.papers.redaction.matching import folded
from tests.papers import made
from tests.papers.redaction.bytewise import in_package
from tests.papers.redaction.papers import ID, NAME, field, paragraph, run, word

COVERS = [Cover(NAME, "个人隐私", "条例第十五条"), Cover(ID, "个人隐私")]


def shown(data: bytes) -> str:
    """What the office's own library reads."""
    import docx

    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_every_corner() -> None:
    original = word()
    before = bytes(original)
    out = redact(original, f"{NAME}答复.docx", COVERS)
    assert original == before
    assert in_package(out.data, NAME) == []
    assert in_package(out.data, ID) == []
    text = shown(out.data)
    for kept in (
        "关于信访事项的答复",
        "五百元",
        "查看原件",
        "网上公开",
        "书签处",
        "控件里的字",
        "有批注的一段",
        "修订申请人",
    ):
        assert kept in text
    assert "申请人" + "█" * 5 + "，身份证号" + "█" * 18 + "。" in text
    assert NAME not in out.name and out.name.endswith(".docx")
    names = zipfile.ZipFile(io.BytesIO(out.data)).namelist()
    assert not [
        n for n in names if "docProps" in n or "custom" in n or "embed" in n or "comment" in n or "unknown" in n
    ]
    assert b"PAGE" in zipfile.ZipFile(io.BytesIO(out.data)).read("word/footer1.xml")
    assert b"rsid" not in zipfile.ZipFile(io.BytesIO(out.data)).read("word/document.xml")


def test_places_are_named() -> None:
    places = {p.place for p in find(word(), "答复.docx", NAME)}
    for place in (
        "第2段",
        "表1第2行第1列",
        "页眉第1段",
        "脚注第1段",
        "批注第1段",
        "文本框1第1段",
        "文件属性",
        "文件内部数据",
    ):
        assert place in places
    assert any("修订前" in p for p in places) and any("域代码" in p for p in places)
    one = next(p for p in find(word(), "答复.docx", NAME) if p.place == "第2段")
    assert (one.text, one.before, one.after[:3]) == ("欧阳明 月", "申请人", "，身份")


def test_the_list_never_holds_what_was_covered() -> None:
    out = redact(word(), "答复.docx", COVERS)
    lines = list_of_covered(out.covered)
    assert "第2段：遮盖5个字；理由：个人隐私；依据：条例第十五条" in lines
    assert NAME not in "".join(lines) + "".join(out.notes) and NAME not in repr(out.covered)
    assert any(line.startswith("隐藏文字：") for line in lines) and any(line.startswith("内嵌对象：") for line in lines)


def test_hidden_text_can_be_shown() -> None:
    out = redact(word(), "答复.docx", COVERS, hidden="show")
    assert "可见隐藏████" in shown(out.data)
    assert in_package(out.data, NAME) == []


def test_what_is_found_nowhere_is_refused() -> None:
    with pytest.raises(PaperRefused, match=r"王小二.*没有找到"):
        redact(word(), "答复.docx", [*COVERS, Cover("王小二", "隐私")])


def test_again_and_further() -> None:
    first, second = redact(word(), "a.docx", COVERS), redact(word(), "a.docx", COVERS)
    assert first.data == second.data
    third = redact(first.data, "a.docx", [Cover("五百元", "商业秘密")])
    assert in_package(third.data, "五百元") == [] and "█" * 18 in shown(third.data)
    with pytest.raises(PaperRefused, match="没有找到"):
        redact(first.data, "a.docx", COVERS)


def test_over_lines_and_widths() -> None:
    data = made.docx(paragraph(run("幸福路")) + paragraph(run("１２号ＡＢ")) + paragraph(run("余下")))
    out = redact(data, "a.docx", [Cover("幸福路\n12号", "隐私"), Cover("ab", "隐私")])
    assert shown(out.data) == "███\n█████\n余下"
    assert out.covered[0].place == "第1段至第2段"


def test_fields_show_what_they_showed() -> None:
    inner = field(f"REF {NAME}", "内")
    data = made.docx(paragraph(run("前"), field(f'IF "{NAME}" = "x" ', "结果"), inner, run("后")))
    out = redact(data, "a.docx", [Cover(NAME, "隐私")])
    assert shown(out.data) == "前结果内后" and in_package(out.data, NAME) == []


def test_the_reading_over_a_sign_goes_too() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('zhāng')}</w:rt><w:rubyBase>{run('张')}</w:rubyBase></w:ruby></w:r>"
    out = redact(made.docx(paragraph(ruby, run("三说"))), "a.docx", [Cover("张三", "隐私")])
    assert in_package(out.data, "zhāng") == [] and in_package(out.data, "张三") == []


def test_pictures_by_number() -> None:
    assert pictures(word(), "a.docx") == 1
    out = redact(word(), "a.docx", [*COVERS, Picture(1, "含身份证照片")])
    assert zipfile.ZipFile(io.BytesIO(out.data)).read("word/media/image1.png")[:4] == b"\x89PNG"
    with pytest.raises(PaperRefused, match="第2幅"):
        redact(word(), "a.docx", [Picture(2, "照片")])


SIGNS = st.text("张三李四王五 　\u200b１1aAＡ-·", min_size=1, max_size=14)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(SIGNS, min_size=1, max_size=5), min_size=1, max_size=4), st.data())
def test_random_runs(paragraphs: list[list[str]], data: st.DataObject) -> None:
    whole = "".join(data.draw(st.sampled_from(paragraphs)))
    start = data.draw(st.integers(0, len(whole) - 1))
    what = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    if not folded(what):
        return
    paper = made.docx("".join(paragraph(*map(run, texts)) for texts in paragraphs))
    out = redact(paper, "a.docx", [Cover(what, "隐私")])
    for before, after in zip(paragraphs, shown(out.data).split("\n"), strict=True):
        assert folded(what) not in folded(after)
        text = "".join(before)
        assert len(after) == len(text)
        assert all(b in (a, "█") for a, b in zip(text, after, strict=True))


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_opens_in_an_office_program() -> None:
    out = redact(word(), "a.docx", COVERS)
    pdf = convert(out.data, ".docx", "pdf")
    from gongkai.papers.redaction import find as look

    assert look(pdf, "a.pdf", "关于信访事项的答复") and look(pdf, "a.pdf", "五百元") and not look(pdf, "a.pdf", NAME)
