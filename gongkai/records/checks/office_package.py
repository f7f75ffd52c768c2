"""An office package as a set of parts that can be looked through, changed and written back."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gongkai.papers.limits import open_zip, part
from gongkai.papers.nodes import attribute, drop, local, named
from gongkai.papers.word import parse_xml
from gongkai.records.checks import personal

WORDS_IN = frozenset(
    ("descr", "title", "alt", "Target", "tooltip", "display", "string", "prompt", "promptTitle", "error", "errorTitle")
)
"""Attributes that hold what somebody wrote."""
AUTHORS_IN = frozenset(("author", "initials", "displayName", "userId", "lastModifiedBy"))


class Package:
    """The parts of a docx or xlsx by name; XML is parsed once and written back when it was asked for."""

    def __init__(self, data: bytes) -> None:
        archive = open_zip(data)
        self.parts: dict[str, bytes] = {}
        for entry in archive.infolist():
            if not entry.is_dir():
                self.parts[entry.filename] = _plain_part(archive, entry.filename)
        self._roots: dict[str, Any] = {}

    def names(self, pattern: str) -> list[str]:
        """Names of parts that match, in natural order."""
        found = [n for n in self.parts if re.fullmatch(pattern, n)]
        return sorted(found, key=lambda n: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", n)])

    def root(self, name: str) -> Any:
        """The parsed part, None when there is none."""
        if name not in self._roots:
            if name not in self.parts:
                return None
            self._roots[name] = parse_xml(self.parts[name])
        return self._roots[name]

    def relations(self, name: str) -> Any:
        """The parsed relations of a part, None when it has none."""
        folder, base = posixpath.split(name)
        return self.root(posixpath.join(folder, "_rels", base + ".rels"))

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """Relation id → (its sort, the part or outer address) of a part."""
        root = self.relations(name)
        out: dict[str, tuple[str, str]] = {}
        for one in root if root is not None else ():
            target = str(one.get("Target") or "")
            if one.get("TargetMode") != "External":
                target = (
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                    if target[:1] != "/"
                    else target[1:]
                )
            out[str(one.get("Id"))] = (str(one.get("Type") or "").rsplit("/", 1)[-1], target)
        return out

    def remove(self, gone: set[str]) -> None:
        """Take parts out, with their types and every relation that leads to them."""
        for name in gone:
            folder, base = posixpath.split(name)
            for one in (name, posixpath.join(folder, "_rels", base + ".rels")):
                self.parts.pop(one, None)
                self._roots.pop(one, None)
        types = self.root("[Content_Types].xml")
        for one in list(types):
            if (one.get("PartName") or "").lstrip("/") in gone:
                types.remove(one)
        for name in self.names(r".*\.rels"):
            folder, base = posixpath.split(name)
            source = posixpath.join(posixpath.dirname(folder), base[:-5])
            targets = self.targets(source)
            root = self.root(name)
            for one in list(root):
                if one.get("TargetMode") != "External" and targets[str(one.get("Id"))][1] in gone:
                    root.remove(one)

    def save(self) -> bytes:
        """The package with what was changed, times and system marks made plain."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                if name in self._roots:
                    data = etree.tostring(self._roots[name], xml_declaration=True, encoding="UTF-8", standalone=True)
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        return held.getvalue()


def _plain_part(archive: zipfile.ZipFile, name: str) -> bytes:
    # Pictures are no XML: a declaration of entities in their bytes means nothing.
    if name.lower().endswith((".xml", ".rels", ".vml")):
        return part(archive, name) or b""
    try:
        return archive.read(name)
    except Exception:
        return part(archive, name) or b""


_CORE = ("creator", "lastModifiedBy", "keywords", "description", "subject", "category", "contentStatus", "title")
_APP = ("Manager", "Company", "HyperlinkBase")


def properties(package: Package) -> list[tuple[str, str]]:
    """Who wrote and changed a document, and where: what its properties tell."""
    labels = {"creator": "作者", "lastModifiedBy": "最后修改者", "Manager": "经理", "Company": "单位"}
    out: list[tuple[str, str]] = []
    for name in ("docProps/core.xml", "docProps/app.xml"):
        root = package.root(name)
        for node in root.iter() if root is not None else ():
            if local(node) in labels and (node.text or "").strip():
                out.append((labels[local(node)], node.text.strip()))
    for name in package.names(r"docProps/custom\.xml"):
        out += [("自定义属性", attribute(n, "name")) for n in named(package.root(name), "property")]
    return out


def strip_properties(package: Package) -> None:
    """Take the properties out: author, last change, company, what a template put there."""
    for name in ("docProps/core.xml", "docProps/app.xml"):
        root = package.root(name)
        for node in list(root.iter()) if root is not None else ():
            if (
                local(node) in _CORE
                or local(node) in _APP
                or local(node) in ("TitlesOfParts", "HeadingPairs", "HLinks")
            ):
                drop(node)
    package.remove(set(package.names(r"docProps/(custom\.xml|thumbnail\..*)")) | set(package.names(r"customXml/.*")))


def sweep(root: Any, masks: set[str], *, authors: bool = True) -> None:
    """Cover what is left in single texts and in attributes that somebody wrote."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.text and len(node.text) > 6:
            covered = personal.clean(node.text, masks)
            if covered != node.text:
                node.text = covered
        for key, value in node.attrib.items():
            short = key.rsplit("}", 1)[-1]
            if short in WORDS_IN and len(value) > 6:
                node.set(key, personal.clean(value, masks))
            elif authors and short in AUTHORS_IN and value:
                node.set(key, "")


def written(root: Any) -> Iterator[str]:
    """Texts of attributes that somebody wrote."""
    for node in root.iter():
        if isinstance(node.tag, str):
            for key, value in node.attrib.items():
                if key.rsplit("}", 1)[-1] in WORDS_IN:
                    yield value
