"""The files of a content: the names under which they can stand in an address and in a folder."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from gongkai.records.models import Content

SAFE = {
    *("pdf", "ofd", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "csv", "txt", "zip", "rar", "7z"),
    *("jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "mp4", "webm", "mp3", "json"),
}
"""Endings that a server may tell a type from. Others are handed out as bytes: nothing that a browser runs."""
_OURS = re.compile(r"(?:table-.*\.csv|v\d+\.json)", re.I)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file at its address."""

    name: str
    digest: str
    title: str
    size: int
    media: str
    alt: str
    map_number: str

    @property
    def type(self) -> str:
        """PDF, DOCX …"""
        return Path(self.title).suffix.lstrip(".").upper() or "文件"


def attached(content: Content) -> list[Attachment]:
    """The files of a content under names that can stand in an address and in a folder, each once."""
    out: list[Attachment] = []
    taken: set[str] = set()
    for entry in content.attachments:
        name = safe_name(str(entry.get("name") or ""))
        if _OURS.fullmatch(name):  # what lies beside the attachments by itself
            name = f"附件-{name}"
        stem, dot, tail = name.rpartition(".")
        at = 2
        while name.lower() in taken:
            name = f"{stem}（{at}）{dot}{tail}"
            at += 1
        taken.add(name.lower())
        about_map, alt = str(entry.get("map_number") or ""), str(entry.get("alt") or "")
        title, media = str(entry.get("name") or name), str(entry.get("media") or "")
        out.append(Attachment(name, str(entry["digest"]), title, int(entry.get("size") or 0), media, alt, about_map))
    return out


def safe_name(name: str) -> str:
    """A file's name without a path, control characters or marks that mean something in an address."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(" " if c in '%?#&"<>|:*;`\u3000' else c for c in plain if c.isprintable())
    plain = " ".join(plain.split()).strip(". ")
    stem, dot, tail = plain.rpartition(".")
    if not dot:
        stem, tail = plain, ""
    if tail.lower() not in SAFE:
        stem, tail = plain, "bin"
    while len(stem.encode()) > 180:
        stem = stem[:-1]
    return f"{stem.strip('. ') or '附件'}.{tail.lower()}"
