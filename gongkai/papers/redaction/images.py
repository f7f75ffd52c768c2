"""Pictures without what cameras and programs write into them; the pixels stay."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

MAX_PIXELS = 100_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD", b"sBIT", b"hIST")
)
"""Chunks that a picture needs to be shown; text, time and EXIF are none of them."""


def stripped(data: bytes) -> tuple[bytes, str] | None:
    """The picture without metadata and its kind (png, jpeg, gif, bmp, tiff); None for what cannot be cleaned."""
    try:
        if data.startswith(_PNG):
            return _png(data), "png"
        if data.startswith(b"\xff\xd8\xff"):
            return jpeg(data), "jpeg"
    except (ValueError, struct.error):
        pass  # cut off, or written oddly: perhaps it can still be drawn
    try:
        return _redrawn(data)
    except Exception:  # whatever a damaged picture makes a reader raise
        return None


def _png(data: bytes) -> bytes:
    out, at = [_PNG], 8
    while at + 12 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        name, end = data[at + 4 : at + 8], at + 12 + size
        if end > len(data):
            raise ValueError("chunk runs over the end")
        if name in _CHUNKS:
            out.append(data[at:end])
        if name == b"IEND":  # what stands behind the end is no picture
            return b"".join(out)
        at = end
    raise ValueError("no end")


def jpeg(data: bytes) -> bytes:
    """A JPEG without its application segments and comments, up to its end."""
    out, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            return b"".join([*out, b"\xff\xd9"])
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + size]
        # JFIF without its thumbnail, and Adobe's, without which colours turn.
        if marker == 0xE0 and segment[4:9] == b"JFIF\x00":
            out.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00")
        elif (marker == 0xEE and segment[4:9] == b"Adobe") or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            out.append(segment[:16] if marker == 0xEE and size == 14 else segment)
        at += 2 + size
        if marker == 0xDA:
            start = at
            while at + 1 < len(data) and not (data[at] == 0xFF and data[at + 1] not in (0, *range(0xD0, 0xD8), 0xFF)):
                at += 1
            out.append(data[start:at])
    raise ValueError("no end")


def _redrawn(data: bytes) -> tuple[bytes, str] | None:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        kind = {"GIF": "gif", "BMP": "bmp", "TIFF": "tiff", **dict.fromkeys(("WEBP", "PNG", "JPEG"), "png")}.get(
            picture.format or ""
        )
        if kind is None or picture.width * picture.height > MAX_PIXELS:
            return None
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        plain = picture.convert("RGBA" if clear else "RGB")
        bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    if kind == "bmp":
        bare = bare.convert("RGB")
    held = io.BytesIO()
    bare.save(held, {"gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "png": "PNG"}[kind])
    return held.getvalue(), kind


def plain(shade: int) -> bytes:
    """A small grey or black PNG in the place of a picture."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compress((b"\x00" + bytes([shade]) * 16) * 16)
    head = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    return _PNG + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def clean(part: Any, gone: bool = False) -> bool:
    """Clean the picture of a part, or put a black one in its place; False when a grey one had to take its place."""
    if gone:
        part.data, part.kind = plain(0), "png"
        return True
    held = stripped(part.data)
    part.data, part.kind = held if held is not None else (plain(200), "png")
    return held is not None
