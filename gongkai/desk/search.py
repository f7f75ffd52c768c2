"""检索 at the desk: what is out and what one works with, by one's own rights; and what the public looked for in vain."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.records.models import Standing
from gongkai.records.reads import workable
from gongkai.search import reads
from gongkai.search.port import FACETS

LABELS = {"kind": "种类", "owner": "单位", "topic": "主题", "year": "年份", "validity": "有效性"}


@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """One box over everything the viewer may read; each hit leads to where they can work on it, or to its page."""
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    words = request.GET.get("q", "").strip()[:100]
    chosen = {f: tuple(v[:60] for v in request.GET.getlist(f)[:20]) for f in FACETS if request.GET.getlist(f)}
    at = max(number_of(request.GET, "page") or 1, 1)
    found = reads.search(words, viewer, chosen=chosen, offset=(at - 1) * reads.PAGE) if words or chosen else None
    own = set()
    if found is not None:
        own = set(workable(viewer).filter(pk__in=[r.record.pk for r in found.results]).values_list("pk", flat=True))
    lines = [
        {
            "result": r,
            "url": reverse("desk:records-record", args=[r.record.pk]) if r.record.pk in own else r.url,
            "out": r.record.standing == Standing.PUBLISHED,
            "standing": r.record.get_standing_display(),
        }
        for r in (found.results if found else [])
    ]
    kept: dict[str, object] = {"q": words, **{k: list(v) for k, v in chosen.items()}}
    facets = [
        (
            LABELS[f],
            [
                (value, n, value in chosen.get(f, ()), "?" + urlencode(_with(kept, f, value), doseq=True))
                for value, n in found.facets.get(f, [])[:12]
            ],
        )
        for f in FACETS
        if found is not None and found.facets.get(f)
    ]
    pages = {
        "before": "?" + urlencode({**kept, "page": at - 1}, doseq=True) if at > 1 else "",
        "after": "?" + urlencode({**kept, "page": at + 1}, doseq=True)
        if found is not None and found.total > at * reads.PAGE
        else "",
    }
    missed = reads.missed(50) if viewer.governed else []
    return render(
        request,
        "desk/search.html",
        {"words": words, "found": found, "lines": lines, "facets": facets, "pages": pages, "missed": missed},
    )


def _with(kept: dict[str, object], facet: str, value: str) -> dict[str, object]:
    """The address with a value chosen, or no longer chosen."""
    held = kept.get(facet)
    values = [*held] if isinstance(held, list) else []
    values = [v for v in values if v != value] if value in values else [*values, value]
    return {**{k: v for k, v in kept.items() if k != facet}, **({facet: values} if values else {})}
