"""What is out for a limited circle, by the code that they were given. Never pressed, never indexed, never kept."""

from __future__ import annotations

from typing import TypeVar

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from gongkai.portal import sheet
from gongkai.portal.record import hand_out, page_of, playing
from gongkai.portal.sheet import Sheet
from gongkai.records import reads

Answer = TypeVar("Answer", HttpResponse, FileResponse)


def _sheet(code: str) -> Sheet:
    held = reads.by_code(code)
    made = sheet.limited_sheet(held) if held else None
    if made is None:
        raise Http404
    return made


def record(request: HttpRequest, code: str) -> HttpResponse:
    """The page for those who hold the code."""
    return _shut(playing(HttpResponse(page_of(_sheet(code)))))


def attachment(request: HttpRequest, code: str, name: str) -> FileResponse:
    """A file for those who hold the code."""
    return _shut(hand_out(_sheet(code).attachments, name))


def _shut(response: Answer) -> Answer:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
