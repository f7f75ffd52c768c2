"""RSS: everything, one kind, the policy library as it was narrowed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from gongkai.base.clock import today
from gongkai.portal import policy as library
from gongkai.portal.about import about
from gongkai.portal.frame import base
from gongkai.records import reads
from gongkai.records.kinds import kinds
from gongkai.records.models import Record

MOST = 50


def _feed(request: HttpRequest, title: str, address: str, records: list[Record]) -> HttpResponse:
    root = base(request)
    site = about().name
    feed = Rss201rev2Feed(
        title=f"{title} · {site}", link=root + address, description=f"{site}公开的{title}", language="zh-CN"
    )
    for record in records:
        kind = kinds().get(record.kind)
        said = record.published.summary if record.published else ""
        at = f"{root}/p/{record.pk}.html"
        feed.add_item(
            title=record.title,
            link=at,
            description=said or record.document_number or "",
            pubdate=record.first_published_at,
            updateddate=record.published_at,
            unique_id=at,
            categories=[kind.name] if kind else [],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def everything(request: HttpRequest) -> HttpResponse:
    """The newest of all kinds."""
    newest = reads.visible(None).select_related("published").defer("published__body", "published__fields")
    found = newest.order_by("-first_published_at", "-id")[:MOST]
    return _feed(request, "最新政府信息", reverse("portal:home"), list(found))


def of_kind(request: HttpRequest, code: str) -> HttpResponse:
    """The newest of one kind."""
    kind = kinds().get(code)
    if kind is None:
        raise Http404
    newest = reads.visible(None).filter(kind=code).select_related("published")
    found = newest.defer("published__body", "published__fields").order_by("-first_published_at", "-id")[:MOST]
    return _feed(request, kind.name, reverse("portal:list", args=[code]), list(found))


def policy(request: HttpRequest) -> HttpResponse:
    """The policy library with the same choices as its page."""
    found = library.narrowed(library.chosen(request), today()).select_related("published")
    return _feed(request, "政策文件", reverse("portal:policy"), list(found.defer("published__body")[:MOST]))
