"""Verbs on versions before publication: submit, pass, return, refer, recall, sign by link."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from gongkai.base.actions import Actor, queue_message, record_event
from gongkai.base.clock import moment as now
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import life, look, rules
from gongkai.records.actions.common import locked
from gongkai.records.kinds import Gate, gates, kind_of
from gongkai.records.models import (
    CONTENT,
    Conclusion,
    Content,
    Draft,
    GateResult,
    Link,
    Record,
    SignLink,
    State,
    Status,
    Version,
)

LINK_HOURS = 72


def digest_of(content: Content) -> str:
    """SHA-256 of what a content says, attachments by their own digests."""
    plain: dict[str, Any] = {name: getattr(content, name) for name in CONTENT}
    plain["attachments"] = [{k: v for k, v in a.items() if k != "findings"} for a in content.attachments]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def freeze(record: Record, content: Content, order: Sequence[str], author: int | None, **more: Any) -> Version:
    """Make the next version of a record from a content, word for word."""
    number = (record.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    held = {name: getattr(content, name) for name in CONTENT}
    at = now()
    version = Version(
        record=record,
        number=number,
        digest=digest_of(content),
        gates=list(order),
        author_id=author,
        submitted_at=at,
        held_since=at,
        **held,
        **more,
    )
    version.save()
    return version


def set_state(version: Version, state: State, actor: Actor, why: str = "", **more: Any) -> None:
    """Write a state and the row that tells of it."""
    at = now()
    version.state, version.held_since = state, at
    for name, value in more.items():
        setattr(version, name, value)
    version.save(update_fields=["state", "held_since", *more])
    Status.objects.create(version=version, state=state, person_id=actor.person_id, post=actor.title, at=at, why=why)


def submit(
    record: int, *, actor: Viewer, on: dt.date, urgent: str = "", note: str = "", revision: int | None = None
) -> Version:
    """Put the draft before the gates. Refused while something blocks: each with its place and what to do.

    With `urgent`, a reason, only 保密审查 and the last review stand before publication; the mark stays and the other
    gates are passed afterwards.
    """
    with transaction.atomic():
        held = locked(record, actor, "record.write")
        draft = Draft.objects.select_for_update().filter(record=held).first()
        if draft is None:
            raise refuse("record.no-draft", "没有草稿可以提交。")
        if revision is not None and draft.revision != revision:
            raise refuse("record.conflict", f"{draft.person.name}在您打开之后改过这份草稿，请刷新看过再提交。")
        waiting = held.versions.filter(state__in=life.WAITING).first()
        if waiting:
            raise refuse(
                "record.waiting", f"第{waiting.number}版还在{waiting.get_state_display()}，先收回它再提交新版。"
            )
        kind = kind_of(held.kind)
        blocking = [f for f in look.examine(kind, draft, held) if f.level == "block"]
        if blocking:
            raise Refused(
                *(Issue(f"record.{f.rule}", f"{f.where}：{f.say}" if f.where else f.say, f.field) for f in blocking)
            )
        order = life.order_for(kind, held.owner_id, actor.tree, draft.audience)
        more = {"urgent": urgent.strip(), "note": note.strip()[:300], "writers": draft.writers}
        version = freeze(held, draft, order, actor.person_id, **more)
        set_state(version, State.REVIEW, actor, version.urgent)
        draft.delete()
        payload = {"version": version.number, "digest": version.digest, "gates": life.demanded(version)}
        record_event("submit", "record", record, actor=actor, on=on, reason=version.urgent, payload=payload)
    return version


def decide(
    version: int,
    conclusion: str,
    *,
    actor: Viewer,
    on: dt.date,
    comment: str = "",
    checked: Sequence[str] = (),
    gate: str = "",
    by_link: bool = False,
) -> Version:
    """What the keeper of the next gate found: 同意, 退回修改, or for 保密审查 不能确定.

    Four eyes: never the author; each review by another person. 不能确定 refers the version onward (条例第十七条第三款)
    and it waits for the answer. `gate` is what the page showed: if another has passed meanwhile, the actor is told.
    """
    with transaction.atomic():
        held = _version(version)
        results = life.passed(held)
        at = life.next_gate(held, results)
        if at is None or (gate and gate != at.code):
            raise refuse("record.gate-gone", "这一关已经办过，或者这一版已不在审核中；请刷新页面。")
        life.may_keep(actor, held, at, results)
        post, absent = life.acting_for(actor, held, at)
        comment = comment.strip()
        if conclusion not in Conclusion.values:
            raise refuse("record.conclusion", "结论只能是同意、退回修改或不能确定。", "conclusion")
        if conclusion == Conclusion.UNSURE and at.code != "secrecy":
            raise refuse("record.conclusion", "只有保密审查可以“不能确定”。", "conclusion")
        if conclusion != Conclusion.PASS and not comment:
            raise refuse("record.comment", "退回或不能确定要写明意见，拟稿人才知道改什么。", "comment")
        if held.state == State.PUBLISHED and conclusion != Conclusion.PASS:
            raise refuse("record.late", "加急发布后的补审只能同意；发现问题请撤回或修改。", "conclusion")
        if at.code == "secrecy" and conclusion == Conclusion.PASS and not comment:
            raise refuse("record.secrecy", "保密审查要写明结论，例如“不涉及国家秘密和工作秘密，可以公开”。", "comment")
        if conclusion == Conclusion.PASS:
            missing = [a for a in at.asks if a not in checked]
            if missing and not by_link:
                raise refuse("record.asks", f"“{at.name}”还有没核对的：{'、'.join(missing)}。", "checked")
            _material_ready(held, at)
        result = GateResult.objects.create(
            version=held,
            gate=at.code,
            conclusion=conclusion,
            comment=comment,
            checked=[a for a in at.asks if a in checked or by_link],
            person_id=actor.person_id,
            name=actor.name,
            post=post,
            acting_for=absent,
            by_link=by_link,
            late=held.state == State.PUBLISHED,
            since=held.held_since,
            at=now(),
        )
        _move(held, result, results, actor)
        payload = {"version": held.number, "gate": at.code, "conclusion": conclusion, "link": by_link}
        record_event(conclusion, "record", held.record_id, actor=actor, on=on, reason=comment, payload=payload)
    return held


def _move(held: Version, result: GateResult, results: dict[str, GateResult], actor: Viewer) -> None:
    if result.conclusion == Conclusion.RETURN:
        set_state(held, life.after(held.state, "return"), actor, result.comment)
        _back_to_draft(held)
    elif result.conclusion == Conclusion.UNSURE:
        set_state(held, life.after(held.state, "refer"), actor, result.comment)
    elif held.state == State.PUBLISHED:
        set_state(held, life.after(held.state, "late"), actor, f"补办{gates()[result.gate].name}")
    else:
        done = {*results, result.gate}
        whole = all(g in done for g in life.demanded(held))
        set_state(held, life.after(held.state, "approve" if whole else "pass"), actor, result.comment)


def _material_ready(version: Version, at: Gate) -> None:
    """三同步: a document to be interpreted is not signed while no interpretation has been put before the gates."""
    kind = kind_of(version.record.kind)
    if at.code != life.demanded(version)[-1] or not rules.interpretation_wanted(kind, version):
        return
    if not interpretations(version.record).exists():
        raise refuse(
            "record.interpretation",
            "这份文件标了“应解读”，还没有提交解读方案和解读材料，不能签发（三同步：同步组织、同步审签、同步部署）。"
            "请先起草政策解读并关联本文件，或者收回后写明不作解读的理由。",
        )


def interpretations(record: Record) -> Any:
    """Versions of interpretations of a document that are before the gates, through them, or out."""
    sources = Link.objects.filter(target=record, relation="interprets").values("source")
    return Version.objects.filter(record__in=sources, state__in=[*life.WAITING, State.PUBLISHED])


def recall(version: int, *, actor: Viewer, on: dt.date, why: str = "") -> Version:
    """Take a version back before it is out; what it says becomes the draft again."""
    with transaction.atomic():
        held = _version(version)
        locked(held.record_id, actor, "record.write")
        if held.state == State.SCHEDULED:
            raise refuse("record.scheduled", "已经定时发布，先取消定时再收回。")
        set_state(held, life.after(held.state, "recall"), actor, why.strip())
        _back_to_draft(held)
        record_event(
            "recall", "record", held.record_id, actor=actor, on=on, reason=why.strip(), payload={"version": held.number}
        )
    return held


def _back_to_draft(version: Version) -> None:
    author = version.author_id
    if author is not None and not Draft.objects.filter(record=version.record).exists():
        draft = Draft(record=version.record, base=version, person_id=author, changed_at=now(), writers=version.writers)
        for name in CONTENT:
            setattr(draft, name, getattr(version, name))
        draft.save()


def _version(version: int) -> Version:
    found = Version.objects.filter(pk=version).values_list("record_id", flat=True).first()
    if found is None:
        raise refuse("record.gone", "没有这一版。")
    Record.objects.select_for_update().get(pk=found)
    return Version.objects.select_related("record").prefetch_related("results").get(pk=version)


def send_link(version: int, person: int, *, actor: Viewer, on: dt.date) -> str:
    """A link for one person to sign one version at its next gate, on a phone and without signing in.

    It holds for 72 hours and for one decision. Returns the token; only its digest is kept. The message goes into the
    outbox without the token's record in the log.
    """
    with transaction.atomic():
        held = _version(version)
        locked(held.record_id, actor, "record.write")
        at = life.next_gate(held)
        if at is None:
            raise refuse("record.gate-gone", "这一版没有等着签的关口。")
        somebody = Person.objects.filter(pk=person, is_active=True).first()
        if somebody is None:
            raise refuse("record.person", "没有这个人，或者账号已经停用。", "person")
        keeper = viewer_of(somebody, on)
        life.may_keep(keeper, held, at, life.passed(held))
        token = secrets.token_urlsafe(32)
        SignLink.objects.filter(version=held, gate=at.code, person_id=person, used_at=None).delete()
        link = SignLink.objects.create(
            version=held,
            gate=at.code,
            person_id=person,
            digest=hashlib.sha256(token.encode()).hexdigest(),
            made_by_id=actor.person_id,
            expires_at=now() + dt.timedelta(hours=LINK_HOURS),
        )
        text = f"请您办理“{at.name}”：{held.title}。链接{LINK_HOURS}小时内有效，只能用一次。"
        queue_message(f"sign/{link.pk}", addressee=f"person/{person}", channel="site", text=text)
        payload = {"version": held.number, "gate": at.code, "person": person}
        record_event("send-link", "record", held.record_id, actor=actor, on=on, payload=payload)
    return token


def link_of(token: str) -> SignLink | None:
    """A link that still holds: not used, not expired, its gate still open."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    link = SignLink.objects.select_related("version__record", "person").filter(digest=digest).first()
    if link is None or link.used_at is not None or link.expires_at <= now() or not link.person.is_active:
        return None
    at = life.next_gate(link.version)
    return link if at is not None and at.code == link.gate else None


def decide_by_link(token: str, conclusion: str, *, on: dt.date, comment: str = "") -> Version:
    """Decide by a link, as the person to whom it was sent, at the post that they hold today."""
    with transaction.atomic():
        link = link_of(token)
        if link is None:
            raise refuse(
                "record.link-over", "这个链接已经用过、过期，或者这一关已经由别人办理。请向发来链接的人再要一个。"
            )
        actor = viewer_of(link.person, on)
        if link.gate == "secrecy" and conclusion == Conclusion.PASS and not comment.strip():
            comment = "经审查，不涉及国家秘密和工作秘密，可以公开。"
        done = decide(link.version_id, conclusion, actor=actor, on=on, comment=comment, gate=link.gate, by_link=True)
        SignLink.objects.filter(pk=link.pk).update(used_at=now())
    return done
