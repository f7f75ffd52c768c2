"""A copy of a spreadsheet without what is covered: only values, only known parts, nothing hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gongkai.papers.nodes import attribute, drop, local, named
from gongkai.papers.redaction import images
from gongkai.papers.redaction.drawings import WRITTEN, broken_links, chart, plain_names
from gongkai.papers.redaction.matching import BLOCK, covered, folded, spans
from gongkai.papers.redaction.model import Covered, Needle, Picture
from gongkai.papers.redaction.package import BROKEN, Part, Source, parse, picture_numbers, pictures_of, write
from gongkai.papers.redaction.sheets import (
    Formats,
    Hidden,
    cells_of,
    child,
    column_letters,
    content,
    number_of,
    rich_slots,
)
from gongkai.papers.redaction.slots import cover_root, cover_slots, sweep, text_of
from gongkai.papers.refusal import PaperRefused

FOLLOW = {
    "workbook": frozenset(("worksheet", "chartsheet", "styles", "theme", "sharedStrings")),
    "worksheet": frozenset(("drawing",)),
    "chartsheet": frozenset(("drawing",)),
    "drawing": frozenset(("image", "chart")),
    "theme": frozenset(("image",)),
}
"""Which relations are followed; comments, pivot tables, links, queries, macros, printers hang on others."""
_SHEET = frozenset(
    (
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "mergeCells",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "drawing",
    )
)
"""What a sheet keeps. Validations, formats with conditions, filters and scenarios hold values or formulas."""
_STYLES = frozenset(("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "colors"))
_RANGE = re.compile(r"\$?[A-Z]{0,3}\$?\d{0,7}(?::\$?[A-Z]{0,3}\$?\d{0,7})?")
_HIDDEN = "隐藏的内容不提供"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class _Strings:
    """The string table of the copy: only what its cells use."""

    def __init__(self, held: list[Any], needles: Sequence[Needle], root: Any) -> None:
        self.held, self.single = held, [n.folded for n in needles]
        self.root = root
        self.size = 0
        self.known: dict[str, int] = {}
        self.moved: dict[int, int] = {}

    def item(self, number: int) -> int:
        """The place of a string of the original in the table of the copy."""
        if number not in self.moved:
            node = self.held[number] if number < len(self.held) else self.root.makeelement(_S + "si")
            for over in [n for n in node if local(n) in ("rPh", "phoneticPr", "extLst")]:
                node.remove(over)
            slots = rich_slots(node)
            cover_slots(slots, spans(text_of(slots), self.single))
            self.moved[number] = self._put(node)
        return self.moved[number]

    def plain(self, text: str) -> int:
        """The place of a text without forms."""
        if text not in self.known:
            node = self.root.makeelement(_S + "si")
            inner = node.makeelement(_S + "t")
            inner.text = text
            if text != text.strip():
                inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            node.append(inner)
            self.known[text] = self._put(node)
        return self.known[text]

    def _put(self, node: Any) -> int:
        # Counted here: the length of a parsed node is counted through its children each time.
        self.root.append(node)
        self.size += 1
        return self.size - 1


def redact(
    source: Source, needles: Sequence[Needle], pictures: Sequence[Picture], hidden: str
) -> tuple[bytes, list[Covered], list[str]]:
    """The copy, what was taken out besides the strings, and what a person has to look at."""
    main = source.graph("workbook", FOLLOW)
    gone: list[Covered] = []
    notes: list[str] = []
    order = pictures_of(main)
    picture_numbers(list(pictures), len(order))
    black = {id(order[p.number - 1]) for p in pictures}
    old = next((p for p in main.to.values() if p.sort == "sharedStrings"), None)
    held = [n for n in old.root if local(n) == "si"] if old is not None else []
    empty = parse(f'<sst xmlns="{_S[1:-1]}"/>'.encode())
    strings = _Strings(held, needles, empty)
    styles = next((p.root for p in main.to.values() if p.sort == "styles"), None)
    formats = Formats.of(styles, main.root)
    names = _sheets(main, needles, hidden, gone)
    uncounted = 0
    for part, shown in names.items():
        if part.sort == "worksheet":
            uncounted += _worksheet(part.root, f"工作表“{shown}”", strings, formats, needles, hidden, gone)
        _trim(part.root)
        plain_names(part.root)
        sweep_header(part.root, needles)
        broken_links(part)
    if old is not None:
        old.root = empty
    elif len(empty):
        main.to["rIdStrings"] = Part("sharedStrings", "", empty)
    for part in main.walk():
        if part.sort == "chart":
            chart(part, needles)
        elif part.sort == "drawing":
            gone += _drawing(part)
            plain_names(part.root)
            cover_root(part.root, needles, "t")
            sweep(part.root, needles, WRITTEN)
        elif part.sort == "styles":
            _plain_styles(part.root, needles)
        if part.root is not None and part.sort not in ("worksheet", "chartsheet"):
            broken_links(part)
    for number, part in enumerate(order, 1):
        if not images.clean(part, id(part) in black):
            gone.append(Covered(f"第{number}幅图片", "矢量图或认不出的图片，其中可能藏有文字", "", 0))
    if order:
        notes.append(f"文件里有{len(order)}幅图片，图片里的文字没有查找，请逐幅看过。")
    if uncounted:
        notes.append(f"有{uncounted}个公式没有保存计算结果，副本里是空的；请用 Excel 或 WPS 打开原文件、保存后再试。")
    notes.append("公式只留结果；批注、筛选、条件格式、数据有效性、透视表和外部链接（如有）已去掉。")
    return write(main), gone, notes


def _sheets(main: Part, needles: Sequence[Needle], hidden: str, gone: list[Covered]) -> dict[Part, str]:
    """Settle which sheets travel and under what names; the workbook part is written anew."""
    root = main.root
    out: dict[Part, str] = {}
    single = [n.folded for n in needles]
    taken: set[str] = set()
    rows: list[tuple[str, str]] = []
    moved: dict[int, tuple[int, str]] = {}
    for at, sheet in enumerate(list(named(root, "sheet"))):
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        name = attribute(sheet, "name")
        part = main.to.get(key)
        new = covered(name, single)
        while new.casefold() in taken:
            new = new[:28] + f"_{len(taken) + 1}"
        if attribute(sheet, "state") in ("hidden", "veryHidden") and hidden == "remove":
            main.to.pop(key, None)
            gone.append(Covered(f"工作表“{new}”", _HIDDEN, "", 0))
        elif part is not None and part not in out:
            taken.add(new.casefold())
            moved[at] = (len(rows), new)
            rows.append((new, key))
            out[part] = new
    if not rows:
        raise PaperRefused(BROKEN)
    main.root = _workbook(root, rows, moved)
    return out


def _workbook(root: Any, rows: list[tuple[str, str]], moved: dict[int, tuple[int, str]]) -> Any:
    office = next((k[1:].split("}")[0] for n in named(root, "sheet") for k in n.attrib if k.endswith("}id")), "")
    space = root.tag.rsplit("}", 1)[0] + "}"
    new = root.makeelement(root.tag, nsmap={None: space[1:-1], "r": office})
    for node in named(root, "workbookPr"):
        if attribute(node, "date1904"):
            new.append(new.makeelement(space + "workbookPr", date1904=attribute(node, "date1904")))
    views = new.makeelement(space + "bookViews")
    views.append(views.makeelement(space + "workbookView"))
    sheets = new.makeelement(space + "sheets")
    for number, (name, key) in enumerate(rows, 1):
        one = sheets.makeelement(space + "sheet", name=name, sheetId=str(number))
        one.set(f"{{{office}}}id", key)
        sheets.append(one)
    new.append(views)
    new.append(sheets)
    held = new.makeelement(space + "definedNames")
    for node in named(root, "definedName"):
        at = attribute(node, "localSheetId")
        if attribute(node, "name") in ("_xlnm.Print_Area", "_xlnm.Print_Titles") and at.isdigit() and int(at) in moved:
            number, name = moved[int(at)]
            ranges = [r.rsplit("!", 1)[-1] for r in (node.text or "").split(",")]
            if all(_RANGE.fullmatch(r) for r in ranges):
                one = held.makeelement(space + "definedName", name=attribute(node, "name"), localSheetId=str(number))
                quoted = name.replace("'", "''")
                one.text = ",".join(f"'{quoted}'!{r}" for r in ranges)
                held.append(one)
    if len(held):
        new.append(held)
    return new


def _worksheet(
    root: Any,
    label: str,
    strings: _Strings,
    formats: Formats,
    needles: Sequence[Needle],
    hidden: str,
    gone: list[Covered],
) -> int:
    """Cover cells, turn formulas into their values and see to what is hidden; formulas without a value are counted."""
    away = Hidden.of(root)
    empty = 0
    lost: dict[str, int] = {}
    at = 0
    for row in named(root, "row"):
        at = number_of(row, at)
        for column, cell in cells_of(row, at):
            if away.holds(at, column) and hidden == "remove":
                text, _ = content(cell, strings.held)
                if text:
                    place = f"第{at}行" if at in away.rows else f"{column_letters(column)}列"
                    lost[place] = lost.get(place, 0) + len(text)
                row.remove(cell)
                continue
            empty += _cell(cell, strings, formats, needles)
        if hidden != "remove":
            _show(row)
    for node in list(named(root, "col", "sheetFormatPr")) if hidden != "remove" else ():
        _show(node)
    gone += [Covered(f"{label}隐藏的{place}", _HIDDEN, "", length) for place, length in lost.items()]
    return empty


def _show(node: Any) -> None:
    for key in ("hidden", "collapsed", "zeroHeight"):
        node.attrib.pop(key, None)
    for key in ("ht", "width"):
        try:
            if float(node.get(key) or 1) == 0:
                del node.attrib[key]
                node.attrib.pop("customHeight", None)
                if key == "width":
                    node.set("width", "10")
        except ValueError:
            del node.attrib[key]


def _cell(cell: Any, strings: _Strings, formats: Formats, needles: Sequence[Needle]) -> int:
    text, number = content(cell, strings.held)
    sort = cell.get("t") or "n"
    formula = child(cell, "f")
    value = child(cell, "v")
    for node in list(cell):
        if node is not value:
            cell.remove(node)
    for key in ("cm", "vm", "ph"):
        cell.attrib.pop(key, None)
    if sort == "s":
        if value is not None and (value.text or "").strip().isdigit():
            _put(cell, value, strings.item(int(value.text)))
        else:
            cell.attrib.pop("t", None)
        return 0
    # Only a string of digits and their signs can be another form of a number.
    single, figures = [n.folded for n in needles], [n.folded for n in needles if n.figures]
    forms = formats.shown(text, cell.get("s") or "0") if number and figures else ()
    if spans(text, single):
        _put(cell, value, strings.plain(covered(text, single) if not number else BLOCK * len(text)))
    elif told := [f for f in forms if any(n in folded(f) for n in figures)]:
        _put(cell, value, strings.plain(BLOCK * max(map(len, told))))
    elif sort in ("str", "inlineStr"):
        if text:
            _put(cell, value, strings.plain(text))
        else:
            cell.attrib.pop("t", None)
            if value is not None:
                cell.remove(value)
    return int(formula is not None and not text)


def _put(cell: Any, value: Any, at: int) -> None:
    if value is None:
        value = cell.makeelement(cell.tag.rsplit("}", 1)[0] + "}v")
        cell.append(value)
    cell.set("t", "s")
    value.text = str(at)


def _trim(root: Any) -> None:
    for node in list(root):
        if local(node) not in _SHEET:
            root.remove(node)
    for node in named(root, "sheetPr"):
        node.attrib.clear()
        for inner in [n for n in node if local(n) not in ("tabColor", "outlinePr", "pageSetUpPr")]:
            node.remove(inner)
    for node in named(root, "sheetView"):
        for inner in [n for n in node if local(n) not in ("pane", "selection")]:
            node.remove(inner)
        node.attrib.pop("showFormulas", None)
    first = next((n for n in named(root, "sheetView")), None)
    if first is not None:
        first.attrib.pop("tabSelected", None)


def sweep_header(root: Any, needles: Sequence[Needle]) -> None:
    """Cover headers and footers of a sheet."""
    for node in named(root, "headerFooter"):
        # &G is a picture that does not travel, &Z and &F are paths of the reader's own machine.
        for one in node:
            one.text = covered((one.text or "").replace("&G", ""), [n.folded for n in needles])


def _drawing(part: Part) -> list[Covered]:
    out: list[Covered] = []
    for anchor in list(part.root):
        uris = [n.get("uri") or "" for n in named(anchor, "graphicData")]
        if any(not u.endswith("/chart") for u in uris) or any(True for _ in named(anchor, "contentPart")):
            drop(anchor)
            out.append(Covered("工作表里的图形", "切片器、内嵌对象等含有数据的图形不提供", "", 0))
    return out


def _plain_styles(root: Any, needles: Sequence[Needle]) -> None:
    for node in list(root):
        if local(node) not in _STYLES:
            root.remove(node)
    for number, node in enumerate(list(named(root, "cellStyle")), 1):
        if not attribute(node, "builtinId"):
            node.set("name", f"样式{number}")
    for node in list(named(root, "extLst")):
        drop(node)
    single = [n.folded for n in needles]
    for node in named(root, "numFmt"):
        code = node.get("formatCode") or ""
        node.set("formatCode", covered(code, single))
