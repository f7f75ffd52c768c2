"""What is like a request: other requests for the same, and how these were answered. Words, no model."""

from __future__ import annotations

import re
from functools import lru_cache

from django.db.models import Q, QuerySet

from gongkai.cases.models import Case

_COMMON = frozenset(
    [
        "公开",
        "申请",
        "信息",
        "政府",
        "文件",
        "关于",
        "情况",
        "提供",
        "有关",
        "相关",
        "请求",
        "希望",
        "我们",
        "我县",
        "本人",
        "全部",
        "具体",
        "内容",
        "材料",
        "复印件",
        "名单",
        "资料",
    ]
)
LIMIT = 400
"""How many of those that share a word are compared, newest first."""
RECENT = 20_000
"""Among how many of the newest cases words are looked for: no index helps there, and older ones are of little use."""


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Words that say what is asked for: two characters or more, without the words of every request."""
    import rjieba  # its dictionary takes a fifth of a second, which a play of a case need not pay

    plain = re.sub(r"\s+", "", text)
    return tuple(dict.fromkeys(w for w in rjieba.cut(plain) if len(w) >= 2 and w not in _COMMON and not w.isdecimal()))


def likeness(a: str, b: str) -> float:
    """How much two titles share: common words over all words, 0 to 1."""
    one, other = set(words_of(a)), set(words_of(b))
    return len(one & other) / len(one | other) if one and other else 0.0


def _light(found: QuerySet[Case]) -> QuerySet[Case]:
    """The newest, without what is sealed: unsealing hundreds of applicants to compare titles takes most of the time."""
    return found.order_by("-id").defer("applicant", "code", "asked")[:LIMIT]


def alike(case: Case, least: float = 0.6) -> list[Case]:
    """Other requests of the same body for the same thing, newest first."""
    wanted = words_of(case.title)
    if not wanted:
        return []
    named = Q()
    for word in wanted[:6]:
        named |= Q(title__contains=word)
    others = _newest(case.body_id).filter(named, purpose=case.purpose, erased_on=None).exclude(pk=case.pk)
    return [c for c in _light(others.exclude(state="moved")) if likeness(c.title, case.title) >= least]


def answered_before(title: str, body: int | None = None, most: int = 5) -> list[Case]:
    """Ended requests for something like it, with the nearest first: how was it answered?"""
    wanted = words_of(title)
    if not wanted:
        return []
    named = Q()
    for word in wanted[:6]:
        named |= Q(title__contains=word)
    found = _newest(body).filter(named, erased_on=None).exclude(outcome="").exclude(state="moved")
    ranked = sorted(_light(found), key=lambda c: -likeness(c.title, title))
    return [c for c in ranked if likeness(c.title, title) >= 0.25][:most]


def _newest(body: int | None) -> QuerySet[Case]:
    """The newest cases of a body, or of all."""
    mine = Case.objects.all() if body is None else Case.objects.filter(body=body)
    return Case.objects.filter(pk__in=mine.order_by("-pk").values("pk")[:RECENT])
