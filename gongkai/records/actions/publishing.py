"""Verbs that change what the public sees: publish, schedule, withdraw."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import transaction

from gongkai.base.actions import SYSTEM, Actor, record_event
from gongkai.base.clock import ZONE
from gongkai.base.clock import moment as now
from gongkai.base.issues import Refused, refuse
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.records import life, numbers, rules
from gongkai.records.actions.common import locked
from gongkai.records.actions.review import interpretations, set_state
from gongkai.records.kinds import kind_of
from gongkai.records.models import Audience, Link, Numbering, Record, Standing, State, Version
from gongkai.records.reads import links_of


def publish(record: int, *, actor: Viewer, on: dt.date) -> list[Record]:
    """Publish the approved version, and in the same transaction the interpretations that wait for it (三同步).

    Returns every record that went out. Refused while a gate is open, while the interpretation of a document that
    wants one is not approved, or while the document that an interpretation explains is not out itself.
    """
    with transaction.atomic():
        held = locked(record, actor, "record.publish")
        return _publish(held, actor, on)


def _publish(held: Record, actor: Actor, on: dt.date) -> list[Record]:
    version = held.versions.filter(state__in=[State.APPROVED, State.SCHEDULED]).first()
    if version is None:
        raise refuse("record.gates", "审核关口没有全部通过，不能发布；请在“关口”一栏看还差谁。")
    kind = kind_of(held.kind)
    out = [held]
    together: list[Version] = []
    if held.published_id is None and rules.interpretation_wanted(kind, version):
        ready = [v for v in interpretations(held) if v.state in (State.APPROVED, State.SCHEDULED, State.PUBLISHED)]
        if not ready:
            raise refuse(
                "record.interpretation",
                "这份文件标了“应解读”，解读方案和解读材料还没有审定，不能发布（三同步：同步组织、同步审签、同步部署）。"
                "解读审定后，文件和解读会一并发布；确实不用解读的，收回后写明理由。",
            )
        together = [v for v in ready if v.state != State.PUBLISHED]
    if held.kind == "interpretation" and held.published_id is None:
        for pk in version.fields.get("documents") or []:
            document = Record.objects.get(pk=pk)
            if document.standing != Standing.PUBLISHED:
                raise refuse(
                    "record.document-first",
                    f"解读的文件《{document.title}》还没有发布；发布那份文件时，解读会一并发布。",
                )
    _out(held, version, actor, on)
    for other in together:
        sibling = Record.objects.select_for_update().get(pk=other.record_id)
        if sibling.standing != Standing.PUBLISHED:
            _out(sibling, other, actor, on)
            out.append(sibling)
    return out


def _out(held: Record, version: Version, actor: Actor, on: dt.date) -> None:
    at = now()
    before = held.published
    if before is not None and before.state == State.PUBLISHED:
        set_state(before, life.after(before.state, "supersede"), actor, f"被第{version.number}版代替")
    set_state(version, life.after(version.state, "publish"), actor, publish_at=None)
    show(held, version, at, on, amended=before is not None)
    payload = {
        **{"kind": held.kind, "owner": held.owner_id, "version": version.number, "digest": version.digest},
        **{"audience": held.audience, "index_number": held.index_number, "urgent": bool(version.urgent)},
    }
    record_event("publish", "record", held.pk, actor=actor, on=on, reason=version.note, payload=payload)


def show(
    held: Record, version: Version, at: dt.datetime, on: dt.date, *, amended: bool, moment: dt.datetime | None = None
) -> None:
    """Let the record say what its published version says. `moment` is when it first went out, if that was elsewhere."""
    for name in ("title", "document_number", "topic", "formed", "effective", "expires", "audience"):
        setattr(held, name, getattr(version, name))
    held.published, held.standing = version, Standing.PUBLISHED
    held.published_at = moment or at
    held.first_published_at = held.first_published_at or moment or at
    held.withdrawn_on, held.withdrawal_reason = None, ""
    if amended:
        held.amended_on = on
    if held.index_number is None:
        held.index_number = next_index(held.owner_id, on)
    if held.audience == Audience.LIMITED and held.access_code is None:
        held.access_code = secrets.token_urlsafe(15)
    held.save()
    Link.objects.filter(source=held).delete()
    live = [Link(source=held, relation=r, target_id=t, live=True) for r, t in links_of(held.kind, version)]
    Link.objects.bulk_create(live)


def next_index(owner: int, on: dt.date) -> str:
    """The next 索引号 of an organisation by its rule; a serial is given once and never again."""
    rule = Numbering.objects.filter(organisation=owner, period="").first()
    pattern = (rule.pattern if rule else "") or numbers.DEFAULT
    code = (rule.code if rule else "") or f"{owner:09d}"
    period = numbers.period_of(pattern, on)
    Numbering.objects.get_or_create(organisation_id=owner, period=period)
    row = Numbering.objects.select_for_update().get(organisation=owner, period=period)
    while True:
        row.last += 1
        made = numbers.form(pattern, code, on, row.last)
        if not Record.objects.filter(index_number=made).exists():  # one brought in from elsewhere may hold it
            row.save(update_fields=["last"])
            return made


def set_numbering(organisation: int, code: str, pattern: str, *, actor: Viewer, on: dt.date) -> None:
    """Set how an organisation forms its index numbers. Serials go on where they are."""
    demand(actor, "record.settings", thing_at(organisation, actor))
    code = code.strip().upper()
    if pattern not in numbers.PATTERNS:
        raise refuse("record.pattern", "编号规则请从列表里选。", "pattern")
    if not numbers.INDEX.fullmatch(numbers.form(pattern, code, on, 1)):
        raise refuse("record.code", "机构代码是9位组织机构代码或者18位统一社会信用代码。", "code")
    with transaction.atomic():
        Numbering.objects.update_or_create(
            organisation_id=organisation, period="", defaults={"code": code, "pattern": pattern}
        )
        payload = {"organisation": organisation, "code": code, "pattern": pattern}
        record_event("number", "record", 0, actor=actor, on=on, payload=payload)


def schedule(record: int, moment: dt.datetime, *, actor: Viewer, on: dt.date) -> Version:
    """Set an approved version to go out at a moment; it waits in the database, so a restart changes nothing."""
    with transaction.atomic():
        held = locked(record, actor, "record.publish")
        version = held.versions.filter(state=State.APPROVED).first()
        if version is None:
            raise refuse("record.gates", "审定以后才能定时发布。")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZONE)
        if moment <= now():
            raise refuse("record.moment", "定时发布的时间要在现在之后。", "moment")
        set_state(version, life.after(version.state, "schedule"), actor, publish_at=moment)
        payload = {"version": version.number, "at": moment.isoformat()}
        record_event("schedule", "record", record, actor=actor, on=on, payload=payload)
    return version


def unschedule(record: int, *, actor: Viewer, on: dt.date) -> Version:
    """Take a version back from its moment; it stays approved."""
    with transaction.atomic():
        held = locked(record, actor, "record.publish")
        version = held.versions.filter(state=State.SCHEDULED).first()
        if version is None:
            raise refuse("record.schedule", "这条信息没有定时发布。")
        set_state(version, life.after(version.state, "unschedule"), actor, publish_at=None)
        record_event("unschedule", "record", record, actor=actor, on=on, payload={"version": version.number})
    return version


def publish_due(*, on: dt.date) -> int:
    """Publish what was set for a moment that has come; returns how many. One that cannot go out says why and waits."""
    done = 0
    for pk in list(Version.objects.filter(state=State.SCHEDULED, publish_at__lte=now()).values_list("pk", flat=True)):
        with transaction.atomic():
            record = Version.objects.values_list("record_id", flat=True).get(pk=pk)
            held = Record.objects.select_for_update().get(pk=record)
            version = held.versions.filter(pk=pk, state=State.SCHEDULED).first()
            if version is None:
                continue
            try:
                with transaction.atomic():
                    _publish(held, SYSTEM, on)
                done += 1
            except Refused as refused:
                set_state(version, State.APPROVED, SYSTEM, str(refused), publish_at=None)
                payload: dict[str, Any] = {"version": version.number}
                record_event("unschedule", "record", held.pk, actor=SYSTEM, on=on, reason=str(refused), payload=payload)
    return done


def withdraw(record: int, reason: str, *, actor: Viewer, on: dt.date) -> Record:
    """Take back what is out. A tombstone with the reason stays at its address (行政处罚法第四十八条: 公开说明理由)."""
    reason = reason.strip()
    if not reason:
        raise refuse("record.reason", "撤回要写明理由，理由会公开显示。", "reason")
    with transaction.atomic():
        held = locked(record, actor, "record.withdraw")
        if held.standing != Standing.PUBLISHED or held.published is None:
            raise refuse("record.life", "没有公开的信息不用撤回。")
        set_state(held.published, life.after(held.published.state, "withdraw"), actor, reason)
        held.standing, held.withdrawn_on, held.withdrawal_reason = Standing.WITHDRAWN, on, reason
        held.save()
        payload = {"kind": held.kind, "owner": held.owner_id, "version": held.published.number}
        record_event("withdraw", "record", record, actor=actor, on=on, reason=reason, payload=payload)
    return held
