"""Word files as attachments: everything that stands in them, seen or not, and a copy with personal data covered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gongkai.papers.nodes import attribute, drop, is_on, local, named, unwrap
from gongkai.records.checks import Finding, marks, personal, tables
from gongkai.records.checks.office_package import Package, strip_properties, sweep, written

_PARTS = (
    (r"word/document\d*\.xml", "正文"),
    (r"word/header\d*\.xml", "页眉"),
    (r"word/footer\d*\.xml", "页脚"),
    (r"word/footnotes\.xml", "脚注"),
    (r"word/endnotes\.xml", "尾注"),
    (r"word/comments\.xml", "批注"),
    (r"word/glossary/document\.xml", "构建基块"),
    (r"word/(?:charts|diagrams|drawings)/[^/]*\.xml", "图表"),
)
_COMMENTS = r"word/(?:comments[^/]*|people)\.xml"
_CHANGES = (
    "rPrChange",
    "pPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
    "tblGridChange",
    "numberingChange",
    "tblPrExChange",
)


def look(package: Package) -> list[Finding]:
    """What is found in a Word file."""
    out: list[Finding] = []
    for pattern, label in _PARTS:
        for name in package.names(pattern):
            out += _part(package.root(name), label)
    for name in package.names(r"word/(?:.*/)?_rels/.*\.rels"):
        for text in written(package.root(name)):
            out += personal.findings(text, where="超链接")
    for name in package.names(r"customXml/item\d*\.xml"):
        text = " ".join(t for t in package.root(name).itertext() if t.strip())
        out += personal.findings(text, where="文件内部数据")
    if package.names(r"word/comments\.xml") and list(named(package.root("word/comments.xml"), "comment")):
        out.append(Finding("attachment.comments", "block", "文件里有批注，公开前请全部删除。", "批注"))
    return out


def _part(root: Any, label: str) -> list[Finding]:
    out: list[Finding] = []
    number = 0
    in_tables: set[Any] = set()
    for at, table in enumerate(named(root, "tbl"), 1):
        grid = [[_text(c) for c in cells] for cells in _rows(table)]
        in_tables.update(named(table, "p"))
        out += grid_findings(grid, f"{label}第{at}个表" if label != "正文" else f"第{at}个表")
    for paragraph in named(root, "p"):
        if _is_copy(paragraph):
            continue
        number += 1
        text = _shown(paragraph)
        box = any(local(a) == "txbxContent" for a in paragraph.iterancestors())
        where = f"{label}第{number}段" + ("（文本框）" if box else "")
        if paragraph not in in_tables:
            out += personal.findings(text, where=where)
        out += marks.find(text, where=where)
        if text != (gone := "".join(_struck(paragraph))) and gone:
            out += personal.findings(gone, where=where + "（已删除的修订）")
    for node in named(root, "instrText", "v"):
        out += personal.findings(node.text or "", where=f"{label}（域代码或图表数据）")
    for text in written(root):
        out += personal.findings(text, where=f"{label}（替代文字）")
        out += marks.find(text, where=f"{label}（替代文字）")
    if any(True for _ in named(root, "ins", "del", "moveFrom", "moveTo", *_CHANGES)):
        out.append(Finding("attachment.changes", "block", "文件里有修订痕迹，公开前请接受或拒绝全部修订。", label))
    hidden = [n for n in _hidden(root) if "".join(_texts(n)).strip()]
    if hidden:
        out.append(Finding("attachment.hidden", "block", "文件里有隐藏的文字，公开前请删除或取消隐藏。", label))
    return out


def grid_findings(grid: list[list[str]], where: str) -> list[Finding]:
    """Personal data in a grid whose heading may stand in any of its first rows."""
    head = tables.heading_row(grid)
    out: list[Finding] = []
    for at, row in enumerate(grid[: head + 1] if head >= 0 else grid, 1):
        for c, text in enumerate(row, 1):
            out += personal.findings(text, where=f"{where}第{at}行第{c}列")
    if head >= 0:
        for one in tables.findings(grid[head], grid[head + 1 :], where=""):
            shift = re.sub(r"^第(\d+)行", lambda m: f"第{int(m.group(1)) + head + 1}行", one.where)
            out.append(Finding(one.rule, one.level, one.say, where + shift, one.field, one.found, one.masked))
    return out


def _is_copy(node: Any) -> bool:
    return any(local(a) == "Fallback" for a in node.iterancestors())


def _texts(node: Any) -> Iterator[str]:
    return (n.text or "" for n in named(node, "t", "delText"))


def _own(paragraph: Any, *names: str) -> list[Any]:
    """Text nodes of a paragraph that belong to no paragraph inside it (text boxes)."""
    out = []
    for node in named(paragraph, *names):
        holder = next((a for a in node.iterancestors() if local(a) == "p"), None)
        if holder is paragraph:
            out.append(node)
    return out


def _shown(paragraph: Any) -> str:
    return "".join((n.text or "") if local(n) == "t" else " " for n in _own(paragraph, "t", "tab", "br", "cr"))


def _struck(paragraph: Any) -> list[str]:
    return [n.text or "" for n in _own(paragraph, "delText")]


def _rows(table: Any) -> list[list[Any]]:
    rows = []
    for row in table:
        if local(row) == "tr":
            cells: list[Any] = []
            for cell in row.iter():
                if local(cell) == "tc" and next(a for a in cell.iterancestors() if local(a) == "tr") is row:
                    cells.append(cell)
                    span = next(named(cell, "gridSpan"), None)
                    wide = attribute(span, "val") if span is not None else "1"
                    cells += [None] * (min(int(wide), 60) - 1 if wide.isdigit() else 0)
            rows.append(cells)
    return rows


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    own = [p for p in named(cell, "p") if next(a for a in p.iterancestors() if local(a) == "tc") is cell]
    return "\n".join(_shown(p) for p in own).strip()


def _hidden(root: Any) -> list[Any]:
    out = []
    for mark in named(root, "vanish", "webHidden", "hidden"):
        holder = mark.getparent().getparent()
        if (local(mark) in ("vanish",) and local(holder) == "r" and is_on(mark)) or (
            local(mark) == "hidden" and local(holder) == "tr" and is_on(mark)
        ):
            out.append(holder)
    return out


def cover(package: Package, masks: set[str]) -> None:
    """Cover personal data in place; take out comments, changes, hidden text and properties."""
    gone = set(package.names(_COMMENTS)) | set(package.names(r"word/embeddings/.*|word/glossary/.*"))
    package.remove(gone)
    for pattern, _ in _PARTS:
        for name in package.names(pattern):
            root = package.root(name)
            _settle(root)
            for table in list(named(root, "tbl")):
                _cover_table(table, masks)
            for paragraph in named(root, "p"):
                _cover_paragraph(paragraph, masks)
            sweep(root, masks)
    for name in package.names(r"word/.*\.(?:xml|rels)"):
        sweep(package.root(name), masks)
    strip_properties(package)


def _settle(root: Any) -> None:
    for node in list(named(root, "del", "moveFrom", *_CHANGES)):
        if node.getparent() is not None:
            row = node.getparent().getparent()
            if local(node) == "del" and local(node.getparent()) == "trPr" and row is not None:
                drop(row)
            else:
                drop(node)
    for node in list(named(root, "ins", "moveTo")):
        if local(node.getparent()) in ("trPr", "rPr"):
            drop(node)
        else:
            unwrap(node)
    names = ("commentRangeStart", "commentRangeEnd", "commentReference", "OLEObject", "externalData")
    for node in [*named(root, *names, "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")]:
        drop(node)
    for node in _hidden(root):
        drop(node)
    for table in list(named(root, "tbl")):
        if not any(local(n) == "tr" for n in table):
            drop(table)


def _cover_table(table: Any, masks: set[str]) -> None:
    rows = _rows(table)
    grid = [[_text(c) for c in cells] for cells in rows]
    head = tables.heading_row(grid)
    if head < 0:
        return
    covered = tables.mask_rows(grid[head], grid[head + 1 :], masks)
    for cells, before, after in zip(rows[head + 1 :], grid[head + 1 :], covered, strict=True):
        for cell, old, new in zip(cells, before, after, strict=True):
            if cell is not None and old != new:
                nodes = [n for p in named(cell, "p") for n in _own(p, "t")]
                for node in nodes:
                    node.text = ""
                if nodes:
                    nodes[0].text = new


def _cover_paragraph(paragraph: Any, masks: set[str]) -> None:
    """Cover hits that run over several pieces of text: the cover stands in the first, the others lose their part."""
    for _ in range(4):
        nodes = _own(paragraph, "t", "tab", "br", "cr")
        pieces = [(n.text or "") if local(n) == "t" else " " for n in nodes]
        text = "".join(pieces)
        hits = [h for h in personal.find(text) if h.what in masks] if len(text) > 5 else []
        if not hits:
            return
        for hit in reversed(hits):
            at, put = 0, False
            for i, piece in enumerate(pieces):
                a, b = max(hit.start - at, 0), min(hit.end - at, len(piece))
                size = len(piece)
                if a < b and local(nodes[i]) == "t":
                    pieces[i] = piece[:a] + ("" if put else hit.masked) + piece[b:]
                    put = True
                at += size
        for node, piece in zip(nodes, pieces, strict=True):
            if local(node) == "t":
                node.text = piece
                if piece != piece.strip():
                    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
