"""Everything that is written in a Word file, shown or not, with words for where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gongkai.papers.nodes import attribute, local, named
from gongkai.papers.redaction.model import Unit
from gongkai.papers.redaction.package import Source
from gongkai.papers.redaction.slots import paragraph_slots, text_of

_LABELS = (
    (r"word/header\d*\.xml", "页眉"),
    (r"word/footer\d*\.xml", "页脚"),
    (r"word/footnotes\.xml", "脚注"),
    (r"word/endnotes\.xml", "尾注"),
    (r"word/comments[^/]*\.xml", "批注"),
    (r"word/people\.xml", "批注人和修订人"),
    (r"word/glossary/.*", "构建基块"),
    (r"word/(?:charts|diagrams|drawings)/.*", "图表"),
    (r"docProps/.*", "文件属性"),
    (r"customXml/.*", "文件内部数据"),
    (r".*_rels/.*", "超链接地址"),
    (r"word/styles\.xml", "样式名称"),
    (r"word/numbering\.xml", "编号文字"),
)
WRITTEN = frozenset(
    (
        "descr",
        "title",
        "alt",
        "tooltip",
        "Target",
        "string",
        "name",
        "author",
        "initials",
        "instr",
        "anchor",
        "displayText",
        "value",
        "href",
        "bookmark",
        "phldrT",
        "lvlText",
    )
)
"""Attributes that hold what somebody wrote."""
_VALUES = frozenset(("alias", "tag", "lvlText", "name", "statusText", "helpText", "default", "docVar", "tblCaption"))
_VALUES |= frozenset(("tblDescription", "aliases", "listItem", "listEntry", "result", "entryMacro", "category"))
_KINDS = {"descr": "替代文字", "title": "替代文字", "alt": "替代文字", "Target": "超链接地址", "instr": "域代码"}
_KINDS |= {"author": "批注人和修订人", "initials": "批注人和修订人", "anchor": "书签", "string": "艺术字"}


def units(source: Source) -> list[Unit]:
    """All texts of a Word file."""
    main = source.main()
    out = list(_part(source.root(main), "", main))
    for name in sorted(source.names, key=_natural):
        if name == main or name == "[Content_Types].xml" or not source.is_xml(name):
            continue
        label = next((word for pattern, word in _LABELS if re.fullmatch(pattern, name)), "文件内部数据")
        out += _part(source.root(name), label, name)
    return out


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", name)]


def _part(root: Any, label: str, name: str) -> Iterator[Unit]:
    boxes: list[tuple[Any, bool]] = []
    counts = {"p": 0, "tbl": 0, "box": 0}
    yield from _blocks(root, label, counts, name, boxes)
    shown: set[str] = set()
    while boxes:
        box, copy = boxes.pop(0)
        inside: list[tuple[Any, bool]] = []
        counts["box"] += 0 if copy else 1
        for unit in _blocks(box, label + f"文本框{counts['box'] or 1}", {"p": 0, "tbl": 0, "box": 0}, name, inside):
            # The copy for old programs says the same once more.
            if not copy or unit.text not in shown:
                shown.add(unit.text)
                yield Unit(unit.place, unit.text)
        boxes += [(b, copy or c) for b, c in inside]
    yield from _rest(root, label or "正文")


def _blocks(root: Any, label: str, counts: dict[str, int], chain: str, boxes: list[tuple[Any, bool]]) -> Iterator[Unit]:
    """Paragraphs and tables below; what stands in a text box is put aside."""
    stack = list(reversed(root))
    while stack:
        node = stack.pop()
        name = local(node)
        if name == "tbl":
            counts["tbl"] += 1
            yield from _table(node, f"{label}表{counts['tbl']}", chain, boxes)
        elif name == "p":
            counts["p"] += 1
            yield from _paragraph(node, f"{label}第{counts['p']}段", chain, boxes)
        elif name == "txbxContent":
            boxes.append((node, _is_copy(node)))
        elif name not in ("footnote", "endnote") or not attribute(node, "type"):  # the lines that part notes
            stack.extend(reversed(node))


def _table(table: Any, label: str, chain: str, boxes: list[tuple[Any, bool]]) -> Iterator[Unit]:
    rows = [r for r in named(table, "tr") if _holder(r, "tbl") is table]
    for at, row in enumerate(rows, 1):
        column = 1
        for cell in (c for c in named(row, "tc") if _holder(c, "tr") is row):
            place = f"{label}第{at}行第{column}列"
            # A place has one name, however many paragraphs a cell has.
            for paragraph in named(cell, "p"):
                if _holder(paragraph, "txbxContent", cell) is None:
                    yield from _paragraph(paragraph, place, chain, boxes)
            span = next((n for n in named(cell, "gridSpan")), None)
            wide = attribute(span, "val") if span is not None else "1"
            column += min(int(wide), 60) if wide.isdigit() and wide != "0" else 1


def _holder(node: Any, name: str, until: Any = None) -> Any:
    for one in node.iterancestors():
        if one is until:
            return None
        if local(one) == name:
            return one
    return None


def _is_new(node: Any) -> bool:
    return any(local(a) in ("ins", "moveTo") for a in node.iterancestors())


def _is_copy(node: Any) -> bool:
    return any(local(a) == "Fallback" for a in node.iterancestors())


def _paragraph(paragraph: Any, place: str, chain: str, boxes: list[tuple[Any, bool]]) -> Iterator[Unit]:
    yield Unit(place, text_of(paragraph_slots(paragraph, "t")), chain=chain)
    for tag, word in (("instrText", "域代码"), ("delInstrText", "域代码")):
        if text := "".join(n.text or "" for n, _ in paragraph_slots(paragraph, tag) if n is not None):
            yield Unit(f"{place}（{word}）", text)
    earlier = paragraph_slots(paragraph, "t", "delText")
    if any(n is not None and local(n) == "delText" for n, _ in earlier):
        # As it stood before the changes: signs that stayed and signs that were struck out, together.
        kept = [(n, t) for n, t in earlier if n is None or not _is_new(n)]
        yield Unit(f"{place}（修订前）", text_of(kept))
    for over in named(paragraph, "rt"):
        yield Unit(f"{place}（拼音）", text_of(paragraph_slots(over, "t")))
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if local(node) == "txbxContent":
            boxes.append((node, _is_copy(node)))
        else:
            stack.extend(reversed(node))


def _rest(root: Any, label: str) -> Iterator[Unit]:
    """Attributes that somebody wrote, and texts that stand in no paragraph."""
    builtin: set[int] = set()
    for style in named(root, "style"):
        # Names that the program gave say nothing about anybody.
        if attribute(style, "customStyle") not in ("1", "true"):
            builtin.update(id(n) for n in named(style, "name", "aliases"))
    for node in root.iter():
        if not isinstance(node.tag, str) or local(node) in ("font", "lsdException", "compatSetting"):
            continue
        name = local(node)
        if name not in ("t", "delText", "instrText", "delInstrText"):
            for text in (node.text, node.tail):
                if text and text.strip():
                    yield Unit(label, text)
        for key, value in node.attrib.items():
            short = key.rsplit("}", 1)[-1]
            if short == "Target" and node.get("TargetMode") != "External":
                continue
            if short in WRITTEN or (short == "val" and name in _VALUES and id(node) not in builtin):
                kind = _KINDS.get(short, "")
                if short == "name" and name == "bookmarkStart":
                    kind = "书签"
                yield Unit(label if kind in ("", label) else f"{label}（{kind}）", value)
