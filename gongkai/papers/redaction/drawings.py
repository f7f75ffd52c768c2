"""Drawings and charts of office documents: names, hints and links out, linked data into plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.papers.nodes import attribute, drop, local, named
from gongkai.papers.redaction.matching import covered
from gongkai.papers.redaction.model import Needle
from gongkai.papers.redaction.package import Part
from gongkai.papers.redaction.slots import cover_root, sweep

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WRITTEN = frozenset(("string", "caption", "formatCode", "cat", "phldrT"))
"""Attributes with words of the author that stay because they are shown."""
_HINTS = frozenset(
    ("descr", "title", "alt", "tooltip", "href", "target", "macro", "textlink", "gfxdata", "hlinkMacro", "hrefScript")
)


def plain_names(root: Any) -> None:
    """Take names, hints and links of pictures and shapes out; a picture's name is often that of its file."""
    count = 0
    for node in list(root.iter()):
        name = local(node)
        if name in ("docPr", "cNvPr"):
            count += 1
            node.set("name", f"对象{count}")
        elif name in ("hlinkClick", "hlinkHover", "hlinkMouseOver", "svgBlip", "imgProps", "webVideoPr"):
            ext = node.getparent()
            drop(ext if local(ext) == "ext" else node)
            continue
        for key in [k for k in node.attrib if _hint(node, k)]:
            del node.attrib[key]


def _hint(node: Any, key: str) -> bool:
    short = key.rsplit("}", 1)[-1]
    # dgm:title and c:title are elements; `title` as an attribute is a hint wherever it stands.
    return short in _HINTS or (short == "id" and "}" not in key and node.tag.startswith("{urn:schemas-microsoft-com:"))


def chart(part: Part, needles: Sequence[Needle]) -> None:
    """Make a chart stand on its own: what it shows stays, what it was drawn from does not travel."""
    root = part.root
    for node in list(
        named(root, "extLst", "externalData", "userShapes", "pivotSource", "pivotFmts", "AlternateContent")
    ):
        drop(node)
    for node in list(named(root, "strRef", "numRef", "multiLvlStrRef")):
        _literal(node)
    plain_names(root)
    single = [n.folded for n in needles]
    for point in list(named(root, "pt")):
        for value in list(named(point, "v")):
            text = value.text or ""
            if (new := covered(text, single)) != text:
                value.text = new
                if local(point.getparent()).startswith("num"):
                    drop(point)
    cover_root(root, needles, "t")
    sweep(root, needles, WRITTEN)


def _literal(node: Any) -> None:
    parent = node.getparent()
    cache = next((n for n in node if local(n) in ("strCache", "numCache", "multiLvlStrCache")), None)
    if local(parent) == "tx":
        words = "".join(v.text or "" for v in named(node, "v"))
        parent.remove(node)
        if local(parent.getparent()) == "ser":
            value = parent.makeelement(_C + "v")
            value.text = words
            parent.append(value)
            return
        rich = parent.makeelement(_C + "rich")
        rich.append(parent.makeelement(_A + "bodyPr"))
        paragraph = parent.makeelement(_A + "p")
        run = paragraph.makeelement(_A + "r")
        text = run.makeelement(_A + "t")
        text.text = words
        run.append(text)
        paragraph.append(run)
        rich.append(paragraph)
        parent.append(rich)
        return
    made = parent.makeelement(_C + ("numLit" if local(node) == "numRef" else "strLit"))
    if cache is not None:
        levels = [n for n in cache if local(n) == "lvl"]
        count = [n for n in cache if local(n) == "ptCount"]
        for child in [*count, *levels[0]] if levels else list(cache):
            made.append(child)
    parent.replace(node, made)


def broken_links(part: Part) -> None:
    """Take out what names a relation that is no longer there."""
    for node in list(part.root.iter()):
        if not isinstance(node.tag, str):
            continue
        for key, value in list(node.attrib.items()):
            if key.startswith("{") and key[1:].split("}")[0].endswith("/relationships") and value not in part.to:
                del node.attrib[key]
        if local(node) in ("imagedata", "headerReference", "footerReference") and not attribute(node, "id"):
            drop(node)
