"""PDFium, one call at a time, and pages of a PDF as pictures.

PDFium may not be entered by two threads at once, not even for two documents (pypdfium2 says so in its README), and a
site answers on several threads. Whatever uses it is marked `alone`.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from gongkai.papers.refusal import PaperRefused

ALONE = threading.RLock()
WIDEST = 1200
"""Pixels of the longer side of a page as a picture: enough to read by, and no page is too large to draw."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def alone(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function that nobody else's PDFium runs beside."""

    @wraps(work)
    def held(*args: _P.args, **more: _P.kwargs) -> _T:
        with ALONE:
            return work(*args, **more)

    return held


def _opened(data: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PaperRefused("PDF 不完整、已损坏或者有密码，无法打开；请用阅读器打开后另存为 PDF 再试。") from error


@alone
def page_sizes(data: bytes) -> list[tuple[float, float]]:
    """Width and height of every page as it is shown, in points. Raises `PaperRefused` where it cannot be opened."""
    document = _opened(data)
    try:
        return [document.get_page_size(n) for n in range(len(document))]
    finally:
        document.close()


@alone
def page_png(data: bytes, page: int) -> bytes:
    """A page, counted from 1, as PNG. Raises `PaperRefused`, and IndexError for a page that there is not."""
    document = _opened(data)
    try:
        if not 1 <= page <= len(document):
            raise IndexError(page)
        width, height = document.get_page_size(page - 1)
        scale = WIDEST / max(width, height, 1)
        out = io.BytesIO()
        document[page - 1].render(scale=scale).to_pil().convert("RGB").save(out, "PNG")
        return out.getvalue()
    finally:
        document.close()
