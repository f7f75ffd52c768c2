"""One request at the desk: who asks for what, what happened, until when, and what may be done now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused
from gongkai.cases import actions, life, reads, rules, similar
from gongkai.cases.actions.common import HANDLED, office_thing, right_of, standing, thing_of
from gongkai.cases.actions.intake import BEFORE_WORK
from gongkai.cases.life import ENDED, Standing, State
from gongkai.cases.models import UNDER_WAY, Answer, Case, Stage
from gongkai.cases.request import Applicant
from gongkai.cases.waits import Wait, waiting_for
from gongkai.desk.case_account import account
from gongkai.desk.case_clock import clock_of
from gongkai.desk.door import DeskRequest
from gongkai.law.outcomes import grounds, outcomes
from gongkai.orgs.rules import Viewer, may, refusal

ASIDE = ("correct_entry", "ask_assist", "withdraw", "transfer", "join", "split", "complain", "complaint_ended", "reconsider", "reconsidered", "sue", "judged")  # fmt: skip
"""Steps that seldom come: offered, but after those that carry a case on."""


def case_of(viewer: Viewer, pk: int) -> Case:
    """A case that the viewer may see, else 404: fetching is authorising."""
    found = reads.one(viewer, pk)
    if found is None:
        raise Http404
    return found


def can(viewer: Viewer, case: Case, right: str) -> bool:
    """Whether the viewer has a right over a case, as the actions will ask."""
    thing = thing_of(case, viewer) if right in HANDLED else office_thing(case, viewer)
    return may(viewer, right, thing)


def demand_of(viewer: Viewer, case: Case, right: str) -> None:
    """Raise the refusal that the action would raise."""
    if not can(viewer, case, right):
        raise refusal(right)


def under_way(case: Case) -> Answer | None:
    """The answer that is being written, checked or signed."""
    held = Answer.objects.select_related("drafter", "checker").filter(case=case, stage__in=UNDER_WAY)
    return held.first()


def outcome_name(outcome: str, ground: str = "") -> str:
    """What an outcome is called, with its ground."""
    found = outcomes().get(outcome)
    name = found.name if found else life.AMEND.get(outcome, outcome)
    return f"{name}（{grounds()[ground].name}）" if ground in grounds() else name


def applicant_of(case: Case) -> Applicant:
    """Who asks; nobody once the data was erased."""
    return Applicant() if case.erased_on else Applicant(**json.loads(case.applicant))


PERSON = (
    ("name", "姓名"), ("id_kind", "证件"), ("id_number", "证件号码"), ("phone", "电话"), ("email", "邮箱"),
    ("address", "地址"), ("postcode", "邮编"),
)  # fmt: skip
FIRM = (
    ("name", "名称"), ("id_number", "统一社会信用代码"), ("representative", "法定代表人"), ("person", "联系人"),
    ("phone", "电话"), ("email", "邮箱"), ("address", "地址"), ("postcode", "邮编"),
)  # fmt: skip


def applicant_lines(case: Case, full: Applicant | None = None) -> list[tuple[str, str]]:
    """The applicant line by line: masked, or in full for who gave a reason."""
    shown = full.to_json() if full else applicant_of(case).masked
    rows = PERSON if case.applicant_kind == "natural" else FIRM
    return [(label, shown[name]) for name, label in rows if shown.get(name)]


def offered(case: Case, at: Standing, viewer: Viewer, answer: Answer | None) -> dict[str, Any]:
    """What may be done now by this person, and what not, with the reason for each."""
    now: list[dict[str, Any]] = []
    aside: list[dict[str, Any]] = []
    never: list[tuple[str, str]] = []
    if at.state not in ENDED:
        if can(viewer, case, "case.run"):
            now.append(_link(case, "assign", "换承办单位" if case.handler_id else "分办", "desk:cases-step"))
        else:
            never.append(("分办", str(refusal("case.run"))))
    for offer in rules.offers(at, viewer.day):
        right = right_of(offer.verb)
        if not offer.open:
            never.append((offer.name, offer.why_not))
        elif not can(viewer, case, right):
            never.append((offer.name, str(refusal(right))))
        elif offer.verb == "decide":
            if answer is None or answer.stage == Stage.DRAFT:
                name = "接着写答复" if answer else "拟写答复"
                now.insert(0, {"verb": "decide", "name": name, "url": reverse("desk:cases-answer", args=[case.pk])})
        elif why := _beyond(case, offer.verb, viewer):
            never.append((offer.name, why))
        elif offer.verb in ASIDE:
            aside.append(_link(case, offer.verb, offer.name, "desk:cases-step"))
        else:
            now.append(_link(case, offer.verb, offer.name, "desk:cases-step"))
    first = next((o for o in now if o["verb"] != "assign"), None)
    if first is not None:
        now.remove(first)
        now.insert(0, {**first, "primary": answer is None or answer.stage == Stage.DRAFT})
    return {"now": now, "aside": aside, "never": never}


def _beyond(case: Case, verb: str, viewer: Viewer) -> str:
    """What speaks against a step besides the law of its state: what the action would say, told before anybody types."""
    if verb == "split" and case.steps.exclude(verb__in=BEFORE_WORK).exists():
        return "已经开始办理，不能再分案。"
    if verb == "join" and not same_applicant(case, viewer).exists():
        return "没有同一申请人的另一件在办的申请。"
    return ""


def same_applicant(case: Case, viewer: Viewer) -> QuerySet[Case]:
    """Open cases of the same applicant in the same body, which the viewer may see."""
    if not case.applicant_mark:
        return Case.objects.none()
    others = reads.visible(viewer).filter(body=case.body_id, applicant_mark=case.applicant_mark)
    return others.exclude(pk=case.pk).exclude(state__in=ENDED).order_by("-id")


def _link(case: Case, verb: str, name: str, address: str) -> dict[str, Any]:
    return {"verb": verb, "name": name, "url": reverse(address, args=[case.pk, verb])}


def waits_for(answer: Answer | None, case: Case, viewer: Viewer) -> dict[str, Any] | None:
    """Where an answer under way is, in words, and whether this person is the one it waits for."""
    if answer is None:
        return None
    drafter = answer.drafter.name if answer.drafter else ""
    out: dict[str, Any] = {"answer": answer, "name": outcome_name(answer.outcome, answer.ground), "drafter": drafter}
    if answer.stage == Stage.CHECK:
        out["mine"] = can(viewer, case, "case.check") and answer.drafter_id != viewer.person_id
        out["say"] = f"{drafter}{answer.drafted_on:%-m月%-d日}拟好答复，等法制审核。"
    elif answer.stage == Stage.SIGN:
        own = (answer.drafter_id, answer.checker_id)
        out["mine"] = can(viewer, case, "case.sign") and viewer.person_id not in own
        checker = answer.checker.name if answer.checker else ""
        out["say"] = f"{drafter}拟稿，{checker}法制审核同意，等签发。"
    else:
        out["mine"] = False
        out["say"] = f"{drafter}在写答复。" + (f"退回的意见：{answer.returned}" if answer.returned else "")
    return out


def url_of(wait: Wait) -> str:
    """The page on which what waits is done."""
    page, *more = wait.at
    return reverse(f"desk:cases-{page}", args=[wait.case.pk, *more])


@require_safe
def case(request: DeskRequest, pk: int) -> HttpResponse:
    """The page of a request; to who comes from a check or signature, with the next that waits for them."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    others = [w for w in waiting_for(viewer) if w.case.pk != pk] if request.GET.get("next") else []
    return show(request, held, following=others)


@require_POST
def reveal(request: DeskRequest, pk: int) -> HttpResponse:
    """The applicant in full, once, on the page that answers; who looked and why is in the log."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    try:
        full = actions.reveal(pk, request.POST.get("why", ""), actor=viewer, on=viewer.day)
    except Refused as error:
        return show(request, held, error.issues)
    return show(request, held, full=full)


def show(
    request: DeskRequest,
    held: Case,
    issues: Sequence[Issue] = (),
    full: Applicant | None = None,
    template: str = "case",
    following: Sequence[Wait] = (),
) -> HttpResponse:
    """The page of a case, with what was refused, and what waits next."""
    context = {**context_of(held, request.viewer, full), "issues": issues, "why": request.POST.get("why", "")}
    if following:
        context |= {"following": following[0], "following_url": url_of(following[0]), "following_count": len(following)}
    context["linked_issues"] = [(i, f"f-{i.field}" if i.field else "") for i in issues]
    return render(request, f"desk/cases/{template}.html", context, status=422 if issues else 200)


@require_safe
def paper(request: DeskRequest, pk: int) -> HttpResponse:
    """The case for printing, for use inside the organ."""
    return show(request, case_of(request.viewer, pk), template="print")


def context_of(held: Case, viewer: Viewer, full: Applicant | None = None) -> dict[str, Any]:
    """Everything that the page of a case says."""
    tree = viewer.tree
    at = standing(held)
    answer = under_way(held)
    near = reads.visible(viewer)
    known = {c.pk for c in similar.alike(held)} if not held.erased_on else set()
    joined = held.steps.filter(verb="join").first()
    into = near.filter(pk=joined.data["into"]).first() if joined else None
    return {
        "case": held,
        "at": at,
        "state": State(held.state).label,
        "body_name": tree[held.body_id].name if held.body_id in tree else "",
        "handler_name": tree.short(held.handler_id) if held.handler_id and held.handler_id in tree else "",
        "kind_name": life.APPLICANTS[held.applicant_kind],
        "channel_name": life.CHANNELS[held.channel],
        "applicant": applicant_lines(held, full),
        "revealed": full is not None,
        "may_reveal": held.erased_on is None and can(viewer, held, "case.reveal"),
        "clock": clock_of(held, at, viewer.day),
        "offers": offered(held, at, viewer, answer),
        "waits": waits_for(answer, held, viewer),
        "outcome": outcome_name(held.outcome, held.ground) if held.outcome else "",
        "account": account(held, at, tree),
        "letters": list(held.letters.order_by("id")),
        "papers": list(held.papers.all()),
        "disputes": list(held.disputes.all()),
        "alike": list(near.filter(pk__in=known).order_by("-id")[:5]),
        "origin": near.filter(pk=held.origin_id).first() if held.origin_id else None,
        "parts": list(near.filter(origin=held).order_by("id")),
        "into": into,
        "runs": can(viewer, held, "case.run"),
        "today": viewer.day,
        "oversees": can(viewer, held, "case.oversee") and bool(held.outcome) and held.state in ENDED,
        "drafts": can(viewer, held, "case.draft"),
    }
