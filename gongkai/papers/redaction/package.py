"""An office package as a graph of parts. It is written anew: only parts that are known and reached travel."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gongkai.papers.limits import open_zip, part
from gongkai.papers.nodes import attribute
from gongkai.papers.redaction.model import Picture
from gongkai.papers.refusal import PaperRefused

BROKEN = "文件不完整或已损坏，无法打开；请用 WPS/Word 打开后另存再试。"
MAX_NODES = 4_000_000
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MS = "http://schemas.microsoft.com/office/2007/relationships/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWING = "application/vnd.openxmlformats-officedocument.drawingml."

# sort of relation: where the part goes, its type
_KNOWN = {
    "document": ("word/document.xml", _WORD + "document.main+xml"),
    "styles": ("{}/styles.xml", "{}styles+xml"),
    "theme": ("{}/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
    "numbering": ("word/numbering.xml", _WORD + "numbering+xml"),
    "settings": ("word/settings.xml", _WORD + "settings+xml"),
    "fontTable": ("word/fontTable.xml", _WORD + "fontTable+xml"),
    "header": ("word/header#.xml", _WORD + "header+xml"),
    "footer": ("word/footer#.xml", _WORD + "footer+xml"),
    "footnotes": ("word/footnotes.xml", _WORD + "footnotes+xml"),
    "endnotes": ("word/endnotes.xml", _WORD + "endnotes+xml"),
    "chart": ("{}/charts/chart#.xml", _DRAWING + "chart+xml"),
    "diagramData": ("{}/diagrams/data#.xml", _DRAWING + "diagramData+xml"),
    "diagramLayout": ("{}/diagrams/layout#.xml", _DRAWING + "diagramLayout+xml"),
    "diagramQuickStyle": ("{}/diagrams/quickStyle#.xml", _DRAWING + "diagramStyle+xml"),
    "diagramColors": ("{}/diagrams/colors#.xml", _DRAWING + "diagramColors+xml"),
    "diagramDrawing": ("{}/diagrams/drawing#.xml", "application/vnd.ms-office.drawingml.diagramDrawing+xml"),
    "image": ("{}/media/image#.", ""),
    "workbook": ("xl/workbook.xml", _SHEET + "sheet.main+xml"),
    "worksheet": ("xl/worksheets/sheet#.xml", _SHEET + "worksheet+xml"),
    "chartsheet": ("xl/chartsheets/sheet#.xml", _SHEET + "chartsheet+xml"),
    "sharedStrings": ("xl/sharedStrings.xml", _SHEET + "sharedStrings+xml"),
    "drawing": ("xl/drawings/drawing#.xml", "application/vnd.openxmlformats-officedocument.drawing+xml"),
}
_PICTURES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "tiff": "image/tiff"}


def parse(data: bytes) -> Any:
    """Parse XML without entities, network, comments or instructions; a broken part refuses the file."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PaperRefused(BROKEN) from error


@dataclass(eq=False)
class Part:
    """One part: its sort, its parsed content or its bytes, and the parts that its relations lead to."""

    sort: str
    source: str
    root: Any = None
    data: bytes = b""
    kind: str = ""
    to: dict[str, Part] = field(default_factory=dict)

    def walk(self, seen: set[int] | None = None) -> Iterator[Part]:
        """This part and all that it leads to, each once, in the order of relations."""
        seen = set() if seen is None else seen
        if id(self) not in seen:
            seen.add(id(self))
            yield self
            for one in self.to.values():
                yield from one.walk(seen)


class Source:
    """A package as it was brought: its parts by name, parsed when they are asked for."""

    def __init__(self, data: bytes) -> None:
        self.archive = open_zip(data)
        self.names = [e.filename for e in self.archive.infolist() if not e.is_dir()]
        self._lowered = {n.lower(): n for n in self.names}
        self._roots: dict[str, Any] = {}

    def bytes_of(self, name: str) -> bytes:
        """The bytes of a part that is no XML."""
        try:
            return self.archive.read(name)
        except Exception as error:  # zlib, CRC, unsupported methods: all mean a broken file
            raise PaperRefused(BROKEN) from error

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML, by what it says itself."""
        if name.lower().endswith((".xml", ".rels", ".vml")):
            return True
        return self.bytes_of(name)[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")

    def root(self, name: str) -> Any:
        """The parsed part."""
        if name not in self._roots:
            root = parse(part(self.archive, name) or b"")
            if sum(1 for _ in root.iter()) > MAX_NODES:
                raise PaperRefused("文件内容过多，无法处理；请拆成几个文件再试。")
            self._roots[name] = root
        return self._roots[name]

    def relations(self, name: str) -> list[tuple[str, str, str, bool]]:
        """Id, sort, target and whether it lies outside, of each relation of a part."""
        folder, base = posixpath.split(name)
        held = self._lowered.get(posixpath.join(folder, "_rels", base + ".rels").lower())
        out = []
        for one in self.root(held) if held else ():
            target = str(one.get("Target") or "")
            outside = one.get("TargetMode") == "External"
            if not outside:
                path = target[1:] if target[:1] == "/" else posixpath.join(folder, target)
                target = self._lowered.get(posixpath.normpath(path).lower(), "")
            out.append((str(one.get("Id")), str(one.get("Type") or "").rsplit("/", 1)[-1], target, outside))
        return out

    def main(self) -> str:
        """The name of the part that everything hangs on."""
        for _, sort, target, outside in self.relations(""):
            if sort == "officeDocument" and target and not outside:
                if "purl.oclc.org" in str(self.root(target).tag):
                    raise PaperRefused(
                        "这是“严格 Open XML”格式的文件；请用 Word 或 WPS 另存为普通的 docx 或 xlsx 再试。"
                    )
                return target
        raise PaperRefused(BROKEN)

    def graph(self, sort: str, follow: dict[str, frozenset[str]]) -> Part:
        """The main part with all that is reached over known sorts of relations."""
        made: dict[str, Part] = {}

        def reach(name: str, sort: str) -> Part:
            if name in made:
                return made[name]
            one = made[name] = Part(sort, name)
            if sort == "image":
                one.data = self.bytes_of(name)
                return one
            # Taken from a copy: searching must still find what covering takes away.
            one.root = parse(part(self.archive, name) or b"")
            for key, to, target, outside in self.relations(name):
                if to in follow.get(sort, frozenset()) and target and not outside:
                    one.to[key] = reach(target, to)
            return one

        return reach(self.main(), sort)


def pictures_of(main: Part) -> list[Part]:
    """The pictures of a document in the order in which its parts lead to them."""
    return [p for p in main.walk() if p.sort == "image"]


def picture_numbers(covers: list[Picture], there: int) -> None:
    """Refuse a number that no picture has."""
    for one in covers:
        if not 1 <= one.number <= there:
            raise PaperRefused(f"要遮盖的第{one.number}幅图片不存在，文件里共有{there}幅图片；请核对后再试。")


def write(main: Part) -> bytes:
    """The package of these parts under names of our own, the same bytes for the same parts."""
    folder = "word" if main.sort == "document" else "xl"
    counts: dict[str, int] = {}
    paths: dict[int, str] = {}
    types: dict[str, str] = {}
    order = list(main.walk())
    for one in order:
        path, kind = _KNOWN[one.sort]
        counts[path] = counts.get(path, 0) + 1
        path = path.replace("{}", folder).replace("#", str(counts[path]))
        if one.sort == "image":
            path, kind = path + one.kind, _PICTURES[one.kind]
        if path in types:
            raise PaperRefused(BROKEN)  # two parts where a document can have only one
        paths[id(one)] = path
        types[path] = kind.replace("{}", _WORD if folder == "word" else _SHEET)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        put("[Content_Types].xml", _content_types(types))
        put("_rels/.rels", _relations([("rId1", "officeDocument", paths[id(main)])]))
        for one in order:
            path = paths[id(one)]
            put(path, one.data if one.root is None else _bytes(one.root))
            if one.to:
                # From the root, so that it means the same wherever the part lies.
                rows = [(key, to.sort, "/" + paths[id(to)]) for key, to in one.to.items()]
                put(
                    posixpath.join(posixpath.dirname(path), "_rels", posixpath.basename(path) + ".rels"),
                    _relations(rows),
                )
    return held.getvalue()


def _bytes(root: Any) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=_ignorable(root))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _ignorable(root: Any) -> list[str]:
    # mc:Ignorable and mc:Choice name prefixes; a prefix that is named must stay declared.
    held: set[str] = set()
    for node in root.iter():
        for name in ("Ignorable", "Requires", "MustUnderstand"):
            held.update(attribute(node, name).split())
    return sorted(held)


def _default(space: str) -> Any:
    return {None: space}


def _content_types(types: dict[str, str]) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap=_default(_TYPES))
    for end, kind in (("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml")):
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=end, ContentType=kind)
    for path, kind in types.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName="/" + path, ContentType=kind)
    return _bytes(root)


def _relations(rows: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap=_default(_RELATIONS))
    for key, sort, target in rows:
        kind = (_MS if sort == "diagramDrawing" else _OFFICE) + sort
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=key, Type=kind, Target=target)
    return _bytes(root)
