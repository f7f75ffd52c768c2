"""Everything that is written in a spreadsheet file, shown or not, with words for where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gongkai.papers.nodes import attribute, local, named
from gongkai.papers.redaction.model import Unit
from gongkai.papers.redaction.package import Source
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
from gongkai.papers.redaction.slots import paragraph_slots, text_of

_LABELS = (
    (r"xl/(?:comments|threadedComments|persons).*", "批注"),
    (r"xl/pivot(?:Cache|Tables).*", "数据透视表"),
    (r"xl/externalLinks/.*", "外部链接"),
    (r"xl/tables/.*", "表格列名"),
    (r"xl/(?:charts|chartsheets)/.*", "图表"),
    (r"xl/(?:drawings|diagrams)/.*", "文本框或图形"),
    (r"xl/styles\.xml", "单元格格式"),
    (r"docProps/.*", "文件属性"),
    (r".*_rels/.*", "超链接地址"),
)
_WRITTEN = frozenset(
    ("descr", "title", "alt", "tooltip", "display", "location", "Target", "name", "author", "displayName", "ref_name")
)
_WRITTEN |= frozenset(("string", "caption", "prompt", "promptTitle", "error", "errorTitle", "formatCode", "v"))
_WRITTEN |= frozenset(("comment", "user", "userName", "connection", "command", "codeName", "val"))
_CELLS = frozenset(("c", "row", "col", "sz", "rFont", "font", "family", "charset", "color", "scheme"))


def units(source: Source) -> list[Unit]:
    """All texts of a spreadsheet file."""
    main = source.main()
    workbook = source.root(main)
    to = {key: (sort, target) for key, sort, target, outside in source.relations(main) if not outside}
    part = {sort: target for sort, target in to.values() if target}
    strings = list(source.root(part["sharedStrings"])) if "sharedStrings" in part else []
    strings = [s for s in strings if local(s) == "si"]
    formats = Formats.of(source.root(part["styles"]) if "styles" in part else None, workbook)
    out: list[Unit] = []
    used: set[int] = set()
    done = {main, part.get("sharedStrings", ""), "[Content_Types].xml"}
    for sheet in named(workbook, "sheet"):
        name = attribute(sheet, "name")
        out.append(Unit("工作表名称", name))
        sort, target = to.get(_relation(sheet), ("", ""))
        if sort == "worksheet" and target and target not in done:
            done.add(target)
            gone = "（隐藏的工作表）" if attribute(sheet, "state") in ("hidden", "veryHidden") else ""
            out += _sheet(source.root(target), f"工作表“{name}”", gone, strings, formats, used)
            for key in sorted(k for k in _below(source, target)):
                if key not in done and source.is_xml(key):
                    done.add(key)
                    out += _other(source.root(key), _label(key, f"工作表“{name}”"))
    for node in named(workbook, "definedName"):
        out.append(Unit("定义的名称", f"{attribute(node, 'name')} {node.text or ''}"))
        out.append(Unit("定义的名称", attribute(node, "comment")))
    for node in named(workbook, "fileSharing", "workbookPr", "customWorkbookView", "pivotCache"):
        out += [Unit("文件属性", v) for k, v in node.attrib.items() if k in ("userName", "codeName", "name")]
    for number, item in enumerate(strings):
        if number not in used:
            out.append(Unit("没有显示的残留文字", text_of(rich_slots(item))))
        out += [Unit("拼音", "".join(t.text or "" for t in named(n, "t"))) for n in named(item, "rPh")]
    for name in sorted(source.names):
        if name not in done and source.is_xml(name):
            out += _other(source.root(name), _label(name, ""))
    return [u for u in out if u.text.strip()]


def _relation(node: Any) -> str:
    for key, value in node.attrib.items():
        if key.startswith("{") and key.endswith("}id"):
            return str(value)
    return ""


def _below(source: Source, name: str) -> set[str]:
    out: set[str] = set()
    todo = [name]
    while todo:
        for _, sort, target, outside in source.relations(todo.pop()):
            if not outside and target and target not in out and sort not in ("worksheet", "slicerCache"):
                out.add(target)
                todo.append(target)
    return out


def _label(name: str, sheet: str) -> str:
    word = next((w for pattern, w in _LABELS if re.fullmatch(pattern, name)), "文件内部数据")
    return f"{sheet}的{word}" if sheet else word


def _sheet(root: Any, label: str, gone: str, strings: list[Any], formats: Formats, used: set[int]) -> Iterator[Unit]:
    hidden = Hidden.of(root)
    at = 0
    for row in named(root, "row"):
        at = number_of(row, at)
        for column, cell in cells_of(row, at):
            value = child(cell, "v")
            if cell.get("t") == "s" and value is not None and (value.text or "").strip().isdigit():
                used.add(int(value.text))
            text, number = content(cell, strings)
            mark = gone or ("（隐藏）" if hidden.holds(at, column) else "")
            place = f"{label}{column_letters(column)}{at}"
            yield Unit(place + mark, text, formats.shown(text, cell.get("s") or "0") if number else ())
            formula = child(cell, "f")
            if formula is not None and formula.text:
                yield Unit(f"{place}的公式{mark}", formula.text)
            for over in named(cell, "rPh"):
                yield Unit(f"{place}的拼音{mark}", "".join(t.text or "" for t in named(over, "t")))
    labels = {
        "headerFooter": "的页眉页脚",
        "dataValidations": "的数据有效性",
        "conditionalFormatting": "的条件格式",
        "hyperlinks": "的超链接",
        "extLst": "的扩展数据",
    }
    for node in root:
        if local(node) != "sheetData":
            yield from _other(node, label + labels.get(local(node), "的设置") + gone)


def _other(root: Any, label: str) -> Iterator[Unit]:
    """Texts in paragraphs, comments, single nodes and attributes of a part."""
    for paragraph in named(root, "p"):
        yield Unit(label, text_of(paragraph_slots(paragraph, "t")))
    for node in named(root, "comment"):
        place = attribute(node, "ref")
        inside = "".join(t.text or "" for t in named(node, "t"))
        yield Unit(label.replace("的批注", f"{place}的批注"), inside or "".join(node.itertext()))
    for node in named(root, "threadedComment"):
        yield Unit(label, "".join(t.text or "" for t in named(node, "text")))
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        parents = local(node.getparent()) if node.getparent() is not None else ""
        for text in (node.text, node.tail):
            if text and text.strip() and not (local(node) == "t" and parents in ("r", "fld", "text")):
                yield Unit(label, text)
        for key, value in node.attrib.items():
            short = key.rsplit("}", 1)[-1]
            if short == "Target" and node.get("TargetMode") != "External":
                continue
            if short == "name" and local(node) in ("cellStyle", "tableStyle") and attribute(node, "builtinId"):
                continue
            if short in _WRITTEN and local(node) not in _CELLS:
                yield Unit(label, value)
