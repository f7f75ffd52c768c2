"""Lists in pages; what was chosen stays in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from gongkai.base.clock import today
from gongkai.orgs.reads import tree_on
from gongkai.portal import fields
from gongkai.records import rules
from gongkai.records.kinds import COMMON, Kind, kinds
from gongkai.records.models import Record

PER_PAGE = 20


def pages_of(records: QuerySet[Record], request: HttpRequest, per_page: int = PER_PAGE) -> Page[Record]:
    """The page that was asked for; the nearest where there is none."""
    return Paginator(records, per_page).get_page(request.GET.get("page", "1"))


def query_of(request: HttpRequest) -> dict[str, list[str]]:
    """What the address says, without the number of the page."""
    return {key: request.GET.getlist(key) for key in request.GET if key != "page"}


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list."""

    record: Record
    owner: str
    kind: str
    facts: tuple[fields.Fact, ...]
    state: str
    state_text: str


def lines(records: list[Record], columns: tuple[str, ...] = ()) -> list[Line]:
    """Records as lines: owner, validity, and the elements or short fields that the list has columns for."""
    day = today()
    tree = tree_on(day)
    out = []
    for record in records:
        kind = kinds().get(record.kind)
        state = rules.validity(record, day) if kind is not None and kind.validity else ""
        told: tuple[fields.Fact, ...] = ()
        if columns and kind is not None and record.published is not None:
            held = {f.key: f for f in fields.facts(kind, record.published, columns, tree)}
            told = tuple(held.get(key) or fields.Fact(key, heading(kind, key), "") for key in columns)
        owner = tree[record.owner_id].name if record.owner_id in tree else ""
        out.append(Line(record, owner, kind.name if kind else "", told, state, rules.VALIDITY.get(state, "")))
    return out


def heading(kind: Kind, key: str) -> str:
    """The name of a column."""
    return COMMON[key] if key in COMMON else kind.field(key).shown


def columns_of(kind: Kind) -> tuple[str, ...]:
    """What a list of a kind shows beside title, owner and date: up to three short elements of its head table."""
    skip = {"title", "topic", "issuers", "keywords", "effective", "expires", "contact", "summary", "body"}
    own: dict[str, Any] = {f.key: f for f in kind.fields}
    wanted = [k for k in kind.shown if k not in skip and (k in COMMON or _short(own[k]))]
    most = 2 if kind.view in ("document", "page") else 4
    return tuple(wanted[:most])


def _short(field: Any) -> bool:
    return field.type in ("date", "number", "money", "choice") or (field.type == "text" and field.lines == 1)
