"""政策文件库: every policy document, narrowed by what the citizen knows of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gongkai.base.clock import today
from gongkai.orgs.reads import tree_on
from gongkai.portal.api.twins import list_twin, twin_of
from gongkai.portal.frame import page
from gongkai.portal.listing import lines, pages_of, query_of
from gongkai.records import reads, rules
from gongkai.records.kinds import kinds
from gongkai.records.models import Record
from gongkai.records.reads import Narrow

GROUP = "政策文件"
STATES = {
    "in-force": "现行有效（含已修改）",
    "modified": "已修改",
    "lapsed": "失效",
    "repealed": "废止",
    "pending": "尚未施行",
}


def codes() -> tuple[str, ...]:
    """The kinds that the library holds."""
    return tuple(k.code for k in kinds().values() if k.group == GROUP)


def chosen(request: HttpRequest) -> Narrow:
    """What the citizen narrowed the library to; what is no choice is left out."""
    ask = request.GET
    year, order, topic = ask.get("year", ""), ask.get("order", ""), ask.get("topic", "")
    return Narrow(
        kinds=tuple(c for c in ask.getlist("kind") if c in codes()) or codes(),
        owners=tuple(int(o) for o in ask.getlist("owner") if o.isascii() and o.isdigit() and len(o) < 10),
        topic=topic if rules.topic_known(topic) else "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 1900 else None,
        validity=ask.get("validity", "") if ask.get("validity", "") in STATES else "",
        text=ask.get("q", "").strip()[:100],
        order="formed" if order == "formed" else "new",
    )


def narrowed(by: Narrow, day: dt.date) -> QuerySet[Record]:
    """The documents that fit; 失效 is both the term that ran out and the decision."""
    records = reads.visible(None)
    if by.validity == "lapsed":
        records = records.filter(reads.valid_on(day, "lapsed") | reads.valid_on(day, "invalid"))
        by = Narrow(by.kinds, by.owners, by.topic, by.year, "", by.text, by.order)
    return reads.narrowed(records, by, day)


def twin(request: HttpRequest, form: str) -> HttpResponseBase:
    """The library as JSON or CSV: what the same address shows as a page."""
    return list_twin(request, narrowed(chosen(request), today()), form, "policy")


def policy(request: HttpRequest) -> HttpResponse:
    """The library."""
    day = today()
    by = chosen(request)
    found = pages_of(narrowed(by, day), request)
    out = reads.visible(None).filter(kind__in=codes()).order_by()
    of_owner: Counter[int] = Counter()
    of_kind: Counter[str] = Counter()
    for owner, kind, count in out.values_list("owner", "kind").annotate(n=Count("id")):
        of_owner[owner] += count
        of_kind[kind] += count
    years = sorted({d.year for d in out.dates("formed", "year")}, reverse=True)
    tree = tree_on(day)
    owners = [(tree[o].name, o, n, o in by.owners) for o, n in of_owner.most_common() if o in tree]
    every = [(c, kinds()[c].name, of_kind[c], c in request.GET.getlist("kind")) for c in codes()]
    return page(
        "policy",
        "policy",
        by=by,
        found=found,
        lines=lines(list(found.object_list)),
        owners=owners,
        kinds=every,
        years=years,
        topics=rules.topics(),
        states=STATES,
        query=query_of(request),
        twin=twin_of(request, "/policy"),
    )
