"""The map of the site for people and for machines, and where old addresses have gone."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from gongkai.base.clock import ZONE
from gongkai.portal.api.twins import csv_response, json_response, twin_of
from gongkai.portal.column import Column
from gongkai.portal.frame import base, page
from gongkai.records import reads
from gongkai.records.kinds import Kind, kinds

PART = 50_000


def people(request: HttpRequest) -> HttpResponse:
    """网站地图."""
    groups: dict[str, list[tuple[Kind, int]]] = {}
    for kind, count in _counted():
        groups.setdefault(kind.group, []).append((kind, count))
    column = Column(None)
    twin = twin_of(request, "/sitemap")
    return page("sitemap", groups=list(groups.items()), below=column.below(), body=column.body, twin=twin)


def _counted() -> list[tuple[Kind, int]]:
    counts = reads.counts(reads.visible(None))
    return [(kind, counts.get(kind.code, 0)) for kind in kinds().values()]


def people_twin(request: HttpRequest, form: str) -> HttpResponseBase:
    """网站地图 as data: the kinds with how much is out of each."""
    held = _counted()
    if form == "json":
        listed = [
            {"group": k.group, "code": k.code, "name": k.name, "count": n, "url": f"/list/{k.code}.json"}
            for k, n in held
        ]
        return json_response({"total": sum(n for _, n in held), "kinds": listed})
    root = base(request)
    lines = [["栏目", "种类", "条数", "网址"], *([k.group, k.name, str(n), f"{root}/list/{k.code}/"] for k, n in held)]
    return csv_response(request, lines, "sitemap")


def index(request: HttpRequest) -> HttpResponse:
    """The index of the map for machines; parts are cut by number, so that they stay as they are."""
    root = base(request)
    last = reads.visible(None).aggregate(last=Max("id"))["last"] or 0
    parts = "".join(
        f"<sitemap><loc>{escape(root + reverse('portal:sitemap-part', args=[n]))}</loc></sitemap>"
        for n in range(last // PART + 1)
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>')


def part(request: HttpRequest, number: int) -> HttpResponse:
    """One part: records with numbers in its range; the first has the fixed pages as well."""
    root = base(request)
    out = []
    if number == 0:
        fixed = [reverse(f"portal:{name}") for name in ("home", "gk", "policy", "sitemap", "data")]
        fixed += [reverse("portal:list", args=[code]) for code in kinds()]
        fixed += [reverse("portal:gk-of", args=[n.id]) for _, nodes in Column(None).below() for n in nodes]
        out += [f"<url><loc>{escape(root + at)}</loc></url>" for at in fixed]
    seen = reads.visible(None).filter(id__gte=number * PART, id__lt=(number + 1) * PART).order_by("id")
    rows = seen.values_list("id", "published_at")
    for pk, at in rows.iterator(chunk_size=5000):
        on = f"<lastmod>{at.astimezone(ZONE).date().isoformat()}</lastmod>" if at else ""
        out.append(f"<url><loc>{escape(root)}/p/{pk}.html</loc>{on}</url>")
    if not out:
        raise Http404
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(out)}</urlset>')


def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: the staff's door and what a code opens are nobody's business."""
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /x/", "Disallow: /search", "Disallow: /live/"]
    lines.append(f"Sitemap: {base(request)}{reverse('portal:sitemap-index')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def old(request: HttpRequest, path: str) -> HttpResponse:
    """Where a page of the former site has gone."""
    query = request.META.get("QUERY_STRING", "")
    asked = "/" + path.lstrip("/") + (f"?{query}" if query else "")
    seen = reads.visible(None).exclude(old_address="")
    record = seen.filter(old_address__in=[asked, asked[1:]]).order_by("id").first()
    if record is None:  # it was kept with the former site's name before it
        held = seen.filter(old_address__endswith=asked).order_by("id")[:20]
        record = next((r for r in held if "://" in r.old_address and _path(r.old_address) == asked), None)
    if record is None:
        raise Http404
    return HttpResponsePermanentRedirect(f"/p/{record.pk}.html")


def _path(address: str) -> str:
    held = urlsplit(address)
    return held.path + (f"?{held.query}" if held.query else "")


def _xml(text: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', content_type="application/xml; charset=utf-8"
    )
