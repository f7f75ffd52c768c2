"""Word documents (.docx): the grid of cells straight from the file's own XML, merges and numbering included.

WordprocessingML is read directly because what matters here (gridSpan, vMerge, gridBefore, automatic numbers,
tracked deletions) is in the XML and not in the object model of the usual libraries.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gongkai.papers.grid import Paper, Para, Table, build_table
from gongkai.papers.limits import MAX_SPAN, MAX_TABLE_CELLS, open_zip, part, refuse_large
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.seams import columns_of, place
from gongkai.papers.wordnumbers import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = {
    W + n
    for n in (
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "rPr",
        "pPr",
        "footnoteReference",
        "commentReference",
    )
}
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-"}


def parse_xml(data: bytes) -> Any:
    """Parse XML without entities, network or unbounded depth."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False, remove_comments=True
    )
    return etree.fromstring(data, parser)


def read_docx(data: bytes) -> Paper:
    """Read a .docx: paragraphs and tables in order. Raises `PaperRefused` when it is not a whole Word file."""
    archive = open_zip(data)
    name = _main_part(archive)
    raw = part(archive, name)
    if raw is None:
        raise PaperRefused("文件不完整，缺少 Word 正文；请让发件人重新发送，或用 WPS/Word 打开后另存再试。")
    if STRICT[1:-1].encode() in raw[:4000]:
        raw = raw.replace(STRICT[1:-1].encode(), W[1:-1].encode())
    refuse_large(raw.count(b"<w:tr ") + raw.count(b"<w:tr>"), raw.count(b"<w:tc>") + raw.count(b"<w:tc "))
    refuse_large(0, raw.count(b"<w:p>") + raw.count(b"<w:p "))
    root = parse_xml(raw)
    body = root.find(W + "body")
    if body is None:
        raise PaperRefused("文件不完整，缺少 Word 正文；请让发件人重新发送，或用 WPS/Word 打开后另存再试。")
    folder = posixpath.dirname(name)
    styles = part(archive, posixpath.join(folder, "styles.xml"))
    numbers = part(archive, posixpath.join(folder, "numbering.xml"))
    numbering = Numbering(parse_xml(styles) if styles else None, parse_xml(numbers) if numbers else None)
    return Paper(list(_blocks(body, numbering)), "docx")


def _main_part(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "word/document.xml" in names:
        return "word/document.xml"
    for name in names:
        if name.lower().endswith("word/document.xml"):
            return name
    raise PaperRefused("文件不完整，缺少 Word 正文；请让发件人重新发送，或用 WPS/Word 打开后另存再试。")


def _children(node: Any) -> Iterator[Any]:
    """Block children with the wrappers that carry no meaning here opened."""
    for child in node:
        if child.tag in (W + "sdt", W + "customXml", W + "smartTag", W + "ins", W + "moveTo"):
            inner = child.find(W + "sdtContent") if child.tag == W + "sdt" else child
            if inner is not None:
                yield from _children(inner)
        elif child.tag == MC + "AlternateContent":
            choice = child.find(MC + "Choice")
            if choice is not None:
                yield from _children(choice)
        else:
            yield child


def _blocks(node: Any, numbering: Numbering, in_cell: bool = False) -> Iterator[Para | Table]:
    for child in _children(node):
        if child.tag == W + "p":
            text = paragraph_text(child, numbering, in_cell)
            if text.strip():
                yield Para(text, numbering.outline(child))
            for box in _text_boxes(child):
                yield from _blocks(box, numbering)
        elif child.tag == W + "tbl":
            table, nested = _table(child, numbering)
            if table.rows:
                yield table
            yield from nested


def _text_boxes(paragraph: Any) -> list[Any]:
    # A text box is stored twice (drawing and fallback picture): only the first is content.
    return [
        b for b in paragraph.iter(W + "txbxContent") if not any(a.tag == MC + "Fallback" for a in b.iterancestors())
    ]


def paragraph_text(paragraph: Any, numbering: Numbering, in_cell: bool = False) -> str:
    """The visible text of a paragraph, with its automatic number before it.

    In a table cell an empty paragraph with a number is printed too: the usual way to fill a column of 序号.
    """
    pieces: list[str] = []
    _collect(paragraph, pieces)
    text = "".join(pieces)
    if text.strip() or in_cell:
        label = numbering.label(paragraph)
        if label:
            return label + text.lstrip()
    return text


def _collect(node: Any, pieces: list[str]) -> None:
    for child in node:
        tag = child.tag
        if tag == W + "t":
            pieces.append(child.text or "")
        elif tag in _BREAKS:
            # A page break inside a paragraph is no line end of the author's.
            if tag == W + "br" and child.get(W + "type") in ("page", "column"):
                continue
            pieces.append(_BREAKS[tag])
        elif tag == W + "r":
            properties = child.find(W + "rPr")
            vanish = properties.find(W + "vanish") if properties is not None else None
            if vanish is None or vanish.get(W + "val") in ("0", "false", "off"):
                _collect(child, pieces)
        elif tag == MC + "AlternateContent":
            choice = child.find(MC + "Choice")
            if choice is not None:
                _collect(choice, pieces)
        elif tag in _DROPPED or tag == W + "txbxContent" or not isinstance(tag, str):
            continue
        elif len(child):
            _collect(child, pieces)


def _number(node: Any, path: str, default: int) -> int:
    found = node.find(path) if node is not None else None
    try:
        return int(found.get(W + "val")) if found is not None else default
    except (TypeError, ValueError):
        return default


def _edges(node: Any) -> list[float]:
    """Places of the grid's seams from the widths that the table declares."""
    edges = [0.0]
    grid = node.find(W + "tblGrid")
    for column in grid if grid is not None else ():
        if column.tag == W + "gridCol":
            try:
                width = float(column.get(W + "w") or 0)
            except ValueError:
                width = 0.0
            edges.append(edges[-1] + max(width, 1.0))
    return edges


@dataclass(slots=True)
class _Raw:
    """A cell as the file has it: its place between seams, its text, and how it is merged downwards."""

    left: int
    right: int
    text: str
    merge: str | None


def _table(node: Any, numbering: Numbering) -> tuple[Table, list[Para | Table]]:
    nested: list[Para | Table] = []
    rows: list[list[_Raw]] = []
    for row in _children(node):
        if row.tag != W + "tr":
            continue
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        inner: list[Para | Table] = []
        cells = _raw_row(row, properties, numbering, inner)
        said = [c.text.strip() for c in cells if c.text.strip()]
        if any(isinstance(b, Table) for b in inner) and len(said) == 1 and len(said[0]) <= 30 and len(cells) > 1:
            # A table only for layout: on the left a heading, beside it the table that belongs to it.
            nested += [Para(said[0]), *inner]
            continue
        rows.append(cells)
        nested += inner
    edges = _edges(node)
    while len(edges) <= max((c.right for r in rows for c in r), default=0):
        edges.append(edges[-1] + (edges[-1] / max(len(edges) - 1, 1) if len(edges) > 1 else 1.0))
    columns = columns_of([[(edges[c.left], edges[c.right]) for c in r] for r in rows])
    if len(rows) * len(columns) > MAX_TABLE_CELLS:
        raise PaperRefused("表格过大，不像是分工方案；请只截取分工表所在的部分。")
    return _settled(rows, edges, columns), nested


def _raw_row(row: Any, properties: Any, numbering: Numbering, nested: list[Para | Table]) -> list[_Raw]:
    cells: list[_Raw] = []
    column = _number(properties, W + "gridBefore", 0) if properties is not None else 0
    column = min(max(column, 0), MAX_SPAN)
    for cell in _children(row):
        if cell.tag != W + "tc":
            continue
        tc = cell.find(W + "tcPr")
        span = min(max(_number(tc, W + "gridSpan", 1), 1), MAX_SPAN)
        hmerge = tc.find(W + "hMerge") if tc is not None else None
        vmerge = tc.find(W + "vMerge") if tc is not None else None
        if hmerge is not None and hmerge.get(W + "val") != "restart" and cells:
            cells[-1].right += span
            column += span
            continue
        text, inner = _cell_content(cell, numbering)
        nested += inner
        merge = None if vmerge is None else (vmerge.get(W + "val") or "continue")
        cells.append(_Raw(column, column + span, text, merge))
        column += span
    return cells


def _settled(rows: list[list[_Raw]], edges: list[float], columns: list[tuple[float, float]]) -> Table:
    """Cells in their columns; a cell merged downwards goes on the one that began above it in the same column."""
    anchors: list[list[Any]] = []  # [row, column, rowspan, colspan, text]
    above: dict[int, list[Any]] = {}
    for r, row in enumerate(rows):
        open_here: dict[int, list[Any]] = {}
        taken: dict[int, list[Any]] = {}
        for cell in row:
            first, count = place((edges[cell.left], edges[cell.right]), columns)
            going_on = above.get(first) if cell.merge == "continue" else None
            if going_on is not None and going_on[3] != count:
                going_on = None
            if first in taken:
                # Split once more than other rows: one cell of the table.
                taken[first][4] = f"{taken[first][4]}\n{cell.text}".strip()
                continue
            if going_on is not None:
                going_on[2] += 1
                entry = going_on
            else:
                entry = [r, first, 1, count, cell.text]
                anchors.append(entry)
                taken |= dict.fromkeys(range(first, first + count), entry)
            if cell.merge is not None:
                open_here[first] = entry
        above = open_here
    return build_table([tuple(a) for a in anchors], height=len(rows), width=len(columns))


def _cell_content(cell: Any, numbering: Numbering) -> tuple[str, list[Para | Table]]:
    lines: list[str] = []
    nested: list[Para | Table] = []
    for block in _blocks(cell, numbering, True):
        if isinstance(block, Para):
            lines.append(block.text.strip())
        else:
            nested.append(block)
    return "\n".join(lines), nested
