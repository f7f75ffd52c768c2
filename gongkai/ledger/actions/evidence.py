"""Verbs on evidence: a person decides on what was offered, attaches what was not, takes a decision back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.clock import now
from gongkai.base.issues import Refused, refuse
from gongkai.ledger.evidence import fits, out_on
from gongkai.ledger.models import Duty, Evidence, EvidenceState, Matter, Settlement
from gongkai.ledger.rules import of_matter
from gongkai.orgs.rules import Viewer, demand
from gongkai.records.models import Audience, Record, Standing


def decide(evidence: int, accepted: bool, *, actor: Viewer, on: dt.date, why: str = "") -> Evidence:
    """Accept or decline an offer. Accepted under a line of the scheme it settles its duty, on the day it went out."""
    with transaction.atomic():
        held = _opened(evidence, actor)
        if held.state != EvidenceState.OFFERED:
            raise refuse("evidence.decided", f"这条佐证已经{held.get_state_display()}。")
        held.state = EvidenceState.ACCEPTED if accepted else EvidenceState.DECLINED
        held.person_id, held.post, held.on, held.why = actor.person_id, actor.title, on, why.strip()
        held.save()
        clocks = []
        if accepted and held.source == "scheme":
            _, new = Settlement.objects.get_or_create(
                source=held.source,
                source_id=held.source_id,
                clock=held.clock,
                defaults={
                    "on": out_on(held.record),
                    "at": now(),
                    "person_id": actor.person_id,
                    "post": actor.title,
                    "text": f"佐证：{held.record.title}"[:400],
                },
            )
            clocks = [held.clock] if new else []
        payload = {
            **{"source": held.source, "source_id": held.source_id, "record": held.record_id},
            **{"evidence": evidence, "clocks": clocks},
        }
        verb = "accept-evidence" if accepted else "decline-evidence"
        subject = f"{held.source}-{held.source_id}"
        record_event(verb, "matter", subject, actor=actor, on=on, reason=why.strip(), payload=payload)
    return held


def decide_many(
    evidence: Iterable[int], accepted: bool, *, actor: Viewer, on: dt.date, why: str = ""
) -> tuple[int, list[str]]:
    """Decide many offers: how many were decided, and what was said of the others."""
    done = 0
    said: list[str] = []
    for pk in dict.fromkeys(evidence):
        try:
            decide(pk, accepted, actor=actor, on=on, why=why)
            done += 1
        except Refused as error:
            said += [i.say for i in error.issues]
    return done, list(dict.fromkeys(said))


def attach(matter: Matter, record: Record, *, actor: Viewer, on: dt.date, clock: str = "") -> Evidence:
    """Attach a record that did not offer itself, as somebody knows that it shows the matter was met."""
    demand(actor, "evidence.decide", of_matter(matter))
    if record.standing != Standing.PUBLISHED or record.audience != Audience.PUBLIC:
        raise refuse("evidence.not-out", "没有向社会公开的信息不能作佐证。", "record")
    if matter.source == "scheme":
        clock = clock or _clock_for(matter, record)
        if not Duty.objects.filter(matter__source="scheme", matter__source_id=matter.source_id, clock=clock).exists():
            raise refuse("evidence.clock", "请选这条信息是哪一期的。", "clock")
    with transaction.atomic():
        held, _ = Evidence.objects.get_or_create(
            source=matter.source,
            source_id=matter.source_id,
            clock=clock,
            record=record,
            defaults={"reasons": ["由人选定"], "score": 0, "offered_on": on},
        )
        if held.state == EvidenceState.DECLINED:
            held.state = EvidenceState.OFFERED
            held.save(update_fields=["state"])
    return held if held.state == EvidenceState.ACCEPTED else decide(held.pk, True, actor=actor, on=on)


def _clock_for(matter: Matter, record: Record) -> str:
    """The duty of a line that a record meets when nobody says which: its own, else the earliest that is open."""
    duties = list(Duty.objects.filter(matter__source="scheme", matter__source_id=matter.source_id))
    fitting = [d for d in duties if d.settled_on is None and fits(d, record)]
    open_ = [d for d in duties if d.settled_on is None]
    return (fitting or open_ or duties)[0].clock if duties else ""


def revoke(evidence: int, reason: str, *, actor: Viewer, on: dt.date) -> Evidence:
    """Take an acceptance back: the offer waits for a decision again, and what it settled is open again."""
    with transaction.atomic():
        held = _opened(evidence, actor)
        if held.state == EvidenceState.OFFERED:
            raise refuse("evidence.open", "这条佐证还没有确认过，不用撤销。")
        if not reason.strip():
            raise refuse("evidence.reason", "请写明为什么撤销。", "why")
        was, held.state = held.state, EvidenceState.OFFERED
        held.save(update_fields=["state"])
        clocks = []
        if was == EvidenceState.ACCEPTED and held.source == "scheme":
            others = Evidence.objects.filter(
                source=held.source, source_id=held.source_id, clock=held.clock, state=EvidenceState.ACCEPTED
            )
            if not others.exists():
                mine = Settlement.objects.filter(
                    source=held.source, source_id=held.source_id, clock=held.clock, text__startswith="佐证："
                )
                clocks = [held.clock] if mine.delete()[0] else []
        payload = {
            **{"source": held.source, "source_id": held.source_id, "record": held.record_id},
            **{"evidence": evidence, "clocks": clocks},
        }
        subject = f"{held.source}-{held.source_id}"
        record_event("revoke-evidence", "matter", subject, actor=actor, on=on, reason=reason.strip(), payload=payload)
    return held


def _opened(evidence: int, actor: Viewer) -> Evidence:
    """Evidence as it stands now, locked, for somebody who may decide on it; refused when its matter left the ledger."""
    held = Evidence.objects.select_for_update().select_related("record").filter(pk=evidence).first()
    gone = refuse("evidence.gone", "这条佐证已经不在了，请刷新页面。")
    if held is None:
        raise gone
    matter = Matter.objects.filter(source=held.source, source_id=held.source_id).first()
    if matter is None:
        raise gone
    demand(actor, "evidence.decide", of_matter(matter))
    return held
