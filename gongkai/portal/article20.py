"""法定主动公开内容 in the order of Articles 20, 21 and 19: the law's items, asked of the records."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from gongkai.law import disclosure
from gongkai.law.disclosure import citation
from gongkai.orgs.models import Kind as Body
from gongkai.records.kinds import kinds
from gongkai.records.models import Record

__all__ = ["Filled", "Item", "citation", "filled", "items"]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the law: its address, its number as it is printed, its words, and what belongs to it."""

    code: str
    article: str
    number: str
    text: str
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def belongs(self) -> Q:
        """The records of this item."""
        if self.words:
            named = Q()
            for word in self.words:
                named |= Q(title__icontains=word) | Q(published__keywords__icontains=word)
            return named & ~Q(kind__in=_without())
        return Q(kind__in=self.kinds)


@dataclass(frozen=True, slots=True)
class Filled:
    """An item with how much is there, and since when."""

    item: Item
    count: int
    latest: dt.datetime | None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("gongkai.portal") / "article20.toml").read_text("utf-8"))


def _without() -> tuple[str, ...]:
    return tuple(_data()["without"])


def items(body: Body) -> list[Item]:
    """The items for a body: fifteen of Article 20, the topics of Article 21 that are its own, and Article 19."""
    by_article: dict[str, list[str]] = {}
    for kind in kinds().values():
        by_article.setdefault(kind.article, []).append(kind.code)
    every, own, rest = disclosure.article20(), disclosure.article21(body), disclosure.article19()
    out = [
        Item(f"20-{n}", every.basis, f"（{_chinese(n)}）", text, tuple(by_article.get(f"20({n})", ())))
        for n, text in enumerate(every.items, 1)
    ]
    words = _data()["words"]
    out += [
        Item(f"21-{n}", own.basis, str(n), topic, words=tuple(words[topic])) for n, topic in enumerate(own.items, 1)
    ]
    codes = tuple(c for c in by_article.get("19", ()) if c not in _without())
    return [*out, Item("19", rest.basis, "", rest.items[0], codes)]


def filled(records: QuerySet[Record], body: Body) -> list[Filled]:
    """Every item with its count and its latest date, by two questions."""
    wanted = items(body)
    rows = records.order_by().values_list("kind").annotate(n=Count("id"), last=Max("first_published_at"))
    of_kind = {kind: (n, last) for kind, n, last in rows}
    asked: dict[str, Any] = {}
    for at, item in enumerate(wanted):
        if item.words:
            asked[f"n{at}"] = Count("id", filter=item.belongs)
            asked[f"last{at}"] = Max("first_published_at", filter=item.belongs)
    told = records.order_by().aggregate(**asked)
    out = []
    for at, item in enumerate(wanted):
        if item.words:
            out.append(Filled(item, told[f"n{at}"], told[f"last{at}"]))
            continue
        held = [of_kind[k] for k in item.kinds if k in of_kind]
        out.append(Filled(item, sum(n for n, _ in held), max((last for _, last in held if last), default=None)))
    return out


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    digits = "〇一二三四五六七八九"
    return ("十" if tens else "") + (digits[ones] if ones else "") if tens < 2 else str(n)
