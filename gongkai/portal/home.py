"""The front page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from gongkai.portal.api.twins import Twin
from gongkai.portal.frame import page
from gongkai.records import reads
from gongkai.records.kinds import kinds
from gongkai.records.models import Record

BOXES = (
    ("最新政策", "portal:policy", "", "政策文件"),
    ("政策解读", "portal:list", "interpretation", "解读回应"),
    ("通知公告", "portal:list", "notice", "notice"),
    ("会议与动态", "portal:list", "news", "news"),
)


def home(request: HttpRequest) -> HttpResponse:
    """The front page: the search box, the four blocks of the column, the newest of each."""
    seen = reads.visible(None)
    boxes = []
    for title, address, arg, what in BOXES:
        codes = [k.code for k in kinds().values() if what in (k.code, k.group)]
        if codes:
            boxes.append((title, address, arg, list(_newest(seen.filter(kind__in=codes))[:8])))
    return page("home", "home", boxes=boxes, twin=Twin("/api/records", "/api/records.csv"))


def _newest(records: QuerySet[Record]) -> QuerySet[Record]:
    return records.order_by("-first_published_at", "-id").only("title", "first_published_at", "kind")
