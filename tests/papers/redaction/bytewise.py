"""A search through the bytes of a copy that knows nothing of how it was made."""

from __future__ import annotations

import html
import io
import re
import warnings
import zipfile
from urllib.parse import unquote

import pikepdf

_SETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def _forms(text: str) -> list[bytes]:
    out = [text.encode(s) for s in _SETS]
    out += [text.encode("utf-16-be").hex().encode(), text.encode("utf-16-be").hex().upper().encode()]
    return out


def in_package(data: bytes, text: str) -> list[str]:
    """The parts of an office file that hold a text: as bytes, over the seams of runs, in addresses."""
    out = ["raw"] if any(f in data for f in _forms(text)) else []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            held = archive.read(name)
            found = text in name or any(f in held for f in _forms(text))
            if name.endswith((".xml", ".rels", ".vml")):
                words = html.unescape(held.decode("utf-8"))
                # Paragraphs, cells and items part texts; runs do not.
                joined = re.sub(r"</(?:\w+:)?(?:p|si|is|c|tc|comment)>", "\n", words)
                flat = re.sub(r"[ \t\u3000]", "", re.sub(r"<[^>]*>", "", joined))
                found = found or text in words or text in unquote(words) or text in flat
            if held[:2] == b"PK":
                found = found or bool(in_package(held, text))
            if found:
                out.append(name)
    return out


def in_pdf(data: bytes, text: str) -> list[str]:
    """The objects of a PDF that hold a text, every stream unpacked."""
    out = ["raw"] if any(f in data for f in _forms(text)) else []
    with pikepdf.open(io.BytesIO(data)) as held:
        for one in held.objects:
            where = str(getattr(one, "objgen", "?"))
            if any(f in one.unparse(resolved=True) for f in _forms(text)) or text in repr(one):
                out.append(where)
            if not isinstance(one, pikepdf.Stream):
                continue
            looked = [one.read_raw_bytes()]
            if one.get("/Subtype") != "/Image":
                content = one.read_bytes()
                looked += [content, re.sub(rb"[\s<>\[\]()-]", b"", content).upper(), _said(one)]
            if any(f in held_bytes for f in _forms(text) for held_bytes in looked):
                out.append(where)
    return out


def _said(stream: pikepdf.Stream) -> bytes:
    """All strings that a stream of drawing commands shows, one after the other."""
    out = b""
    try:
        with warnings.catch_warnings(action="ignore"):
            commands = pikepdf.parse_content_stream(stream)
        for one in commands:
            for operand in one.operands:
                held = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
                out += b"".join(bytes(h) for h in held if isinstance(h, pikepdf.String))
    except pikepdf.PdfError:
        return out  # no drawing commands
    return out
