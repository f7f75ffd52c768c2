"""Personal data of applicants: shown for a reason that is logged, erased after the term that the office set."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.base.sealing import drop_sealed
from gongkai.cases.actions.common import locked, setup_of
from gongkai.cases.life import State
from gongkai.cases.models import Attachment, Case, Letter, Opening
from gongkai.cases.request import Applicant
from gongkai.cases.similar import words_of
from gongkai.orgs.rules import Viewer


def reveal(case: int, why: str, *, actor: Viewer, on: dt.date) -> Applicant:
    """The applicant's data in full. Who looked and why stands in the log."""
    if len(why.strip()) < 2:
        raise refuse("reveal.why", "请写明为什么需要查看个人信息；查看会留痕。", "why")
    with transaction.atomic():
        held = locked(case, actor, "case.reveal")
        if held.erased_on:
            raise refuse("reveal.erased", f"个人信息已于{held.erased_on}按保存期限删除。")
        record_event("reveal", "case", str(case), actor=actor, on=on, reason=why.strip())
    return Applicant(**json.loads(held.applicant))


def record_opened(case: Case, what: str, *, actor: Viewer, on: dt.date) -> None:
    """Somebody opened a paper that shows the applicant in full."""
    with transaction.atomic():
        record_event("open_paper", "case", str(case.pk), actor=actor, on=on, reason=what)


def record_shown(case: Case, *, actor: Viewer, on: dt.date, why: str = "") -> None:
    """Somebody printed the code of a case."""
    with transaction.atomic():
        record_event("show_code", "case", str(case.pk), actor=actor, on=on, reason=why)


def show_code(case: int, why: str, *, actor: Viewer, on: dt.date) -> Case:
    """The code once more, for an applicant who lost it and showed who they are: with it anybody reads the answer, so
    the log says why."""
    if len(why.strip()) < 2:
        raise refuse("code.why", "请写明为什么再打印，例如“申请人持身份证到窗口补打”。", "why")
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        if held.erased_on:
            raise refuse("code.erased", "个人信息已经按保存期限删除，不再提供查询码。")
        record_shown(held, actor=actor, on=on, why=why.strip()[:200])
    return held


def erase(case: int, *, actor: Viewer, on: dt.date) -> Case:
    """Take away what names anybody, once the term is over: the statistics stay, letters and papers go.

    Only for what was archived or went on as another case, and not while a dispute is open (个人信息保护法第四十七条:
    the term of keeping is over).
    """
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        years = setup_of(held.body_id).retention_years
        since = kept_since(held)
        if since is None:
            raise refuse("erase.state", "归档之后才能按保存期限删除个人信息。")
        if held.erased_on:
            raise refuse("erase.done", f"个人信息已于{held.erased_on}删除。")
        until = _years_later(since, years)
        if on < until:
            raise refuse("erase.term", f"保存期限{years}年，到{until}为止。")
        if held.disputes.filter(ended_on=None).exists():
            raise refuse("erase.dispute", "还有没有办结的复议、诉讼或者投诉，不能删除。")
        gone = _files(held)
        _titles(held)
        held.applicant, held.applicant_mark, held.asked, held.title = "{}", "", "（已按保存期限删除）", "（已删除）"
        held.document_number = held.help = held.place = ""
        held.erased_on = on
        held.save()
        held.steps.update(told="{}")
        held.answers.update(texts="{}", check_note="", returned="")
        Letter.objects.filter(case=held).update(fields="{}", file=None, pdf=None)
        Attachment.objects.filter(case=held).update(original=None)
        Attachment.objects.filter(case=held).delete()
        held.disputes.update(reference="", note="")
        record_event("erase", "case", str(case), actor=actor, on=on, payload={"files": len(gone)})
        drop_sealed(gone)
    return held


def kept_since(case: Case) -> dt.date | None:
    """From which day the term of keeping runs: the end of the case and of every dispute about it; None where it is
    still worked on. What was joined, split or sent on ended with that step."""
    if case.state == State.MOVED:
        return case.steps.order_by("-number").values_list("on", flat=True).first()
    if case.state != State.ARCHIVED:
        return None
    days = [case.ended_on, *case.disputes.values_list("ended_on", flat=True)]
    return max((d for d in days if d), default=None)


def _titles(case: Case) -> None:
    """A proposal to publish has its title from a request: from another one of it, or none, once that is erased."""
    for opening in Opening.objects.filter(cases=case):
        other = opening.cases.filter(erased_on=None).exclude(pk=case.pk).order_by("pk").first()
        opening.title = opening.record.title if opening.record else other.title if other else "（已删除）"
        opening.words = " ".join(words_of(other.title)[:8]) if other else ""
        opening.save(update_fields=["title", "words"])


def names_somebody(case: Case, *texts: str) -> bool:
    """Whether texts that others will read name the applicant of a case, by name, number, telephone or mail."""
    who = Applicant(**json.loads(case.applicant)) if case.erased_on is None else Applicant()
    known = [v for v in (who.name, who.id_number, who.phone, who.email, who.person, who.representative) if len(v) > 1]
    return any(k in text for text in texts for k in known)


def _files(case: Case) -> list[str]:
    """Sealed files of the case: each was sealed by itself, so no other row has the same bytes."""
    letters = Letter.objects.filter(case=case).values_list("file_id", "pdf_id")
    papers = Attachment.objects.filter(case=case).values_list("file_id", flat=True)
    return sorted({d for pair in letters for d in pair if d} | set(papers))


def _years_later(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years) if (day.month, day.day) != (2, 29) else dt.date(day.year + years, 3, 1)
