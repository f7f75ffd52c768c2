"""A copy of a Word file without what is covered: the parts that are known, settled, cleaned and written anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.papers.nodes import attribute, drop, is_on, local, named, unwrap
from gongkai.papers.redaction import images
from gongkai.papers.redaction.drawings import WRITTEN, broken_links, chart, plain_names
from gongkai.papers.redaction.matching import BLOCK, folded
from gongkai.papers.redaction.model import Covered, Needle, Picture
from gongkai.papers.redaction.package import Source, picture_numbers, pictures_of, write
from gongkai.papers.redaction.slots import cover_root, sweep
from gongkai.papers.redaction.word_fields import settle_fields

_SHOWN = frozenset(("image", "chart", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors"))
_SHOWN |= {"diagramDrawing"}
_IMAGE = frozenset(("image",))
FOLLOW = {
    "document": _SHOWN
    | {"styles", "numbering", "settings", "fontTable", "theme", "header", "footer", "footnotes", "endnotes"},
    "header": _SHOWN,
    "footer": _SHOWN,
    "footnotes": _SHOWN,
    "endnotes": _SHOWN,
    "numbering": _IMAGE,
    "theme": _IMAGE,
    "diagramData": _IMAGE,
    "diagramDrawing": _IMAGE,
}
"""Which relations are followed; what hangs on any other does not travel: comments, embedded files, links, macros …"""
_TEXT = frozenset(("document", "header", "footer", "footnotes", "endnotes"))
_SETTINGS = frozenset(
    (
        "zoom",
        "mirrorMargins",
        "gutterAtTop",
        "bordersDoNotSurroundHeader",
        "bordersDoNotSurroundFooter",
        "defaultTabStop",
        "autoHyphenation",
        "evenAndOddHeaders",
        "bookFoldPrinting",
        "drawingGridHorizontalSpacing",
        "drawingGridVerticalSpacing",
        "displayHorizontalDrawingGridEvery",
        "displayVerticalDrawingGridEvery",
        "characterSpacingControl",
        "footnotePr",
        "endnotePr",
        "compat",
        "themeFontLang",
        "clrSchemeMapping",
        "decimalSymbol",
        "listSeparator",
        "displayBackgroundShape",
    )
)
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
_GONE = (
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "annotationRef",
    "bookmarkStart",
    "bookmarkEnd",
    "permStart",
    "permEnd",
    "proofErr",
    "lastRenderedPageBreak",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "customXmlInsRangeStart",
    "customXmlInsRangeEnd",
    "customXmlDelRangeStart",
    "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
    "smartTagPr",
    "customXmlPr",
    "sdtPr",
    "sdtEndPr",
    "altChunk",
    "subDoc",
    "control",
    "contentPart",
    "background",
    "tblCaption",
    "tblDescription",
    "cellIns",
    "cellMerge",
    "printerSettings",
    "movie",
    "dataBinding",
)
_MARKS = ("rsid", "paraId", "textId", "durableId", "nsid", "tmpl", "docPartGallery")
_EMBEDDED = "内嵌文件不提供"


def redact(
    source: Source, needles: Sequence[Needle], pictures: Sequence[Picture], hidden: str
) -> tuple[bytes, list[Covered], list[str]]:
    """The copy, what was taken out besides the strings, and what a person has to look at."""
    main = source.graph("document", FOLLOW)
    covered: list[Covered] = []
    notes: list[str] = []
    order = pictures_of(main)
    picture_numbers(list(pictures), len(order))
    black = {id(order[p.number - 1]) for p in pictures}
    unseen = _vanishing(next((p.root for p in main.walk() if p.sort == "styles"), None), hidden)
    changed = False
    for part in main.walk():
        if part.root is None:
            continue
        if part.sort in _TEXT:
            changed |= any(True for _ in named(part.root, "ins", "del", "moveFrom", "moveTo", *_CHANGES))
            covered += _objects(part.root)
            _settle(part.root)
            covered += _unhide(part.root, unseen, hidden)
            settle_fields(part.root)
    _styles(main, needles)
    for part in main.walk():
        if part.sort == "chart":
            chart(part, needles)
        elif part.root is not None:
            if part.sort == "settings":
                for node in list(part.root):
                    if local(node) not in _SETTINGS:
                        part.root.remove(node)
            if part.sort == "fontTable":
                for node in list(named(part.root, "embedRegular", "embedBold", "embedItalic", "embedBoldItalic")):
                    drop(node)
            _bare(part.root)
            plain_names(part.root)
            cover_root(part.root, needles, "t")
            sweep(part.root, needles, WRITTEN)
            _numbers(part.root, needles)
        if part.root is not None:
            broken_links(part)
    for number, part in enumerate(order, 1):
        if not images.clean(part, id(part) in black):
            covered.append(Covered(f"第{number}幅图片", "矢量图或认不出的图片，其中可能藏有文字", "", 0))
    if order:
        notes.append(f"文件里有{len(order)}幅图片，图片里的文字没有查找，请逐幅看过。")
    if any("comments" in n.lower() for n in source.names):
        notes.append("批注已全部去掉。")
    if changed:
        notes.append("修订已全部接受，修订前的文字已去掉。")
    return write(main), covered, notes


def _settle(root: Any) -> None:
    """Accept all changes, unwrap what only marks, and take out what is no text."""
    for node in list(named(root, "del", "moveFrom", "cellDel", *_CHANGES)):
        parent = node.getparent()
        if parent is None:
            continue
        if local(node) == "del" and local(parent) == "trPr":
            drop(parent.getparent())
        elif local(node) == "cellDel":
            cell = parent.getparent()
            for text in list(named(cell, "t")):
                text.text = ""
            drop(node)
        else:
            drop(node)
    for node in list(named(root, "ins", "moveTo")):
        if local(node.getparent()) in ("trPr", "rPr"):
            drop(node)
        else:
            unwrap(node)
    for node in list(named(root, *_GONE)):
        drop(node)
    for node in list(named(root, "sdtContent", "sdt", "smartTag", "customXml", "hyperlink")):
        unwrap(node)
    for table in list(named(root, "tbl")):
        if not any(local(n) == "tr" for n in table):
            drop(table)


def _objects(root: Any) -> list[Covered]:
    out: list[Covered] = []
    for node in list(named(root, "object")):
        # Its picture shows the content of the embedded file, so it goes too.
        drop(node)
        out.append(Covered("内嵌对象", _EMBEDDED, "", 0))
    for data in list(named(root, "graphicData")):
        uri = data.get("uri") or ""
        if uri.endswith(("/chartex", "/slicer", "/timeslicer", "/ole")):
            holder = next((a for a in data.iterancestors() if local(a) in ("drawing", "pict")), None)
            if holder is not None:
                drop(holder)
                out.append(Covered("内嵌对象", _EMBEDDED, "", 0))
    return out


def _vanishing(styles: Any, hidden: str) -> set[str]:
    """Ids of styles that hide text; the mark is taken from them, so that nothing stays hidden."""
    out: set[str] = set()
    for mark in list(named(styles, "vanish", "specVanish", "webHidden")) if styles is not None else ():
        style = next((a for a in mark.iterancestors() if local(a) == "style"), None)
        if style is not None and is_on(mark) and local(mark) == "vanish":
            out.add(attribute(style, "styleId"))
        drop(mark)
    return out if hidden == "remove" else set()


def _unhide(root: Any, styles: set[str], hidden: str) -> list[Covered]:
    """Take hidden text out, or show it."""
    out: list[Covered] = []
    for row in list(named(root, "tr")):
        marks = [m for p in row if local(p) == "trPr" for m in p if local(m) == "hidden"]
        if any(is_on(m) for m in marks) and hidden == "remove":
            out.append(Covered("表格里的隐藏行", "隐藏的内容不提供", "", _count(row)))
            drop(row)
        for mark in marks:
            drop(mark)
    length = 0
    for run in list(named(root, "r")):
        properties = next((n for n in run if local(n) == "rPr"), None)
        marks = [n for n in properties if local(n) == "vanish"] if properties is not None else []
        own = (
            next((attribute(n, "val") for n in properties if local(n) == "rStyle"), "")
            if properties is not None
            else ""
        )
        paragraph = next((a for a in run.iterancestors() if local(a) == "p"), None)
        whole = next((attribute(n, "val") for n in named(paragraph, "pStyle")), "") if paragraph is not None else ""
        # What the run says of itself goes before what its style says.
        hides = any(is_on(m) for m in marks) if marks else own in styles or whole in styles
        if hides and hidden == "remove":
            length += _count(run)
            drop(run)
    for mark in list(named(root, "vanish", "specVanish", "webHidden")):
        drop(mark)
    if length:
        out.append(Covered("隐藏文字", "隐藏的内容不提供", "", length))
    return out


def _count(node: Any) -> int:
    return sum(len(n.text or "") for n in named(node, "t"))


def _styles(main: Any, needles: Sequence[Needle]) -> None:
    """Rename own styles whose name or id says what is covered, wherever they are referred to."""
    styles = next((p.root for p in main.walk() if p.sort == "styles"), None)
    renamed: dict[str, str] = {}
    for number, style in enumerate(named(styles, "style") if styles is not None else (), 1):
        if attribute(style, "customStyle") not in ("1", "true"):
            continue
        words = [attribute(style, "styleId")] + [attribute(n, "val") for n in style if local(n) in ("name", "aliases")]
        if any(n.folded in folded(w) for n in needles for w in words):
            renamed[words[0]] = f"own{number}"
            for key in style.attrib:
                if key.endswith("styleId"):
                    style.set(key, f"own{number}")
            for node in [n for n in style if local(n) in ("name", "aliases")]:
                if local(node) == "aliases":
                    style.remove(node)
                for key in node.attrib:
                    node.set(key, f"样式{number}")
    refers = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink")
    for part in main.walk() if renamed else ():
        for node in named(part.root, *refers) if part.root is not None else ():
            for key, value in node.attrib.items():
                if value in renamed:
                    node.set(key, renamed[value])


def _bare(root: Any) -> None:
    """Take out the marks by which versions and sessions of a document can be told."""
    for node in root.iter():
        for key in list(node.attrib):
            short = key.rsplit("}", 1)[-1]
            if short.startswith(_MARKS) or short == "author" or short == "initials":
                del node.attrib[key]
    for node in list(named(root, "rsid", "rsids", "nsid", "tmpl")):
        drop(node)


def _numbers(root: Any, needles: Sequence[Needle]) -> None:
    """Cover words of automatic numbers."""
    for node in named(root, "lvlText"):
        for key, value in node.attrib.items():
            if any(n.folded in folded(value) for n in needles):
                # Not sign by sign: %1 stands for a number and must not be cut in two.
                node.set(key, BLOCK * 2)
