"""What the fields of steps begin with and offer: days, units, who was asked, what the clerk put to the head."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gongkai.cases import reads
from gongkai.cases.rules.steps import extension_most
from gongkai.desk.case_fields import About, Field, Options
from gongkai.desk.case_page import applicant_of, same_applicant
from gongkai.law.clocks import due
from gongkai.orgs.tree import BODIES


def today_of(about: About) -> str:
    return about.viewer.day.isoformat()


def fortnight(about: About) -> str:
    """What is usual for a correction (江苏省政府信息公开申请办理答复规范)."""
    return due("correction_supply", {"correction_served": about.viewer.day}).day.isoformat()


def when(label: str, help: str = "") -> Field:
    """The day on which something from outside happened."""
    return Field("on", label, "day", help, True, today_of)


NOTE = Field("note", "说明", "area")


def inside(about: About) -> list[tuple[str, str]]:
    tree, body = about.viewer.tree, about.case.body_id
    nodes = [tree[pk] for pk in sorted(tree.subtree(body)) if pk != body and not tree[pk].gone]
    depth = len(tree.above(body))
    named = [(n.id, " · ".join(tree[a].name for a in reversed(tree.above(n.id)[:-depth]))) for n in nodes]
    return [(str(pk), name) for pk, name in named]


def other_bodies(about: About) -> list[tuple[str, str]]:
    tree = about.viewer.tree
    found = [n for n in tree.live() if n.kind in BODIES and n.id != about.case.body_id]
    return [(str(n.id), n.name) for n in found]


def joinable(about: About) -> list[tuple[str, str]]:
    found = same_applicant(about.case, about.viewer)[:50]
    return [(str(c.pk), f"{c.number} {c.title[:40]}（{c.get_state_display()}）") for c in found]


def awaited(kind: str) -> Options:
    def options(about: About) -> list[tuple[str, str]]:
        asked = [t for t in reads.account(about.case) if t.step.verb in ("ask_third_party", "ask_co_producer")]
        out = []
        for number, one in enumerate(about.at.consultations):
            if one.kind == kind and one.replied is None:
                party = asked[number].told.get("party", "") if number < len(asked) else ""
                out.append((str(number), f"{party}（{one.asked}发出，可以在{one.lapses()}之前提出意见）"))
        return out

    return options


def unserved(about: About) -> list[tuple[str, str]]:
    asked = [t for t in reads.account(about.case) if t.step.verb in ("ask_third_party", "ask_co_producer")]
    return [
        (str(n), f"{told.told.get('party', '')}（{one.asked}发出）")
        for n, (one, told) in enumerate(zip(about.at.consultations, asked, strict=True))
        if one.served is None and one.replied is None
    ]


def asked_of_head(name: str) -> Callable[[About], str]:
    """What the clerk put to the head who now says yes or no: the days, or the reason."""

    def start(about: About) -> str:
        if about.at.extension_asked is None:
            return str(extension_most()) if name == "days" else ""
        if name == "days":
            return str(about.at.extension_asked[1])
        return next(str(t.told[name]) for t in reversed(reads.account(about.case)) if t.step.verb == "ask_extension")

    return start


def yes_no(yes: str, no: str, *more: tuple[str, str]) -> Options:
    return lambda about: [("yes", yes), ("no", no), *more]


def one_of(values: Mapping[str, str]) -> Options:
    return lambda about: list(values.items())


def held(name: str) -> Callable[[About], str]:
    """What the request holds under a name: of who asks, or of what is asked for."""

    def start(about: About) -> str:
        known = applicant_of(about.case).to_json()
        return known[name] if name in known else str(getattr(about.case, name))

    return start
