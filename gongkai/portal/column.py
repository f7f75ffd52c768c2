"""政府信息公开: the column of a body with its four blocks and the entry for requests (国办公开办函〔2019〕61号)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gongkai.base.clock import ZONE, today
from gongkai.orgs.models import Kind as Body
from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import BODIES, Node, Tree
from gongkai.portal import article20, fields
from gongkai.portal.about import about
from gongkai.portal.api.twins import csv_response, json_response, list_twin, twin_of
from gongkai.portal.frame import base, page
from gongkai.portal.listing import columns_of, heading, lines, pages_of, query_of
from gongkai.records import reads
from gongkai.records.kinds import kinds
from gongkai.records.models import Record

LOCAL = (Body.TOWNSHIP, Body.STREET)
GOVERNMENTS = (Body.CITY, Body.COUNTY, *LOCAL)


class Column:
    """The column of one body: what is its own, and what stands below it."""

    def __init__(self, pk: int | None) -> None:
        self.tree: Tree = tree_on(today())
        if pk is None:
            self.body: Node | None = _first(self.tree)
        elif pk in self.tree:
            self.body = self.tree[pk]
        else:
            raise Http404
        self.id = self.body.id if self.body else 0
        self.is_root = self.body is not None and self.body.parent is None and not self.body.gone

    @property
    def own(self) -> set[int]:
        """The body itself with its sections; for a government also the office that keeps its openness."""
        if self.body is None:
            return set()
        below = self.tree.subtree(self.id)
        mine = {o for o in below if self.tree.body_of(o).id == self.id}
        if self.body.kind in (Body.CITY, Body.COUNTY):
            offices = [o for o in below if self.tree[o].openness_office]
            for office in offices:
                keeper = self.tree.body_of(office)
                if keeper.parent == self.id:
                    mine |= {keeper.id, office}
        return mine

    @property
    def all(self) -> set[int]:
        """The body and everything below it."""
        return self.tree.subtree(self.id) if self.body else set()

    def records(self, *codes: str, own: bool = False) -> QuerySet[Record]:
        """What is out of it."""
        seen = reads.visible(None)
        if not self.is_root or own:
            seen = seen.filter(owner__in=self.own if own else self.all)
        if codes:
            seen = seen.filter(kind__in=codes)
        return seen.order_by("-first_published_at", "-id")

    def guide(self) -> Record | None:
        """Its 政府信息公开指南, the newest."""
        found = list(self.records("guide", own=True).select_related("published")[:5])
        found.sort(key=lambda r: r.owner_id != self.id)
        return found[0] if found else None

    def below(self) -> list[tuple[str, list[Node]]]:
        """Departments, then townships and streets, that have a column of their own."""
        if self.body is None:
            return []
        children = [self.tree[c] for c in self.body.children if self.tree[c].kind in BODIES]
        parts = [
            ("政府部门", [n for n in children if n.kind in (Body.DEPARTMENT, Body.VERTICAL)]),
            ("乡镇（街道）", [n for n in children if n.kind in LOCAL]),
            ("下级政府", [n for n in children if n.kind in (Body.CITY, Body.COUNTY)]),
        ]
        return [(name, nodes) for name, nodes in parts if nodes]

    def context(self, block: str) -> dict[str, Any]:
        """What every page of the column shows."""
        return {"column": self, "body": self.body, "block": block, "upper": self._upper()}

    def _upper(self) -> Node | None:
        if self.body is None:
            return None
        return next((self.tree[o] for o in self.tree.above(self.id)[1:] if self.tree[o].kind in BODIES), None)


def _first(tree: Tree) -> Node | None:
    """Whose site this is: the body that site.toml names; else the top of the tree, or where that has nothing out, the
    one government below it that has most of what is."""
    named = about().body
    roots = tree.roots()
    if named:
        found = next((n for n in tree.nodes.values() if n.kind in GOVERNMENTS and n.name == named and not n.gone), None)
        if found is not None:
            return found
    body = roots[0] if roots else None
    if body is None or not any(tree[c].kind in GOVERNMENTS for c in body.children):
        return body
    out = {o for o in reads.visible(None).order_by().values_list("owner", flat=True).distinct() if o in tree}
    while out and not any(tree.body_of(o).id == body.id for o in out):
        held = {c: len(out & tree.subtree(c)) for c in body.children}
        below = [c for c, n in held.items() if n and tree[c].kind in GOVERNMENTS]
        if len(below) != 1 or 2 * held[below[0]] <= sum(held.values()):
            break
        body = tree[below[0]]
    return body


def _open(pk: int | None) -> Column | HttpResponse:
    column = Column(pk)
    if column.body is not None and column.body.kind not in BODIES:
        upper = column.tree.body_of(column.id)
        if upper.id != column.id:
            return redirect("portal:gk-of", upper.id)
    return column


def column(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The front of the column: four blocks, the entry for requests, the columns below."""
    held = _open(pk)
    if isinstance(held, HttpResponse):
        return held
    kind = held.body.kind if held.body else Body.COUNTY
    filled = article20.filled(held.records(), kind)
    return page(
        "gk",
        "gk",
        guide=held.guide(),
        systems=list(held.records("institution", own=True).only("title", "first_published_at")[:6]),
        reports=list(held.records("annual_report", own=True).only("title", "first_published_at")[:6]),
        filled=_grouped(filled),
        total=sum(one.count for one in filled if not one.item.words),
        citation=article20.citation(),
        below=held.below(),
        twin=twin_of(request, f"/gk/{held.id}") if held.body else None,
        **held.context("front"),
    )


def column_twin(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The front of the column as data: every item of the law with how much is out."""
    held = Column(pk)
    filled = article20.filled(held.records(), held.body.kind if held.body else Body.COUNTY)
    root = base(request)
    if form == "csv":
        return csv_response(request, _items(filled, pk, root), f"gk-{pk}")
    guide = held.guide()
    items = [
        {
            **{"code": one.item.code, "article": one.item.article, "number": one.item.number, "text": one.item.text},
            **{"count": one.count, "latest": one.latest.astimezone(ZONE).date().isoformat() if one.latest else None},
            "url": f"/gk/{pk}/open/{one.item.code}.json",
        }
        for one in filled
    ]
    said: dict[str, Any] = {
        "body": held.body.name if held.body else "",
        "guide": f"/p/{guide.pk}.json" if guide else None,
        "systems": f"/gk/{pk}/systems.json",
        "reports": f"/gk/{pk}/reports.json",
        "total": sum(one.count for one in filled if not one.item.words),
        "items": items,
        "below": [{"id": n.id, "name": n.name, "url": f"/gk/{n.id}.json"} for _, nodes in held.below() for n in nodes],
    }
    return json_response(said)


def _items(filled: list[article20.Filled], pk: int, root: str) -> Iterator[list[str]]:
    yield ["依据", "序号", "事项", "条数", "最近公开日期", "网址"]
    for one in filled:
        latest = one.latest.astimezone(ZONE).date().isoformat() if one.latest else ""
        item = one.item
        yield [item.article, item.number, item.text, str(one.count), latest, f"{root}/gk/{pk}/open/{item.code}/"]


def _grouped(filled: list[article20.Filled]) -> list[tuple[str, list[article20.Filled]]]:
    out: dict[str, list[article20.Filled]] = {}
    for one in filled:
        out.setdefault(one.item.article, []).append(one)
    return list(out.items())


def item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What is out under one item of the law."""
    held = _open(pk)
    if isinstance(held, HttpResponse):
        return held
    wanted = _item(held, code)
    found = pages_of(held.records().filter(wanted.belongs), request)
    names = [kinds()[k] for k in wanted.kinds if k in kinds()]
    return page(
        "gk_item",
        "gk",
        item=wanted,
        names=names,
        found=found,
        lines=lines(list(found.object_list)),
        query=query_of(request),
        citation=article20.citation(),
        twin=twin_of(request, f"/gk/{held.id}/open/{code}"),
        **held.context("open"),
    )


def _item(held: Column, code: str) -> article20.Item:
    wanted = next((i for i in article20.items(held.body.kind if held.body else Body.COUNTY) if i.code == code), None)
    if wanted is None:
        raise Http404
    return wanted


def item_twin(request: HttpRequest, pk: int, code: str, form: str) -> HttpResponseBase:
    """What is out under one item, as data."""
    held = Column(pk)
    return list_twin(request, held.records().filter(_item(held, code).belongs), form, f"gk-{pk}-{code}")


BLOCKS = {"systems": ("institution", True), "reports": ("annual_report", False)}


def block_twin(request: HttpRequest, pk: int, block: str, form: str) -> HttpResponseBase:
    """政府信息公开制度 and 年报 as data."""
    code, own = BLOCKS[block]
    return list_twin(request, Column(pk).records(code, own=own), form, f"gk-{pk}-{block}")


def systems(request: HttpRequest, pk: int) -> HttpResponse:
    """政府信息公开制度."""
    return _block(request, pk, "institution", "政府信息公开制度", "systems", own=True)


def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """政府信息公开年报: the body's own of every year, and for a government those of the bodies below it."""
    return _block(request, pk, "annual_report", "政府信息公开年报", "reports", own=False)


def _block(request: HttpRequest, pk: int, code: str, title: str, block: str, *, own: bool) -> HttpResponse:
    held = _open(pk)
    if isinstance(held, HttpResponse):
        return held
    kind = kinds().get(code)
    found = pages_of(held.records(code, own=own).select_related("published").defer("published__body"), request)
    columns = columns_of(kind) if kind else ()
    return page(
        "gk_list",
        "gk",
        title=title,
        headings=[heading(kind, c) for c in columns] if kind else [],
        lines=lines(list(found.object_list), columns),
        found=found,
        query=query_of(request),
        twin=twin_of(request, f"/gk/{held.id}/{block}"),
        **held.context(block),
    )


def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """政府信息公开指南: leads to the record, or says that there is none."""
    held = _open(pk)
    if isinstance(held, HttpResponse):
        return held
    record = held.guide()
    if record is not None:
        return redirect("portal:record", record.pk)
    return page("gk_none", "gk", title="政府信息公开指南", say="还没有公布政府信息公开指南。", **held.context("guide"))


def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """依申请公开: how to ask, in the words of the guide."""
    held = _open(pk)
    if isinstance(held, HttpResponse):
        return held
    record = held.guide()
    told: dict[str, Any] = {}
    if record is not None and record.published is not None and record.kind in kinds():
        keys = ["office", "office_address", "office_hours", "office_phone", "fax", "internet"]
        told["facts"] = fields.facts(kinds()["guide"], record.published, _known(keys), held.tree)
        told["how"] = record.published.fields.get("application", "")
        told["remedy"] = record.published.fields.get("remedy", "")
        told["guide"] = record
    return page("gk_apply", "gk", **told, **held.context("apply"))


def _known(keys: list[str]) -> list[str]:
    own = {f.key for f in kinds()["guide"].fields}
    return [k for k in keys if k in own]
