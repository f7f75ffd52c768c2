"""One record: its page, its older versions, its files, and what stands at its address once it is withdrawn."""

from __future__ import annotations

from mimetypes import guess_type

from csp.constants import SELF
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from gongkai.base.actions import path_of
from gongkai.portal import sheet
from gongkai.portal.attached import Attachment
from gongkai.portal.frame import base, draw
from gongkai.portal.sheet import Sheet
from gongkai.records import reads
from gongkai.records.models import Record

ROOMS = {"政策文件": "policy", "解读回应": "interpretation", "办事服务": "service_guide", "动态公告": "notice"}


def page_of(held: Sheet) -> str:
    """The page of a sheet, the same live and pressed."""
    return draw(held.view, ROOMS.get(held.kind.group, "gk"), sheet=held, article=held)


def tomb_of(record: Record) -> str:
    """What stays at the address of what was withdrawn: title, day, reason, nothing else."""
    return draw("tomb", record=record)


def _visible(pk: int) -> Record | None:
    return reads.visible(None).select_related("published", "owner").filter(pk=pk).first()


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, drawn now: what is pressed is served as a file before anybody asks here."""
    held = _visible(pk)
    if held is not None:
        pages = sheet.sheets([held], base(request))
        if pages:
            return _fresh(HttpResponse(page_of(pages[0][0])))
        raise Http404
    tomb = reads.tombs().filter(pk=pk).first()
    if tomb is not None:
        return _fresh(HttpResponse(tomb_of(tomb), status=410))
    raise Http404


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An older version that was public."""
    return _fresh(HttpResponse(page_of(_older(request, pk, number))))


def attachment(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of what is out."""
    held = _visible(pk)
    pages = sheet.sheets([held], base(request)) if held else []
    if not pages:
        raise Http404
    return hand_out(pages[0][0].attachments, name)


def older_attachment(request: HttpRequest, pk: int, number: int, name: str) -> FileResponse:
    """A file of an older version that was public."""
    return hand_out(_older(request, pk, number).attachments, name)


def _older(request: HttpRequest, pk: int, number: int) -> Sheet:
    held = _visible(pk)
    for pages in sheet.sheets([held], base(request)) if held else []:
        for one in pages[1:]:
            if one.version.number == number:
                return one
    raise Http404


def hand_out(attachments: list[Attachment], name: str) -> FileResponse:
    """The bytes of one of the attachments."""
    for one in attachments:
        if one.name == name:
            path = path_of(one.digest)
            if not path.exists():
                raise Http404
            # The type goes by the ending, of which `safe_name` lets through only what no browser runs.
            media = guess_type(one.name)[0] or "application/octet-stream"
            inline = media == "application/pdf" or media.startswith(("image/", "video/", "audio/"))
            return FileResponse(path.open("rb"), as_attachment=not inline, filename=one.name, content_type=media)
    raise Http404


def playing(response: HttpResponse) -> HttpResponse:
    """Let the page play its own videos: what the page says of itself, the header must allow."""
    setattr(response, "_csp_update", {"media-src": [SELF]})  # noqa: B010  what csp.decorators.csp_update sets
    return response


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return playing(response)
