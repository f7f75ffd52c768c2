"""What verbs on what is owed have in common: the matter as it stands, who said it, the words, the event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.base.actions import record_event
from gongkai.base.clock import now
from gongkai.base.issues import refuse
from gongkai.ledger.models import Matter
from gongkai.orgs.rules import Viewer
from gongkai.plans.models import Plan


def said_by(actor: Viewer, matter: Matter, *, on: dt.date) -> dict[str, Any]:
    """What every fact about a matter holds: of what, when, by whom and in which post."""
    return {
        "source": matter.source,
        "source_id": matter.source_id,
        "on": on,
        "at": now(),
        "person_id": actor.person_id,
        "post": actor.title,
    }


def held_matter(matter: Matter) -> Matter:
    """The matter as it stands now, locked; refused when it left the ledger meanwhile, or its plan was withdrawn and the
    follower has not come to it yet."""
    found = Matter.objects.select_for_update().filter(source=matter.source, source_id=matter.source_id).first()
    if found is None or (
        found.source == "plan" and not Plan.objects.filter(pk=found.sheet, withdrawn_on=None).exists()
    ):
        raise refuse("matter.gone", "这项任务已经不在台账里了（方案可能已撤下），没有保存。")
    return found


def words_of(text: str, rule: str, say: str) -> str:
    """What somebody wrote, trimmed; refused when it is empty, with what the rule says, or too long."""
    words = text.strip()
    if not words:
        raise refuse(rule, say, "text")
    if len(words) > 4000:
        raise refuse(rule, "最多4000字；更长的内容请作为附件或链接。", "text")
    return words


def tell(verb: str, matter: Matter, *, actor: Viewer, on: dt.date, reason: str = "", **more: object) -> None:
    """Record what was done to a matter, with `more` beside its source."""
    record_event(
        verb,
        "matter",
        f"{matter.source}-{matter.source_id}",
        actor=actor,
        on=on,
        reason=reason,
        payload={"source": matter.source, "source_id": matter.source_id, **more},
    )
