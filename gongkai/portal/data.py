"""数据接口与批量下载: what there is for machines, and where."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from gongkai.portal import bulk
from gongkai.portal.api.twins import Twin
from gongkai.portal.frame import base, page
from gongkai.records.kinds import Kind, kinds


def data(request: HttpRequest) -> HttpResponse:
    """The page for developers."""
    held = bulk.sizes()
    groups: dict[str, list[tuple[Kind, int, int]]] = {}
    for kind in kinds().values():
        count, size = held.get(kind.code, (0, 0))
        if count:
            groups.setdefault(kind.group, []).append((kind, count, size))
    return page(
        "data",
        "data",
        groups=list(groups.items()),
        total=sum(count for count, _ in held.values()),
        root=base(request),
        twin=Twin("/sitemap.json", "/sitemap.csv"),
    )
