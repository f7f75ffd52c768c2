"""GB/T 9704-2012 read back from the files, and every letter through a real LibreOffice."""

from __future__ import annotations

import io
import shutil
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm

from gongkai.base.issues import Refused
from gongkai.cases.letters import fill, kinds, sample, template, to_pdf, to_pdfs
from gongkai.cases.letters import office as letters_office
from tests.cases.letters.given import FIELDS


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


@pytest.mark.parametrize("code", list(kinds()))
@pytest.mark.parametrize("filled", [False, True])
def test_the_page(code: str, filled: bool) -> None:
    """A4; 37 mm above, 28 mm left; type area 156 × 225 mm; page numbers outside, — 1 —, in 四号宋体."""
    document = opened(fill(code, sample(code)) if filled else template(code))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / Mm(1)) == 225
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        number = footer.paragraphs[0]
        assert number.text.replace(" PAGE ", "") == "— 1 —" and number.alignment == side
        assert {r.font.size.pt for r in number.runs} == {14.0} and {r.font.name for r in number.runs} == {"宋体"}
        assert [e.text for e in number._element.iter(qn("w:instrText"))] == [" PAGE "]


def test_22_lines_of_28_characters() -> None:
    """28.95 pt a line: 22 lines are 636.9 pt of 637.8. 三号 a quarter of a point closer: 28 characters are 441 of 442.2."""
    normal = opened(template("disclosed")).styles["Normal"]
    assert normal.font.size.pt == 16.0
    assert normal.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert round(normal.paragraph_format.line_spacing.pt, 2) == 28.95
    closer = normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))
    assert 28 * (16 + int(closer) / 20) <= 156 / 25.4 * 72 < 29 * (16 + int(closer) / 20)


@pytest.mark.parametrize("code", [k.code for k in kinds().values() if not k.table])
def test_title_text_and_date(code: str) -> None:
    document = opened(fill(code, sample(code)))
    paragraphs = document.paragraphs
    east = qn("w:eastAsia")
    for title in paragraphs[:2]:
        assert title.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert title.runs[0].font.size.pt == 22.0
        assert title.runs[0]._element.rPr.rFonts.get(east) == "方正小标宋简体"
    addressee = next(
        p for p in paragraphs if p.text.endswith("：") and p.text[:-1] in ("林知远", sample(code).get("party"))
    )
    at = paragraphs.index(addressee)
    assert addressee._element.pPr is None or addressee._element.pPr.ind is None
    first = paragraphs[at + 1]
    assert first.runs[0].font.size.pt == 16.0
    assert first.runs[0]._element.rPr.rFonts.get(east) == "仿宋_GB2312"
    assert first._element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    date = next(p for p in paragraphs if p.text == f"2026年3月{sample(code)['decided'].day}日")  # type: ignore[union-attr]
    assert date.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert date._element.pPr.ind.get(qn("w:rightChars")) == "400"
    assert [p.text for p in paragraphs[paragraphs.index(date) - 2 : paragraphs.index(date)]] == [
        "青禾县教育体育局",
        "（印章）",
    ]
    for paragraph in paragraphs:
        if paragraph.text.startswith(("一、", "二、", "三、", "四、")):
            assert paragraph.runs[0]._element.rPr.rFonts.get(east) == "黑体"


@pytest.mark.parametrize("code", [k.code for k in kinds().values() if k.table])
def test_a_form_fills_the_type_area(code: str) -> None:
    (table,) = opened(fill(code, sample(code))).tables
    assert round(sum(c.width.mm for c in table.columns)) == 156
    for row in table.rows:
        assert len(row._tr.tc_lst) in (2, 4)
        assert all(tc.p_lst for tc in row._tr.tc_lst)


def test_a_cell_whose_list_is_empty_still_opens() -> None:
    given = FIELDS | {"attachments": []}
    (table,) = opened(fill("approval", given)).tables
    assert all(tc.p_lst for row in table.rows for tc in row._tr.tc_lst)


# Pages of the samples. Where the fonts of the standard are missing others stand in, and a line may break elsewhere.
ONE = {
    "registration", "third_party_confirm", "service", "approval", "proactive",
    "third_party_applicant", "withdrawn", "co_producer", "assist", "amend_transfer",
}  # fmt: skip


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_every_letter_becomes_a_pdf() -> None:
    import pypdfium2

    made = to_pdfs({code: fill(code, sample(code)) for code in kinds()}, timeout=300)
    assert made is not None and set(made) == set(kinds())
    for code, data in made.items():
        pages = list(pypdfium2.PdfDocument(data))
        texts = [page.get_textpage().get_text_range() for page in pages]
        text = "".join(texts).replace("\r\n", "")
        assert kinds()[code].title in text, code
        assert len(pages) == 1 if code in ONE else len(pages) <= (3 if code == "partial" else 2), (code, len(pages))
        for number, page in enumerate(texts, 1):
            assert f"— {number} —" in page, code
            assert len(page.strip()) > 40, f"a page with nothing but a date: {code}"
        assert [round(x * 25.4 / 72) for x in pages[0].get_size()] == [210, 297]


def test_without_libreoffice_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters_office, "soffice", lambda: None)
    assert to_pdf(b"x") is None


def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """With everything it started: soffice is a script, the work is done by its child."""
    seen = tmp_path / "child"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {seen}\nwait\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(letters_office, "soffice", lambda: str(program))
    with pytest.raises(Refused) as refused:
        to_pdf(b"x", timeout=1)
    assert [i.rule for i in refused.value.issues] == ["letter.pdf"]
    child = seen.read_text("utf-8").strip()
    from pathlib import Path

    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text("utf-8").split()[2] == "Z"
