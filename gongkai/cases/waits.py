"""What waits for somebody besides a deadline: answers to check, sign or mend, steps that only the office can take next."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from gongkai.cases import life
from gongkai.cases.actions.common import as_step
from gongkai.cases.life import Standing, State
from gongkai.cases.models import Answer, Case, Dispute, Stage, Step
from gongkai.cases.procedure import PAPERS
from gongkai.cases.reads import worked_for
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer

MOST = 100


@dataclass(frozen=True, slots=True)
class Wait:
    """A case that waits, and for what; `at` is the page of it on which that is done, `do` what a button says."""

    case: Case
    what: str
    at: tuple[str, ...] = ("case",)
    do: str = "去办"


def waiting_for(viewer: Viewer) -> list[Wait]:
    """Answers that others wrote and that wait for this person's check or signature, and longer periods to be approved."""
    out: list[Wait] = []
    legal, signer = viewer.reach(Role.LEGAL), viewer.at_work(Role.SIGNER)
    answers = Answer.objects.select_related("case").exclude(drafter=viewer.person_id)
    for answer in answers.filter(stage=Stage.CHECK, case__body__in=legal).order_by("case__due_on"):
        out.append(Wait(answer.case, "法制审核", ("review",), "去审核"))
    mine = answers.filter(stage=Stage.SIGN, case__body__in=signer).exclude(checker=viewer.person_id)
    for answer in mine.order_by("case__due_on"):
        out.append(Wait(answer.case, "签发", ("review",), "去签发"))
    return [*out, *_extensions(viewer)]


def _extensions(viewer: Viewer) -> list[Wait]:
    """Longer periods that a clerk asked for and that the head of the 工作机构 has not yet answered (第三十三条第二款)."""
    offices = worked_for(viewer, Role.REVIEWER, Role.SIGNER)
    if not offices:
        return []
    found = Case.objects.filter(_taken("ask_extension"), state=State.OPEN, body__in=offices).order_by("due_on", "id")
    asked = [case for case, at in _standing(found) if at.extension_asked]
    return [Wait(case, "批准延期", ("step", "approve_extension"), "去批准") for case in asked]


def chores(viewer: Viewer) -> list[Wait]:
    """What a clerk does next: answers sent back to whoever wrote them, an organ's papers in a dispute, quiet steps."""
    return [*_returned(viewer), *_papers(viewer), *_quiet(viewer)]


def _returned(viewer: Viewer) -> list[Wait]:
    mine = Answer.objects.select_related("case").filter(stage=Stage.DRAFT, drafter=viewer.person_id)
    return [Wait(a.case, "按退回的意见改答复", ("answer",)) for a in mine.exclude(returned="").order_by("case__due_on")]


def _papers(viewer: Viewer) -> list[Wait]:
    bodies = worked_for(viewer, Role.CLERK)
    open_ones = Dispute.objects.select_related("case").filter(case__body__in=bodies, answered_on=None, ended_on=None)
    return [
        Wait(d.case, f"{PAPERS[d.kind][1]}，最晚{d.answer_due:%-m月%-d日}")
        for d in open_ones.filter(answer_due__isnull=False).order_by("answer_due")
    ]


def _quiet(viewer: Viewer) -> list[Wait]:
    """Cases of an office in which nothing happens unless its clerk takes the next step."""
    offices = worked_for(viewer, Role.CLERK)
    if not offices:
        return []
    quiet = Q(state__in=(State.SUBMITTED, State.CORRECTION, State.FEE, State.DECIDED))
    found = Case.objects.filter(quiet | Q(_taken("approve_extension"), state=State.OPEN), body__in=offices)
    told = [(case, _next(case, at, viewer)) for case, at in _standing(found.order_by("submitted_on", "id"))]
    return [Wait(case, what) for case, what in told if what]


def _standing(found: QuerySet[Case]) -> list[tuple[Case, Standing]]:
    """Cases with where they stand, whatever their number in two questions; without their dates of answer."""
    steps = Prefetch("steps", Step.objects.defer("told"))  # what was said is sealed, and not needed here
    cases = found.prefetch_related(steps)[:MOST]
    return [(case, life.play([as_step(s) for s in case.steps.all()], case.purpose)) for case in cases]


def _taken(verb: str) -> Exists:
    return Exists(Step.objects.filter(case=OuterRef("pk"), verb=verb))


def _next(case: Case, at: Standing, viewer: Viewer) -> str:
    """What the clerk does next in a case as it stands; empty where somebody else is to move."""
    day, fee_until = viewer.day, at.fee_until() if at.state is State.FEE else None
    if at.state is State.SUBMITTED:
        waited = (day - case.submitted_on).days
        return f"与申请人确认收到{f'，已经等了{waited}天' if waited else ''}"
    if at.state is State.CORRECTION and at.reply_by and day > at.reply_by:
        return f"补正期限{at.reply_by}已过"
    if fee_until and day > fee_until:
        return f"缴费期限{fee_until}已过"
    if at.state is State.DECIDED:
        return "送达答复"
    if at.state is State.OPEN and at.extension and not at.extension_notified:
        return "把延期告知申请人"
    return ""
