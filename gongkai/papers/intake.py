"""One way in: a file of any office format becomes a `Paper`."""

from __future__ import annotations

import re
from pathlib import Path

from gongkai.papers.grid import Paper, Para
from gongkai.papers.limits import MAX_FILE_BYTES
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.sniff import kind_of

_PRIVATE = re.compile("[\ue000-\uf8ff]")


def read(path: str | Path) -> Paper:
    """Read the file at `path`.

    Raises `PaperRefused` with one Chinese line for whatever cannot be read; never another error for bad content.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise PaperRefused("这是文件夹，不是文件；请选择其中的方案文件。")
        if not path.is_file():
            raise PaperRefused("这不是普通文件，不能读取；请选择方案文件。")
        if size > MAX_FILE_BYTES:
            raise PaperRefused(
                f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，不像是分工方案；请只截取分工表所在的部分。"
            )
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        if isinstance(error, PaperRefused):
            raise
        raise PaperRefused("找不到这个文件；请核对文件名和路径。") from error
    except PermissionError as error:
        raise PaperRefused("没有读取这个文件的权限；请检查文件权限或换一个位置。") from error
    except OSError as error:
        raise PaperRefused(f"文件读不出来（{error.strerror or '系统错误'}）；请把它复制到本机硬盘再试。") from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str = "") -> Paper:
    """Read a document from its bytes; `name` is used in messages and as a last hint of the format.

    Raises `PaperRefused` with one Chinese line for whatever cannot be read.
    """
    try:
        paper = _read(data, name, kind_of(data, name))
    except PaperRefused:
        raise
    except ImportError:
        raise  # a broken installation is no broken file
    except MemoryError as error:
        raise PaperRefused("文件内容过大，内存不足以读取；请只截取分工表所在的部分。") from error
    except RecursionError as error:
        raise PaperRefused("文件嵌套层次异常，无法读取；请用 WPS/Word 打开后另存再试。") from error
    except Exception as error:
        # Whatever a damaged file makes a library raise means the same to its reader.
        raise PaperRefused(
            "文件不完整或已损坏，无法打开；请让发件人重新发送，或用 WPS/Word 打开后另存再试。"
        ) from error
    if not any(b.text.strip() if isinstance(b, Para) else b.rows for b in paper.blocks):
        raise PaperRefused("文件是空的，没有任何文字；请核对是否选错了文件。")
    _plain(paper)
    paper.name = name
    return paper.number()


def _plain(paper: Paper) -> None:
    """Drop characters of private use: the bullets of symbol fonts, which mean nothing without their font."""
    for block in paper.blocks:
        for place in [block] if isinstance(block, Para) else [c for row in block.rows for c in row]:
            if _PRIVATE.search(place.text):
                place.text = _PRIVATE.sub("", place.text).strip()


def _read(data: bytes, name: str, kind: str) -> Paper:
    # Each reader is imported when needed: a cold start pays for one format only.
    if kind == "docx":
        from gongkai.papers.word import read_docx

        return read_docx(data)
    if kind == "xlsx":
        from gongkai.papers.excel import read_xlsx

        return read_xlsx(data)
    if kind == "xls":
        from gongkai.papers.excel import read_xls

        return read_xls(data)
    if kind == "pdf":
        from gongkai.papers.pdf import read_pdf

        return read_pdf(data)
    if kind in ("html", "mht"):
        from gongkai.papers.web import read_html, read_mht

        return read_mht(data) if kind == "mht" else read_html(data)
    if kind == "ofd":
        from gongkai.papers.ofd import read_ofd

        return read_ofd(data)
    if kind == "image":
        from gongkai.papers.scan import read_image

        return read_image(data)
    if kind in ("doc", "odf", "rtf", "xls-xml"):
        from gongkai.papers.office import convert

        suffix = {"doc": ".doc", "odf": Path(name).suffix or ".odt", "rtf": ".rtf", "xls-xml": ".xml"}[kind]
        target = "xlsx" if kind == "xls-xml" or suffix in (".ods", ".ots") else "docx"
        return _read(convert(data, suffix, target), name, target)
    from gongkai.papers.text import decode, read_csv, read_text

    text = decode(data)
    return read_csv(text) if kind == "csv" else read_text(text)
