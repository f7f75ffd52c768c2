"""What leaves the desk as a file: tables made here, attachments as they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from gongkai.base.actions import path_of

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def table(data: bytes, form: str, name: str, title: str = "") -> HttpResponse:
    """A table in an office format to be saved under a plain name, or a Chinese title where there is one."""
    response = HttpResponse(data, content_type=MIME[form])
    titled = f"; filename*=UTF-8''{quote(title)}.{form}" if title else ""
    response["Content-Disposition"] = f"attachment; filename={name}.{form}{titled}"
    return response


def sealed_out(data: bytes, name: str, media: str = "application/octet-stream") -> HttpResponse:
    """Bytes that lie sealed here, to be saved, never shown as a page of ours, kept by no cache."""
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def attachment(entry: Mapping[str, Any]) -> FileResponse:
    """The bytes of an attachment under its name: what was uploaded is never shown as a page of ours."""
    response = FileResponse(path_of(entry["digest"]).open("rb"), as_attachment=True, filename=entry["name"])
    response["Content-Type"] = "application/octet-stream"
    return response
