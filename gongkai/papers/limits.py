"""Bounds on what is opened at all: a reader must refuse a bomb before it unpacks it."""

from __future__ import annotations

import io
import zipfile

from gongkai.papers.refusal import PaperRefused

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_RATIO = 200
"""Packed XML of a real table seldom passes 1:30; a bomb passes 1:1000."""
MAX_PART_BYTES = 96 * 1024 * 1024
MAX_ENTRIES = 5000
MAX_PDF_PAGES = 200
MAX_TABLE_ROWS = 8_000
MAX_TABLE_CELLS = 80_000
MAX_SPAN = 2000
MAX_TEXT_CHARS = 600_000


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open an office package after its directory was checked for bombs and encryption.

    Raises `PaperRefused` for a broken, encrypted or abnormally inflating archive.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise PaperRefused(
            "文件不完整或已损坏，无法打开；请让发件人重新发送，或用 WPS/Word 打开后另存再试。"
        ) from error
    if any(e.flag_bits & 0x1 for e in entries):
        raise PaperRefused("文件已加密，无法读取；请在 WPS/Word 中去掉打开密码后再试。")
    total = sum(e.file_size for e in entries)
    packed = max(1, sum(e.compress_size for e in entries))
    if (
        len(entries) > MAX_ENTRIES
        or total > MAX_UNPACKED_BYTES
        or any(e.file_size > MAX_PART_BYTES for e in entries)
        or (total > 8 * 1024 * 1024 and total / packed > MAX_RATIO)
    ):
        raise PaperRefused("文件解压后异常庞大，疑似压缩炸弹，已拒绝打开；请核对文件来源。")
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one part, None when there is none; refuses broken parts and XML that declares entities."""
    try:
        with archive.open(name) as stream:
            data = stream.read(MAX_PART_BYTES + 1)
    except KeyError:
        return None
    except Exception as error:  # zlib, CRC, unsupported methods: all mean a broken file
        raise PaperRefused(
            "文件不完整或已损坏，无法打开；请让发件人重新发送，或用 WPS/Word 打开后另存再试。"
        ) from error
    if len(data) > MAX_PART_BYTES:
        raise PaperRefused("文件解压后异常庞大，疑似压缩炸弹，已拒绝打开；请核对文件来源。")
    refuse_entities(data)
    return data


def refuse_large(rows: int, cells: int) -> None:
    """Refuse a table that no plan can have, before it is built."""
    if rows > MAX_TABLE_ROWS or cells > MAX_TABLE_CELLS:
        raise PaperRefused("表格过大，不像是分工方案；请只截取分工表所在的部分。")


def refuse_entities(data: bytes) -> None:
    """Refuse XML with a document type: office formats never carry one, entity bombs always do."""
    head = data[:4096]
    if b"\x00" in head[:64]:
        head = head.replace(b"\x00", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in data:
        raise PaperRefused("文件中含有实体声明（XML 实体炸弹的特征），已拒绝读取；请核对文件来源。")
