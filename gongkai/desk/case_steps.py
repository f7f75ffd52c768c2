"""Taking a step of a request: the form of each, the fee with its working, and what was refused with nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions, rules
from gongkai.cases.actions.common import right_of, standing
from gongkai.cases.actions.privacy import record_opened
from gongkai.cases.actions.steps import fee_of, pieces_before
from gongkai.cases.life import ENDED, VERBS, Standing
from gongkai.cases.models import Case
from gongkai.desk.case_fields import About, Field, Form, Typed
from gongkai.desk.case_forms import FORMS
from gongkai.desk.case_letters import looked_at, missing_of
from gongkai.desk.case_page import case_of, demand_of
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.law.clocks import ClockError
from gongkai.law.fees import Fee, by_piece

NAMES = {**VERBS, "assign": "分办"}


@require_http_methods(["GET", "POST"])
def step(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """A step's own page: what it does, its fields, its button."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    if verb == "fee_notice":
        return fee(request, held)
    form = FORMS.get(verb)
    if form is None:
        raise Http404
    demand_of(viewer, held, right_of(verb))
    at = standing(held)
    about = About(held, at, viewer)
    if form.opens:
        demand_of(viewer, held, "case.reveal")
        if request.method == "GET":
            record_opened(held, form.opens, actor=viewer, on=viewer.day)
    issues: Sequence[Issue] = ()
    shown: list[tuple[str, list[str]]] = []
    if request.method == "POST":
        try:
            if request.POST.get("do") == "look" and form.letters:
                shown = looked_at(held, lambda: form.run(pk, Typed(request.POST, about), viewer), viewer)
            else:
                form.run(pk, Typed(request.POST, about), viewer)
                return redirect("desk:cases-case", pk)
        except Refused as error:
            issues = error.issues
        except ClockError as error:
            issues = [Issue("clock", str(error))]
    closed = why_closed(at, verb, viewer.day)
    context = {
        "verb": verb,
        "form": form,
        "fields": [drawn(f, about, request, issues) for f in form.fields],
        "closed": closed if not issues else "",
        "missing": missing_of(held, form.letters, viewer.day),
        "shown": shown,
    }
    return answer(request, held, at, context, issues or ([Issue("state", closed)] if closed else []))


@require_POST
def dispute_answered(request: DeskRequest, pk: int, dispute: int) -> HttpResponse:
    """The organ's answer and evidence went to the organ that reconsiders or to the court."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    typed = Typed(request.POST, About(held, standing(held), viewer))
    actions.dispute_answered(held.pk, dispute, actor=viewer, on=typed.on)
    return redirect("desk:cases-case", pk)


def answer(
    request: DeskRequest, held: Case, at: Standing, context: dict[str, Any], issues: Sequence[Issue], page: str = "step"
) -> HttpResponse:
    """A form's page, with what was refused."""
    verb = context["verb"]
    linked = [(i, f"f-{i.field}" if i.field else "") for i in issues]
    common = {"case": held, "at": at, "name": NAMES[verb], "issues": issues, "linked_issues": linked}
    return render(request, f"desk/cases/{page}.html", {**common, **context}, status=422 if issues else 200)


def why_closed(at: Standing, verb: str, today: dt.date) -> str:
    """Why a step cannot be taken today; empty where it can."""
    if verb == "assign":
        return "这件申请已经办结，不用再分办。" if at.state in ENDED else ""
    return next((o.why_not for o in rules.offers(at, today) if o.verb == verb), "")


def drawn(field: Field, about: About, request: DeskRequest, issues: Sequence[Issue]) -> dict[str, Any]:
    """A field as the page shows it: what was typed, or what it begins with."""
    options = field.options(about) if field.options else []
    if request.method == "POST":
        value = request.POST.get(field.name, "")
    else:
        value = str(field.start(about) or "") if field.start else ""
        if not value and field.kind == "choice" and field.required and len(options) == 1:
            value = options[0][0]
    say = [i.say for i in issues if i.field == field.name]
    return {"field": field, "value": value, "options": options, "say": say, "id": f"f-{field.name}"}


FEE = Form(
    "收费通知应在答复期限内发出（国办函〔2020〕109号第六条）；按件或者按量只选一种。先算出数额，看过再发。",
    (
        Field("basis", "计收方式", "choice", "", True, None, lambda a: [("pieces", "按件计收"), ("pages", "按量（页）计收")]),
        Field("count", "件数或者页数", "number", "按件：这件申请算几件（一般是1）；按量：单面A4或者更小的算1页。", True, lambda a: "1"),
    ),
    lambda pk, typed, who: None,
    "发出收费通知",
    ("fee",),
)  # fmt: skip


def fee(request: DeskRequest, held: Case) -> HttpResponse:
    """收费通知: computed first and shown with its working; what is sent is what was shown."""
    viewer = request.viewer
    demand_of(viewer, held, "case.run")
    at = standing(held)
    about = About(held, at, viewer)
    before = pieces_before(held, viewer.day)
    issues: Sequence[Issue] = ()
    made: Fee | None = None
    month: Fee | None = None
    count = 0
    shown: list[tuple[str, list[str]]] = []
    if request.method == "POST":
        try:
            typed = Typed(request.POST, about)
            basis, count = typed.text("basis"), typed.number("count", "件数或者页数") or 0
            made = fee_of(held, basis, count, viewer.day)
            if request.POST.get("do") == "send":
                amount = number_of(request.POST, "amount")
                if amount is None:
                    raise refuse("fee.shown", "请先算出数额，看过再发。", "count")
                actions.fee_notice(held.pk, basis, amount, actor=viewer, on=viewer.day, count=count)
                return redirect("desk:cases-case", held.pk)
            month = by_piece(before + count) if before and basis == "pieces" else None
            if made.amount:
                sent = partial(actions.fee_notice, held.pk, basis, made.amount, count=count)
                shown = looked_at(held, lambda: sent(actor=viewer, on=viewer.day), viewer)
        except Refused as error:
            issues = error.issues
        except ClockError as error:
            issues = [Issue("clock", str(error))]
    closed = why_closed(at, "fee_notice", viewer.day)
    context = {
        "verb": "fee_notice",
        "form": FEE,
        "fields": [drawn(f, about, request, issues) for f in FEE.fields],
        "closed": closed if not issues else "",
        "missing": missing_of(held, ("fee",), viewer.day),
        "fee": made,
        "before": before,
        "month": month,
        "pieces": before + count,
        "shown": shown,
    }
    return answer(request, held, at, context, issues or ([Issue("state", closed)] if closed else []), "fee")
