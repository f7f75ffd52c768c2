"""PDFium is entered by one thread at a time, whoever reads, covers, checks or draws a PDF."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.papers.pdfium import ALONE, page_png, page_sizes
from gongkai.papers.redaction import Area, Cover, find, redact
from gongkai.papers.refusal import PaperRefused
from gongkai.records.checks.attachments import examine


def pdf(pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for _ in range(pages):
        canvas.drawString(100, 700, "SECRET NAME")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


WORK: dict[str, Callable[[bytes], object]] = {
    "find": lambda data: find(data, "a.pdf", "SECRET"),
    "cover words": lambda data: redact(data, "a.pdf", [Cover("SECRET", "隐私")]),
    "cover an area": lambda data: redact(data, "a.pdf", [Area(1, (10, 10, 50, 50), "隐私")]),
    "look into": lambda data: examine(data, "a.pdf"),
    "draw": lambda data: page_png(data, 1),
    "measure": page_sizes,
}


@pytest.mark.parametrize("work", WORK.values(), ids=list(WORK))
def test_one_at_a_time(work: Callable[[bytes], object]) -> None:
    data, done = pdf(), threading.Event()

    def run() -> None:
        work(data)
        done.set()

    thread = threading.Thread(target=run, daemon=True)
    with ALONE:
        thread.start()
        assert not done.wait(0.5)
    assert done.wait(60)


def test_pages_as_pictures() -> None:
    assert page_sizes(pdf(2)) == [(595, 842), (595, 842)]
    assert page_png(pdf(2), 2).startswith(b"\x89PNG")
    for page in (0, 3):
        with pytest.raises(IndexError):
            page_png(pdf(2), page)
    with pytest.raises(PaperRefused, match="无法打开"):
        page_sizes(b"%PDF-1.4 nothing")
