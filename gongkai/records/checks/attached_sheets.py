"""Excel files as attachments: every sheet, seen or not, and a copy with personal data covered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gongkai.papers.nodes import attribute, drop, local, named
from gongkai.papers.refusal import PaperRefused
from gongkai.records.checks import Finding, marks, personal, tables
from gongkai.records.checks.attached_word import grid_findings
from gongkai.records.checks.office_package import Package, strip_properties, sweep, written

MAX_CELLS = 3_000_000
_DROPPED = (
    r"xl/(?:comments\d*|threadedComments/.*|persons/.*|comments/.*)(?:\.xml)?|xl/drawings/vmlDrawing.*|xl/calcChain\.xml"
    r"|xl/externalLinks/.*|xl/pivotCache/.*|xl/pivotTables/.*|xl/embeddings/.*|xl/connections\.xml|xl/queryTables/.*"
    r"|xl/revisions/.*|xl/slicer.*|xl/timeline.*|xl/model/.*|xl/ctrlProps/.*"
)
_TAKEN_OUT = (
    "legacyDrawing",
    "legacyDrawingHF",
    "pivotCaches",
    "externalReferences",
    "oleObjects",
    "controls",
)


@dataclass(slots=True)
class Sheet:
    """One sheet: its cells by place (counted from 1), and which rows and columns nobody sees."""

    name: str
    part: str
    state: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    unseen: set[tuple[int, int]] = field(default_factory=set)

    def grid(self) -> tuple[list[int], list[int], list[list[str]]]:
        """Rows and columns that hold something, and their texts."""
        rows = sorted({r for r, _ in self.texts})
        columns = sorted({c for _, c in self.texts})
        return rows, columns, [[self.texts.get((r, c), "") for c in columns] for r in rows]


def letters(column: int) -> str:
    """28 → AB."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def _place(reference: str) -> tuple[int, int]:
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def sheets(package: Package) -> list[Sheet]:
    """Every sheet of the book, hidden ones as well. Raises PaperRefused when it is no whole book."""
    book = package.root("xl/workbook.xml")
    if book is None:
        raise PaperRefused("文件不完整或已损坏，无法打开；请用 WPS/Excel 打开后另存再上传。")
    strings = package.root("xl/sharedStrings.xml")
    shared = [_string(si) for si in strings] if strings is not None else []
    blind = _blind_styles(package.root("xl/styles.xml"))
    targets = package.targets("xl/workbook.xml")
    out = []
    total = 0
    for node in named(book, "sheet"):
        part = targets.get(attribute(node, "id"), ("", ""))[1]
        sheet = Sheet(node.get("name") or "", part, node.get("state") or "visible")
        root = package.root(part)
        if root is not None:
            _fill(sheet, root, shared, blind)
        total += len(sheet.cells)
        if total > MAX_CELLS:
            raise PaperRefused("表格过大，无法检查；请拆成几个文件再上传。")
        out.append(sheet)
    return out


def _string(node: Any) -> str:
    return "".join(
        t.text or "" for t in named(node, "t") if not any(local(a) == "rPh" for a in t.iterancestors())
    ).replace("_x000D_", "")


def _blind_styles(styles: Any) -> set[str]:
    """Numbers of the cell styles that show nothing (the form ;;;)."""
    if styles is None:
        return set()
    forms = {
        n.get("numFmtId")
        for n in named(styles, "numFmt")
        if re.fullmatch(r'\s*;+\s*|;;;(?:"")?', n.get("formatCode") or "")
    }
    group = next(named(styles, "cellXfs"), None)
    return {str(i) for i, x in enumerate(group if group is not None else ()) if x.get("numFmtId") in forms}


def _fill(sheet: Sheet, root: Any, shared: list[str], blind: set[str]) -> None:
    hidden_columns: list[tuple[int, int]] = []
    for column in named(root, "col"):
        if column.get("hidden") in ("1", "true") or column.get("width") in ("0", "0.0"):
            hidden_columns.append((int(column.get("min") or 0), int(column.get("max") or 0)))
    at_row = 0
    for row in named(root, "row"):
        at_row = int(row.get("r") or at_row + 1)
        hidden = row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0")
        at_column = 0
        for cell in row:
            if local(cell) != "c":
                continue
            at_column = _place(cell.get("r") or "")[1] or at_column + 1
            place = (at_row, at_column)
            sheet.cells[place] = cell
            text = _value(cell, shared)
            if text.strip():
                sheet.texts[place] = text.strip()
                if hidden or any(a <= at_column <= b for a, b in hidden_columns) or cell.get("s") in blind:
                    sheet.unseen.add(place)
    for merge in named(root, "mergeCell"):
        first, _, last = (merge.get("ref") or "").partition(":")
        (r1, c1), (r2, c2) = _place(first), _place(last)
        if (r2 - r1 + 1) * (c2 - c1 + 1) <= 100_000:
            covered = [p for p in sheet.texts if r1 <= p[0] <= r2 and c1 <= p[1] <= c2 and p != (r1, c1)]
            sheet.unseen.update(covered)


def _value(cell: Any, shared: list[str]) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _string(cell)
    value = next((n for n in cell if local(n) == "v"), None)
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    return tables.text_of(text) if kind == "n" else text


def look(package: Package) -> list[Finding]:
    """What is found in a workbook."""
    out: list[Finding] = []
    for sheet in sheets(package):
        where = f"工作表“{sheet.name}”"
        rows, columns, grid = sheet.grid()
        for one in grid_findings(grid, ""):
            place = re.sub(r"^第(\d+)行", lambda m: f"第{rows[int(m.group(1)) - 1]}行", one.where)  # noqa: B023
            place = re.sub(r"第(\d+)列$", lambda m: f"{letters(columns[int(m.group(1)) - 1])}列", place)  # noqa: B023
            out.append(Finding(one.rule, one.level, one.say, where + place, "", one.found, one.masked))
        for (r, c), text in sheet.texts.items():
            out += marks.find(text, where=f"{where}{letters(c)}{r}")
        if sheet.state != "visible" and sheet.texts:
            out.append(_hidden(where + "（整个表被隐藏）"))
        elif sheet.unseen:
            r, c = min(sheet.unseen)
            out.append(_hidden(f"{where}{letters(c)}{r}等{len(sheet.unseen)}个单元格"))
        out += _besides(package, sheet, where)
    for pattern, label in (
        (r"xl/comments.*\.xml|xl/threadedComments/.*", "批注"),
        (r"xl/pivotCache/.*\.xml", "数据透视表缓存"),
        (r"xl/externalLinks/.*\.xml", "外部链接缓存"),
    ):
        names = package.names(pattern)
        texts = [
            t
            for n in names
            for t in (
                *package.root(n).itertext(),
                *(attribute(x, "v") for x in package.root(n).iter() if isinstance(x.tag, str)),
            )
            if t.strip()
        ]
        if names:
            out.append(
                Finding(
                    f"attachment.{'comments' if label == '批注' else 'hidden'}",
                    "block",
                    f"文件里有{label}，公开前请删除。",
                    label,
                )
            )
        for text in texts:
            out += personal.findings(text, where=label)
    for node in named(package.root("xl/workbook.xml"), "definedName"):
        out += personal.findings(node.text or "", where="定义的名称")
    for name in package.names(r"xl/(?:drawings|charts|diagrams)/.*\.xml|xl/.*_rels/.*\.rels"):
        root = package.root(name)
        for text in [n.text or "" for n in named(root, "t", "v")] + list(written(root)):
            out += personal.findings(text, where="图形、图表或超链接")
            out += marks.find(text, where="图形、图表或超链接")
    return out


def _hidden(where: str) -> Finding:
    return Finding("attachment.hidden", "block", "隐藏的列、行或表里有内容，公开前请删除或取消隐藏。", where)


def _besides(package: Package, sheet: Sheet, where: str) -> list[Finding]:
    """What stands in a sheet besides its cells: headers and footers, formulas, links, rules for input."""
    root = package.root(sheet.part)
    out: list[Finding] = []
    for node in root.iter() if root is not None else ():
        name = local(node)
        if name in (
            "oddHeader",
            "oddFooter",
            "evenHeader",
            "evenFooter",
            "firstHeader",
            "firstFooter",
            "formula1",
            "f",
        ):
            out += personal.findings(node.text or "", where=where + ("公式" if name == "f" else "页眉页脚或校验"))
            if name != "f":
                out += marks.find(node.text or "", where=where + "页眉页脚")
        elif name in ("hyperlink", "dataValidation"):
            for text in written(node):
                out += personal.findings(text, where=where + "超链接或提示")
    return out


def cover(package: Package, masks: set[str]) -> None:
    """Cover personal data in place; take out what is hidden, comments, caches, formulas and properties."""
    book = package.root("xl/workbook.xml")
    every = sheets(package)
    seen = [s for s in every if s.state == "visible"]
    if not seen:
        raise PaperRefused("文件里没有可见的工作表；请取消隐藏要公开的表再上传。")
    for sheet in seen:
        _cover_sheet(package, sheet, masks)
    gone = {s.part for s in every if s.state != "visible"}
    for part in list(gone):
        gone |= {t for sort, t in package.targets(part).values() if sort in ("drawing", "table", "printerSettings")}
    gone |= set(package.names(_DROPPED))
    taken: tuple[str, ...] = _TAKEN_OUT
    if any(s.unseen for s in seen):
        # The head of a table must say what its definition says, and a hidden column has lost its heading.
        gone |= set(package.names(r"xl/tables/.*"))
        taken = (*_TAKEN_OUT, "tableParts")
    package.remove(gone)
    _keep_print_areas(book, [s.state == "visible" for s in every])
    for node in list(named(book, "sheet")):
        if (node.get("state") or "visible") != "visible":
            drop(node)
    for node in named(book, "workbookView"):
        for key in ("activeTab", "firstSheet"):
            node.attrib.pop(key, None)
    for name in ["xl/workbook.xml", *package.names(r"xl/(?:worksheets|chartsheets)/[^/]*\.xml")]:
        for node in list(named(package.root(name), *taken)):
            drop(node)
        for node in list(named(package.root(name), "AlternateContent")):
            drop(node)
    strings = package.root("xl/sharedStrings.xml")
    if strings is not None:
        _forget_strings(package, strings, seen)
    for name in package.names(r"xl/(?:drawings|charts|diagrams)/.*\.xml|xl/(?:.*/)?_rels/.*\.rels|xl/workbook\.xml"):
        sweep(package.root(name), masks)
    for sheet in seen:
        root = package.root(sheet.part)
        for node in root if root is not None else ():
            if local(node) not in ("sheetData", "cols", "mergeCells"):
                sweep(node, masks)
    strip_properties(package)


def _keep_print_areas(book: Any, shown: list[bool]) -> None:
    """Of the defined names only print areas and titles of visible sheets stay, by their new number."""
    for group in list(named(book, "definedNames")):
        for node in list(group):
            at = node.get("localSheetId") or ""
            place = int(at) if at.isdigit() else len(shown)
            if not (node.get("name") or "").startswith("_xlnm.Print_") or place >= len(shown) or not shown[place]:
                group.remove(node)
            else:
                node.set("localSheetId", str(sum(shown[:place])))
        if not len(group):
            drop(group)


def _cover_sheet(package: Package, sheet: Sheet, masks: set[str]) -> None:
    for place in sheet.unseen:
        cell = sheet.cells[place]
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        sheet.texts.pop(place, None)
    for cell in sheet.cells.values():
        for node in [n for n in cell if local(n) == "f"]:
            cell.remove(node)
    rows, columns, grid = sheet.grid()
    head = tables.heading_row(grid)
    covered = [[personal.clean(t, masks) if t else t for t in row] for row in grid[: head + 1]]
    if head >= 0:
        covered += tables.mask_rows(grid[head], grid[head + 1 :], masks)
    else:
        covered = [[personal.clean(t, masks) if t else t for t in row] for row in grid]
    for r, before, after in zip(rows, grid, covered, strict=True):
        for c, old, new in zip(columns, before, after, strict=True):
            if old != new and (r, c) in sheet.cells:
                _write(sheet.cells[(r, c)], new)


def _write(cell: Any, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    space = cell.tag[: cell.tag.index("}") + 1] if "}" in cell.tag else ""
    etree.SubElement(etree.SubElement(cell, space + "is"), space + "t").text = text


def _forget_strings(package: Package, strings: Any, seen: list[Sheet]) -> None:
    """Empty the shared strings that no cell shows any more: they would still hold what was covered or removed."""
    used: set[int] = set()
    for sheet in seen:
        for cell in sheet.cells.values():
            if cell.get("t") == "s":
                value = next((n for n in cell if local(n) == "v"), None)
                if value is not None and (value.text or "").isdigit():
                    used.add(int(value.text))
    for at, node in enumerate(list(strings)):
        if at not in used and local(node) == "si":
            tag = node.tag[: -len("si")] + "t"
            for child in list(node):
                node.remove(child)
            etree.SubElement(node, tag).text = ""
