"""The built-in templates: from the tables to .docx at the measures of GB/T 9704-2012.

A4; above 37 mm, left 28 mm, type area 156 × 225 mm; 22 lines of 28 characters, so 28.95 pt from line to line. Title in
小标宋 of 二号 (22 pt), text in 仿宋 of 三号 (16 pt), headings in 黑体, page number in 宋体 of 四号 (14 pt).
Each paragraph is one run, so that a tag is never split where a clerk cannot see it.
"""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.cases.letters.kinds import LetterKind
from gongkai.cases.letters.package import pack, unpack

TITLE_FONT, BODY_FONT, HEAD_FONT, PAGE_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
TITLE, BODY, PAGE, TABLE = 22.0, 16.0, 14.0, 12.0
PITCH = 28.95
TABLE_PITCH = 20.0
COLUMNS = (34, 44, 34, 44)
"""Widths of a form in mm, together the type area."""

_CLOSER = -5
"""156 mm for 28 characters is 15.79 pt each: 三号 set closer by a quarter of a point, in twentieths.

A grid of characters would say the same, but LibreOffice gives a character that is wider than its cell two cells.
"""
_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "Footer"}
_SPARE = re.compile(r"word/(numbering|webSettings)\.xml$")


def draw(kind: LetterKind) -> bytes:
    """The built-in template of a letter, the same bytes each time."""
    document: Any = Document()
    _styles(document)
    _page(document)
    if kind.table:
        _form(document, kind)
    else:
        _letter(document, kind)
    held = io.BytesIO()
    document.save(held)
    return pack(unpack(held.getvalue()), kind.title, also=_SPARE)


def _styles(document: Any) -> None:
    """Only the styles in use; the text's own as 正文, so that what a clerk adds looks like the rest."""
    root = document.styles.element
    for style in list(root.iter(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _STYLES:
            root.remove(style)
        else:
            for link in style.findall(qn("w:link")):
                style.remove(link)
    fonts = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for one in list(fonts):
        fonts.remove(one)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    fonts.append(language)
    normal = document.styles["Normal"]
    _font(normal.element.get_or_add_rPr(), BODY_FONT)
    normal.font.size = Pt(BODY)
    _closer(normal.element.get_or_add_rPr(), _CLOSER)
    _spacing(normal.paragraph_format, PITCH)
    # The exact pitch makes the lines, a grid besides would give a title two of them; and no gaps around digits.
    for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        off = OxmlElement(f"w:{name}")
        off.set(qn("w:val"), "0")
        normal.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")
    for name in ("Header", "Footer"):
        style = document.styles[name]
        for stops in style.element.iter(qn("w:tabs")):
            stops.getparent().remove(stops)
            break
        _spacing(style.paragraph_format, PITCH)


def _font(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # else Word sets Chinese quotation marks half as wide


def _spacing(form: Any, pitch: float) -> None:
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    form.widow_control = False  # the standard counts lines, a page is always full


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(23)  # a line of 四号 is 5 mm high and stands 7 mm below the type area
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    grid = OxmlElement("w:docGrid")
    for name, value in (("type", "lines"), ("linePitch", str(round(PITCH * 20)))):
        grid.set(qn(f"w:{name}"), value)
    section._sectPr.append(grid)
    # Odd pages have their number at the right, even ones at the left, one character from the edge.
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, "right")
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, "left")


def _number(paragraph: Any, side: Any, edge: str) -> None:
    paragraph.alignment = side
    _spacing(paragraph.paragraph_format, PAGE)
    _indent(paragraph, PAGE, **{edge: 1.0})
    _run(paragraph, "— ", PAGE_FONT, PAGE)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        run = _run(paragraph, text if kind == "text" else "", PAGE_FONT, PAGE)
        if kind == "text":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._element.append(part)
    _run(paragraph, " —", PAGE_FONT, PAGE)


def _run(paragraph: Any, text: str, font: str = BODY_FONT, size: float = BODY) -> Any:
    run = paragraph.add_run(text)
    _font(run._element.get_or_add_rPr(), font)
    run.font.size = Pt(size)
    if size != BODY:
        _closer(run._element.rPr, 0)
    return run


def _closer(properties: Any, twentieths: int) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")


def _indent(paragraph: Any, size: float, **characters: float) -> None:
    """Indents in characters, which Word and WPS keep when the size changes, and in points for the others."""
    properties = paragraph._element.get_or_add_pPr().get_or_add_ind()
    for name, count in characters.items():
        properties.set(qn(f"w:{name}Chars"), str(round(count * 100)))
        properties.set(qn(f"w:{name}"), str(round(count * size * 20)))


def _line(document: Any, text: str = "", *, font: str = BODY_FONT, size: float = BODY, **indent: float) -> Any:
    paragraph = document.add_paragraph()
    if indent:
        _indent(paragraph, size, **indent)
    if text:
        _run(paragraph, text, font, size)
    return paragraph


def _centred(document: Any, text: str, font: str, size: float) -> Any:
    paragraph = _line(document, text, font=font, size=size)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _letter(document: Any, kind: LetterKind) -> None:
    """发文机关, title, 发文字号, addressee, text, 附件说明, organ, place of the seal, date, 附注."""
    _centred(document, "{{ organ }}", TITLE_FONT, TITLE)
    _centred(document, kind.title, TITLE_FONT, TITLE)
    if kind.numbered:
        _centred(document, "{{ number }}", BODY_FONT, BODY)
    _line(document)
    _line(document, "{{ addressee }}：" if kind.to == "applicant" else "{{ party }}：")
    for text in kind.body:
        if text.startswith("# "):
            _line(document, text[2:], font=HEAD_FONT, firstLine=2).paragraph_format.keep_with_next = True
        else:
            last = _line(document, text, firstLine=2)
    # A date and a seal never stand alone on a page (GB/T 9704-2012 7.3.5).
    last.paragraph_format.keep_with_next = True
    if "attachments" in kind.fields:
        _line(document, "{%p if attachments %}")
        _line(document).paragraph_format.keep_with_next = True
        _line(document, "{%p for one in attachments %}")
        _line(
            document,
            "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ loop.index }}. {{ one|bare }}",
            left=6.5,
            hanging=4.5,
        ).paragraph_format.keep_with_next = True
        _line(document, "{%p endfor %}")
        _line(document, "{%p endif %}")
    _line(document).paragraph_format.keep_with_next = True
    _seal(document)
    if "organ_phone" in kind.fields:
        _line(document, "{%p if organ_phone %}")
        _line(
            document,
            "（{% if contact %}联系人：{{ contact }}，{% endif %}联系电话：{{ organ_phone }}"
            "{% if organ_address %}，地址：{{ organ_address|bare }}{% endif %}）",
            firstLine=2,
        ).paragraph_format.keep_together = True
        _line(document, "{%p endif %}")


def _seal(document: Any) -> None:
    """The organ's name and the place of its seal in the middle above the date, the date four characters from the right."""
    for text in ("{{ organ }}", "（印章）"):
        # A date is about 6.5 characters wide: its middle, 7.25 from the right, is the middle of these 14.5.
        paragraph = _line(document, text, left=13.5)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
    date = _line(document, "{{ decided|date }}", right=4)
    date.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    date.paragraph_format.keep_with_next = True


def _form(document: Any, kind: LetterKind) -> None:
    """A title and a table; a form that others fill in bears their names, not ours, at its head."""
    if kind.to != "third_party":
        _centred(document, "{{ organ }}", TITLE_FONT, TITLE)
    _centred(document, kind.title, TITLE_FONT, TITLE)
    _line(document)
    table = document.add_table(rows=len(kind.table), cols=len(COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, COLUMNS, strict=True):
        column.width = Mm(width)
    for row, made in zip(kind.table, table.rows, strict=True):
        cells = list(made.cells)
        for cell, width in zip(cells, COLUMNS, strict=True):
            cell.width = Mm(width)
        if len(row.cells) < len(COLUMNS):
            cells[len(row.cells) - 1] = cells[len(row.cells) - 1].merge(cells[-1])
        if row.height:
            made.height, made.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for at, text in enumerate(row.cells):
            _cell(cells[at], text, label=at % 2 == 0)


def _cell(cell: Any, text: str, *, label: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for paragraph in cell.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)
    for at, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        _spacing(paragraph.paragraph_format, TABLE_PITCH)
        if label:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, line, HEAD_FONT if label else BODY_FONT, TABLE)
