"""The package of a .docx: opened within bounds, its outside links found, written again without metadata, always alike."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

from gongkai.base.issues import Issue, Refused
from gongkai.papers import PaperRefused
from gongkai.papers.limits import open_zip

MAX_PACKED = 4 * 1024 * 1024
MAX_UNPACKED = 24 * 1024 * 1024
MAX_XML = 3 * 1024 * 1024
MAX_PARTS = 300

TYPES = "[Content_Types].xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PRINTED = {f"{WORD}{name}+xml" for name in ("document.main", "header", "footer", "footnotes")}
"""The parts whose tags are filled."""

_UNWANTED = re.compile(
    r"docProps/|customXml/|package/services/|word/(people|comments\w*|stylesWithEffects|printerSettings\w*)\.xml$|word/printerSettings/",
    re.I,
)
"""Who wrote it, when, with what: an official letter says none of it."""

_CORE = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

Parts = dict[str, bytes]


def _refused(rule: str, say: str) -> Refused:
    return Refused(Issue(f"letter.template.{rule}", say))


def parse(data: bytes) -> etree._Element:
    """XML without entities, document types or anything fetched. Raises Refused."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise _refused("file", "文件不完整或者已损坏，无法打开；请用 WPS 或 Word 打开后另存为 .docx 再试。") from error
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise _refused("file", "文件中含有实体声明，已拒绝读取；请用 WPS 或 Word 另存为 .docx 再试。")
    return root


def unpack(data: bytes) -> Parts:
    """The parts of a .docx by name. Raises Refused for what is none, is locked, has macros, or is too large."""
    if len(data) > MAX_PACKED:
        raise _refused("size", "模板文件不能超过4MB；请删去其中的大幅图片后再试。")
    if not data.startswith(b"PK"):
        raise _refused("file", "这不是 .docx 文件；请用 WPS 或 Word 另存为“Word 文档（.docx）”后再试。")
    try:
        archive = open_zip(data)
    except PaperRefused as error:
        raise _refused("file", str(error)) from error
    entries = [e for e in archive.infolist() if not e.is_dir()]
    names = [e.filename for e in entries]
    large = sum(e.file_size for e in entries) > MAX_UNPACKED or any(
        e.file_size > MAX_XML and e.filename.endswith((".xml", ".rels")) for e in entries
    )
    if large or len(entries) > MAX_PARTS:
        raise _refused("size", "模板文件解压后过大，已拒绝打开；请核对文件来源，或者重新制作模板。")
    if len({n.lower() for n in names}) != len(names) or any("\\" in n or ".." in n.split("/") for n in names):
        raise _refused("file", "文件结构异常，已拒绝打开；请用 WPS 或 Word 另存为 .docx 再试。")
    try:
        parts = {e.filename: archive.read(e) for e in entries}
    except Exception as error:  # zlib, CRC, methods that are not supported: all mean a broken file
        raise _refused("file", "文件不完整或者已损坏，无法打开；请用 WPS 或 Word 打开后另存为 .docx 再试。") from error
    _refuse_other_kinds(parts)
    return parts


def _refuse_other_kinds(parts: Parts) -> None:
    kinds = list(types(parts).values())
    defaults = parts.get(TYPES, b"").lower()
    if b"macroenabled" in defaults or b"vbaproject" in defaults or any("vbaproject" in n.lower() for n in parts):
        raise _refused("macro", "文件中含有宏，不能用作模板；请另存为不含宏的“Word 文档（.docx）”后再试。")
    if kinds.count(f"{WORD}document.main+xml") != 1 or "word/document.xml" not in parts:
        raise _refused("file", "这不是 .docx 文件；请用 WPS 或 Word 另存为“Word 文档（.docx）”后再试。")


def types(parts: Parts) -> dict[str, str]:
    """The content type of each part that states its own."""
    if TYPES not in parts:
        return {}
    root = parse(parts[TYPES])
    return {str(o.get("PartName", "")).lstrip("/"): str(o.get("ContentType", "")) for o in root.iter(_OVERRIDE)}


def relations(parts: Parts) -> Iterator[tuple[str, str, str, bool]]:
    """Every relation of the package: the .rels part, its type (last word), its target, whether it leads outside."""
    for name, data in parts.items():
        if name.endswith(".rels"):
            for one in parse(data).iter(_RELATIONS):
                kind = str(one.get("Type", "")).rsplit("/", 1)[-1]
                yield name, kind, str(one.get("Target", "")), one.get("TargetMode") == "External"


def _target(rels: str, target: str) -> str:
    """The part that a relation of a .rels part leads to."""
    if target.startswith("/"):
        return target.lstrip("/")
    home = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join(home, target))


def pack(parts: Parts, title: str, *, also: re.Pattern[str] | None = None) -> bytes:
    """The package again without metadata: same parts, same bytes, whenever it is written.

    Only the title is told. `also` names further parts that are dropped.
    """
    gone = {n for n in parts if _UNWANTED.match(n) or (also and also.match(n))}
    kept = {n: d for n, d in parts.items() if n not in gone and not _rels_of(n) & gone}
    for name in [n for n in kept if n.endswith(".rels")]:
        root = parse(kept[name])
        for one in list(root.iter(_RELATIONS)):
            kind = str(one.get("Type", "")).rsplit("/", 1)[-1]
            outside = one.get("TargetMode") == "External"
            # The template a document was written with is a path on somebody's disk.
            if kind == "attachedTemplate" or (not outside and _target(name, str(one.get("Target", ""))) in gone):
                root.remove(one)
        if name == "_rels/.rels":
            etree.SubElement(root, _RELATIONS, Id="rIdCore", Type=_CORE_RELATION, Target="docProps/core.xml")
        kept[name] = _xml(root)
    root = parse(kept[TYPES])
    for one in list(root.iter(_OVERRIDE)):
        if str(one.get("PartName", "")).lstrip("/") in gone:
            root.remove(one)
    etree.SubElement(root, _OVERRIDE, PartName="/docProps/core.xml", ContentType=_CORE_TYPE)
    kept[TYPES] = _xml(root)
    kept["docProps/core.xml"] = _CORE.format(escape(title)).encode()
    if "word/settings.xml" in kept:
        kept["word/settings.xml"] = _settings(kept["word/settings.xml"])
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(kept, key=lambda n: (n != TYPES, n)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, kept[name])
    return held.getvalue()


def _rels_of(name: str) -> set[str]:
    """The part whose relations a .rels part holds."""
    if not name.endswith(".rels") or "/_rels/" not in name:
        return set()
    return {name.replace("/_rels/", "/").removesuffix(".rels")}


def _settings(data: bytes) -> bytes:
    """Settings without the marks of each session of writing and without the template on somebody's disk."""
    root = parse(data)
    for one in list(root):
        if isinstance(one.tag, str) and etree.QName(one).localname in ("rsids", "attachedTemplate", "docVars"):
            root.remove(one)
    return _xml(root)


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
