"""Personal data in running text: what is found, where, and what stands in its place once it is masked.

`find` looks, `mask` covers, `findings` says it in words for people.
"""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.records.checks import Finding
from gongkai.records.checks.names import mask_name
from gongkai.records.checks.personal_hits import FOLD, WHAT, Hit, mask_value
from gongkai.records.checks.personal_numbers import RUN, URL, numbers_in
from gongkai.records.checks.personal_words import addresses_in, passports_in, plates_in

__all__ = [
    "WHAT",
    "Hit",
    "clean",
    "find",
    "findings",
    "mask",
    "mask_name",
    "mask_value",
]


def find(text: str, *, listing: bool = False) -> list[Hit]:
    """Personal data in a text, in order and without overlaps; in a `listing` an address blocks as well."""
    folded = text.translate(FOLD)
    urls = [m.span() for m in URL.finditer(folded)] if "://" in folded or "www." in folded else []
    hits: list[Hit] = []
    for run in RUN.finditer(folded):
        if run.end() - run.start() >= 11:
            hits += numbers_in(text, folded, run.start(), run.end(), urls)
    hits += plates_in(text, folded)
    hits += passports_in(text, folded)
    hits += addresses_in(text, folded, listing)
    hits.sort(key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def mask(text: str, hits: Iterable[Hit]) -> str:
    """The text with every hit covered."""
    for hit in sorted(hits, key=lambda h: -h.start):
        text = text[: hit.start] + hit.masked + text[hit.end :]
    return text


def clean(text: str, masks: Iterable[str] | None = None, *, listing: bool = False) -> str:
    """The text with everything covered that is found in it, or only the sorts in `masks`."""
    wanted = None if masks is None else set(masks)
    for _ in range(5):
        hits = [h for h in find(text, listing=listing) if wanted is None or h.what in wanted]
        if not hits:
            break
        text = mask(text, hits)
    return text


def findings(text: str, *, where: str = "", field: str = "", listing: bool = False) -> list[Finding]:
    """What `find` finds, in words; without `where` the paragraph is named when the text has several."""
    lines = "\n" in text and not where
    return [
        finding(h, where or (f"第{text.count(chr(10), 0, h.start) + 1}段" if lines else ""), field)
        for h in find(text, listing=listing)
    ]


def finding(hit: Hit, where: str, field: str = "") -> Finding:
    """One hit in words."""
    name = WHAT[hit.what]
    if hit.level == "block":
        say = f"这里有{name}，公开前必须遮盖：可改为“{hit.masked}”。"
    elif hit.what == "phone":
        say = "这里是手机号码，按办公联系电话对待；如果是个人的号码，请遮盖或改用座机。"
    elif hit.what == "name":
        say = f"这一列是姓名；救助、补贴一类名单应当隐名，可改为“{hit.masked}”。"
    elif hit.what == "health":
        say = "这一列是病情、残疾一类健康信息，与姓名一起公开会泄露隐私，请删去或遮盖。"
    else:
        say = f"这里像是{name}；如果属于个人，请遮盖，可改为“{hit.masked}”。"
    return Finding(f"personal.{hit.what}", hit.level, say, where, field, hit.found, hit.masked)
