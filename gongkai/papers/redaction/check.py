"""The last look at a copy before it is handed out: what was covered must be nowhere in its bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gongkai.papers.redaction.matching import folded, telling
from gongkai.papers.redaction.model import Cover, Needle, Unit, passages
from gongkai.papers.refusal import PaperRefused

_SETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def refuse(cover: Cover, place: str) -> PaperRefused:
    """What is said when something would remain."""
    return PaperRefused(
        f"“{cover.text.strip()}”在{place}仍然存在，不能保证遮盖干净，没有生成副本；请把文件打印为 PDF 后再遮盖。"
    )


def texts(covers: Iterable[tuple[Cover, Needle]], units: Sequence[Unit]) -> None:
    """Refuse when a text of the copy still holds a covered string."""
    for cover, needle in covers:
        left = passages(units, needle)
        if left:
            raise refuse(cover, left[0].place)


def package(data: bytes, covers: Sequence[tuple[Cover, Needle]]) -> None:
    """Refuse when any part of the copy still holds a covered string, as text or as bytes."""
    own = [(c, n) for c, n in covers if telling(n.folded)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            held = archive.read(name)
            words = folded(held.decode("utf-8", "ignore")) if name.endswith((".xml", ".rels")) else ""
            for cover, needle in own:
                if needle.folded in words or _holds(held, cover.text):
                    raise refuse(cover, "文件的内部名称里")


def _holds(data: bytes, text: str) -> bool:
    for charset in _SETS:
        try:
            sought = text.strip().encode(charset)
        except UnicodeEncodeError:
            continue
        # Few bytes stand in a picture by chance.
        if len(sought) >= 6 and sought in data:
            return True
    return False


def pdf(data: bytes, covers: Sequence[tuple[Cover, Needle]]) -> None:
    """Refuse when a page, a string or a stream of the copy still holds a covered string."""
    import pikepdf
    import pypdfium2

    from gongkai.papers.redaction.pdf_open import hidden_texts
    from gongkai.papers.redaction.pdf_text import passages as on_pages
    from gongkai.papers.redaction.pdf_text import read_page

    document = pypdfium2.PdfDocument(data)
    try:
        pages = [read_page(document[n], n + 1) for n in range(len(document))]
    finally:
        document.close()
    with pikepdf.open(io.BytesIO(data)) as held:
        texts(covers, list(hidden_texts(held)))
        streams = list(_streams(held))
    for cover, needle in covers:
        left = on_pages(pages, needle)
        if left:
            raise refuse(cover, left[0].place)
        if telling(needle.folded) and any(_holds(s, cover.text) for s in streams):
            raise refuse(cover, "PDF 的内部数据里")


def _streams(held: Any) -> Iterator[bytes]:
    import pikepdf

    for one in held.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image":
            try:
                yield bytes(one.read_bytes())
            except pikepdf.PdfError:
                yield bytes(one.read_raw_bytes())
