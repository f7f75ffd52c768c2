"""The answer goes out, with proof; the case goes into the archive."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gongkai.cases import letters
from gongkai.cases.actions.common import locked, take
from gongkai.cases.actions.intake import tell
from gongkai.cases.actions.letters import issue
from gongkai.cases.life import CHANNELS
from gongkai.cases.models import Case, Step
from gongkai.orgs.rules import Viewer


def deliver(case: int, channel: str, *, actor: Viewer, on: dt.date, proof: str = "") -> Step:
    """The letter went out by a channel, with its proof (register number, signature, receipt)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        step = take(held, "deliver", on, {"channel": channel}, actor=actor, told={"proof": proof.strip()})
        issue(held, "service", step, way=CHANNELS[channel], attachments=_enclosed(held), drafter=step.name)
        tell(held, "delivered", "答复已经送达")
    return step


def _enclosed(case: Case) -> list[str]:
    """What is served: the answer with its number, and what is supplied with it."""
    known = letters.kinds()
    answer = [x for x in case.letters.order_by("id") if known[x.code].family == "answer" and known[x.code].numbered][
        -1:
    ]
    supplied = case.papers.filter(kind="supplied").values_list("name", flat=True)
    return [*(f"{known[x.code].name}（{x.number}），1份" for x in answer), *(f"{name}，1份" for name in supplied)]


def archive(case: int, *, actor: Viewer, on: dt.date) -> Step:
    """Everything is in; the case is put away (第四十五条)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        return take(held, "archive", on, {}, actor=actor)
