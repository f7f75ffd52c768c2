"""Pages that stay as they are: only what they draw, without marks, hints and what other pages left in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from gongkai.papers.redaction.images import jpeg
from gongkai.papers.redaction.pdf_text import PageText

_GONE = (
    "/Metadata",
    "/PieceInfo",
    "/StructParent",
    "/StructParents",
    "/LastModified",
    "/OPI",
    "/OC",
    "/Alternates",
    "/AF",
    "/Ref",
    "/Measure",
    "/PtData",
    "/Desc",
)
_MARKS = frozenset(("BMC", "BDC", "EMC", "MP", "DP"))
"""Marked content says nothing to the eye; its properties hold the text once more."""
_SORTS = {"Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading"}
_SORTS |= dict.fromkeys(("cs", "CS"), "/ColorSpace") | dict.fromkeys(("scn", "SCN"), "/Pattern")
_MAX_DEPTH = 12


class _Unsure(Exception):
    """Something that cannot be followed for sure: the page is drawn as a picture then."""


def walk(root: Any) -> Iterator[Any]:
    """All dictionaries and streams that an object leads to, each once."""
    seen: set[tuple[int, int]] = set()
    todo = [root]
    while todo:
        one = todo.pop()
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            if one.is_indirect:
                if one.objgen in seen:
                    continue
                seen.add(one.objgen)
            if isinstance(one, pikepdf.Array):
                todo.extend(one)
                continue
            yield one
            # Not back up: from a page one would come to all others.
            todo.extend(v for k, v in one.items() if k not in ("/Parent", "/P", "/Dest", "/D", "/B", "/Annots"))


def unseen_layers(pdf: Any) -> set[int]:
    """Pages that use layers, when any layer is not shown: only a picture shows just what is seen."""
    layers = pdf.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return set()
    first = layers.get("/D")
    first = first if isinstance(first, pikepdf.Dictionary) else pikepdf.Dictionary()
    usual = str(first.get("/BaseState", pikepdf.Name.ON)) == "/ON"
    groups = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and str(o.get("/Type")) in ("/OCG", "/OCMD")]
    spoken = any("/VE" in g or "/P" in g or "/Usage" in g for g in groups)
    if usual and not len(first.get("/OFF", pikepdf.Array())) and "/AS" not in first and not spoken:
        return set()
    out = set()
    for number, page in enumerate(pdf.pages, 1):
        resources = page.resources if "/Resources" in page.obj or "/Parent" in page.obj else pikepdf.Dictionary()
        if any("/OC" in one or str(one.get("/Type")) in ("/OCG", "/OCMD") for one in walk(resources)):
            out.add(number)
    return out


def telling_fonts(pdf: Any, pages: Sequence[PageText], hits: dict[int, set[int]]) -> set[int]:
    """Pages whose fonts hold glyphs that only covered text uses: the font itself would give the signs away."""
    plain = set()
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one and not _tells(one):
            plain.add(str(one.BaseFont).lstrip("/"))
    shown: set[tuple[str, str]] = set()
    under: set[tuple[str, str]] = set()
    for page in pages:
        gone = hits.get(page.number, set())
        for at, (font, sign) in enumerate(zip(page.fonts, page.signs, strict=True)):
            if page.boxes[at] is not None:
                (under if at in gone else shown).add((font, sign))
    telling = {font for font, _ in under - shown if font not in plain}
    return {p.number for p in pages if telling & set(p.fonts)}


def _tells(font: Any) -> bool:
    held = [font, font.get("/FontDescriptor")]
    below = font.get("/DescendantFonts")
    for one in below if isinstance(below, pikepdf.Array) else ():
        held += [one, one.get("/FontDescriptor")]
    keys = ("/ToUnicode", "/FontFile", "/FontFile2", "/FontFile3", "/CharProcs")
    return any(k in h for h in held if isinstance(h, (pikepdf.Dictionary, pikepdf.Stream)) for k in keys)


def kept_page(pdf: Any, new: Any, page: Any, done: set[tuple[int, int]]) -> Any:
    """A page of `new` with what this page of `pdf` draws; None when that cannot be told for sure.

    `done` are the streams already made bare: pages share them.
    """
    try:
        content, used = _bare(page.obj)
        made = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=_box(page.mediabox),
            CropBox=_box(page.cropbox),
            Resources=_pruned(page.resources, used),
        )
        for key in ("/Rotate", "/UserUnit"):
            value = _inherited(page.obj, key)
            if value is not None:
                made[key] = value
        group = page.obj.get("/Group")
        if isinstance(group, pikepdf.Dictionary):
            made["/Group"] = group
        made["/Contents"] = pdf.make_indirect(pikepdf.Stream(pdf, content))
        _clean(pdf, made, done)
        return pikepdf.Page(new.copy_foreign(pdf.make_indirect(made)))
    except (_Unsure, pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, AttributeError):
        return None


def _box(values: Any) -> Any:
    return pikepdf.Array([float(v) for v in values])


def _inherited(node: Any, key: str) -> Any:
    for _ in range(_MAX_DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        value = node.get(key)
        if value is not None:
            return value if isinstance(value, int) or key == "/UserUnit" else None
        node = node.get("/Parent")
    return None


def unmarked(pdf: Any) -> bool:
    """Take marks that say other words than are drawn out of a PDF; whether there were any.

    Marks of layers stay: they decide what is drawn.
    """
    spoken = any("/ActualText" in one for one in pdf.objects if isinstance(one, pikepdf.Dictionary))
    streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") in (None, "/Form")]
    if not spoken and not any(_mentions(s) for s in streams):
        return False
    for page in pdf.pages:
        page.obj["/Contents"] = pdf.make_indirect(pikepdf.Stream(pdf, _bare(page.obj, layers=True)[0]))
    for one in streams:
        if one.get("/Subtype") == "/Form":
            one.write(_bare(one, layers=True)[0])
    return True


def _mentions(stream: Any) -> bool:
    try:
        return b"ActualText" in bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return False


def _bare(holder: Any, *, layers: bool = False) -> tuple[bytes, set[tuple[str, str]]]:
    """The drawing commands of a page or form without marks, and the names of resources that they use."""
    kept = []
    open_marks: list[bool] = []
    used: set[tuple[str, str]] = set()
    for one in pikepdf.parse_content_stream(holder):
        name = str(one.operator)
        if name in _MARKS:
            layer = layers and name == "BDC" and str(one.operands[0]) == "/OC"
            if name in ("BMC", "BDC"):
                open_marks.append(layer)
            elif name == "EMC" and open_marks:
                layer = open_marks.pop()
            if not layer:
                continue
        if name in _SORTS:
            for operand in one.operands:
                if isinstance(operand, pikepdf.Name):
                    used.add((_SORTS[name], str(operand)))
        elif name == "INLINE IMAGE":
            used.add(("/ColorSpace", "*"))
        kept.append(one)
    return pikepdf.unparse_content_stream(kept), used


def _pruned(resources: Any, used: set[tuple[str, str]]) -> Any:
    """Resources of which only what is used stays: pages often share one list with what others show."""
    out = pikepdf.Dictionary()
    for sort in ("/XObject", "/Font", "/ExtGState", "/Shading", "/ColorSpace", "/Pattern"):
        held = resources.get(sort)
        if not isinstance(held, pikepdf.Dictionary):
            continue
        every = (sort, "*") in used
        keep = {k: v for k, v in held.items() if every or (sort, k) in used or k.startswith("/Default")}
        if keep:
            out[sort] = pikepdf.Dictionary(keep)
    return out


def _clean(pdf: Any, root: Any, done: set[tuple[int, int]]) -> None:
    todo = list(walk(root["/Resources"]))
    if "/Group" in root:
        todo += walk(root["/Group"])
    for one in todo:
        if one.get("/Subtype") == "/Type3":
            raise _Unsure  # its glyphs are little pages of their own
        for key in _GONE:
            if key in one:
                del one[key]
        if not isinstance(one, pikepdf.Stream) or one.objgen in done:
            continue
        if one.get("/Subtype") == "/PS":
            raise _Unsure
        if one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1:
            content, used = _bare(one)
            own = one.get("/Resources")
            if used and not isinstance(own, pikepdf.Dictionary):
                raise _Unsure  # it would take those of the page, which are cut down
            one["/Resources"] = _pruned(own, used) if used else pikepdf.Dictionary()
            one.write(content)
        elif one.get("/Subtype") == "/Image":
            _plain_image(one)
        done.add(one.objgen)


def _plain_image(image: Any) -> None:
    held = image.get("/Filter")
    names = [str(f) for f in held] if isinstance(held, pikepdf.Array) else [str(held)]
    if "/JPXDecode" in names:
        raise _Unsure
    if "/DCTDecode" in names:
        if len(names) > 1:
            raise _Unsure
        raw = jpeg(bytes(image.read_raw_bytes()))
        forms = image.get("/DecodeParms")
        image.write(raw, filter=pikepdf.Name.DCTDecode, decode_parms=forms)
