"""Who owes a row: its responsibility cells read together."""

from __future__ import annotations

import re

from gongkai.plans.reading.columns import Roles
from gongkai.plans.reading.masks import is_nothing
from gongkai.plans.reading.model import Task
from gongkai.plans.reading.responsibility import Responsibility, parse
from gongkai.plans.reading.stitched import Row
from gongkai.plans.reading.units import Known, is_person, without_office


def answer_of(texts: dict[int, str], roles: Roles, known: Known, wrapped: bool, year: int | None) -> Responsibility:
    out = Responsibility()
    lead: list[str] = []
    resp: list[str] = []
    support: list[str] = []
    for column, text in texts.items():
        if column in roles.both:
            text, named = _parted(text)
            out.persons += named
        part = parse(text, known, wrapped=wrapped, year=year)
        out.persons += part.persons
        out.doubts += part.doubts
        out.deadlines += part.deadlines
        out.deadline_raw = out.deadline_raw or part.deadline_raw
        out.stated_lead |= part.stated_lead
        out.marked |= part.marked
        if column in roles.lead:
            lead += part.lead
            support += part.support
        elif column in roles.support:
            support += part.lead + part.support
        else:
            if part.stated_lead and not roles.lead:
                lead += part.lead
            else:
                resp += part.lead
            support += part.support
    if lead:
        support = resp + support
    elif resp:
        lead = resp
    else:
        lead, support = support, []
    out.lead = list(dict.fromkeys(lead))
    out.support = list(dict.fromkeys(support))
    return out


def _parted(text: str) -> tuple[str, list[str]]:
    """Units without the persons named beside them, and these: 甲局⏎王东, 乙局：赵敏, 丙局（李强）."""
    named: list[str] = []

    def person(match: re.Match[str]) -> str:
        bare = without_office(match["name"])
        if not is_person(bare):
            return match.group()
        named.append(bare)
        return match["before"] if match["before"] in "、，,；;" else ""

    inside = r"(?P<before>[\n\s：:、，,；;（(])\s*(?P<name>[\u4e00-\u9fff]{2,7})[）)]?(?=$|[\n\s、，,；;])"
    return re.sub(inside, person, text), named


def raw_of(texts: dict[int, str], roles: Roles) -> str | dict[str, str]:
    if len(texts) <= 1:
        return next(iter(texts.values()), "")
    if roles.lead or (roles.resp and roles.support):
        first = roles.lead or roles.resp
        return {
            "lead_raw": "\n".join(texts[c] for c in texts if c in first and texts[c]),
            "support_raw": "\n".join(texts[c] for c in texts if c not in first and texts[c]),
        }
    return "\n".join(t for t in texts.values() if t)


def extend(task: Task, row: Row, roles: Roles, known: Known, year: int | None) -> None:
    """A further row of units for the same task (its text is merged over the rows)."""
    texts = {c: row.text(c) for c in roles.responsibility}
    more = answer_of(texts, roles, known, row.table.wrapped, year)
    lead = more.lead
    if not any(texts[c] and not is_nothing(texts[c]) for c in texts if c in roles.lead) and roles.lead:
        lead, more.support = [], more.lead + more.support
    task.lead += [n for n in lead if n not in task.lead]
    task.support += [n for n in more.support if n not in task.support and n not in task.lead]
