"""目录动态调整: proposed by who owes the line, decided by 主管部门."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.scheme_common import line_form, said_of, scheme_of, standing_owners, typed
from gongkai.desk.scheme_page import may_propose, show
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.scheme import actions
from gongkai.scheme.models import Line, Scheme


@require_http_methods(["GET", "POST"])
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """提出调整: add, change or end a line. Who decides may put it into force at once; the history keeps it all the same."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    if not may_propose(held, viewer):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    number = number_of(given, "line")
    line = held.lines.prefetch_related("owners").filter(pk=number, until=None).first() if number else None
    verb = given.get("verb", "change" if line else "add")
    if verb not in ("add", "change", "end") or (number is not None and line is None):
        raise Http404
    values = line_values(line) if line else {"audience_all": True, "proactive": True}
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        values = {**values, **typed(request.POST)}
        try:
            _proposed(request, held, verb, values, line)
            return redirect("desk:scheme-scheme", held.pk)
        except Refused as error:
            issues = error.issues
    context = {
        "scheme": held,
        "held": line,
        "verb": verb,
        **line_form(values, viewer, held.body_id),
        "may_decide": may(viewer, "scheme.decide", thing_at(held.body_id, viewer)),
        "by_hand": _by_hand(held, verb, viewer),
        "reason": request.POST.get("reason", ""),
        "issues": issues,
        "said": said_of(issues),
    }
    return render(request, "desk/scheme/propose.html", context, status=422 if issues else 200)


def _by_hand(held: Scheme, verb: str, viewer: Viewer) -> bool:
    """Whether a line goes in at once: a scheme that is still being put together by hand."""
    return verb == "add" and held.file_id is None and may(viewer, "scheme.import", thing_at(held.body_id, viewer))


def _proposed(request: DeskRequest, held: Scheme, verb: str, values: dict[str, Any], line: Line | None) -> None:
    viewer, reason = request.viewer, request.POST.get("reason", "")
    if _by_hand(held, verb, viewer):
        actions.add_line(held.pk, values, actor=viewer, on=viewer.day)
        return
    if verb == "change" and line is not None:
        before = line_values(line)
        values = {k: v for k, v in values.items() if before.get(k) != v}
        if not values:
            raise refuse("scheme.same", "和现在的内容一样，没有要调整的。", "level1")
    made = actions.propose(
        held.pk, verb, values, reason, actor=viewer, on=viewer.day, line=line.pk if line is not None else None
    )
    if request.POST.get("now") == "1":
        actions.decide(made.pk, True, actor=viewer, on=viewer.day)


def line_values(line: Line) -> dict[str, Any]:
    """A standing line as its form shows it."""
    values: dict[str, Any] = {name: getattr(line, name) for name in (*actions.TEXTS, *actions.FLAGS)}
    values["kinds"] = list(line.kinds)
    values["owners"] = standing_owners(line)
    return values


@require_POST
def decide(request: DeskRequest, pk: int, proposal: int) -> HttpResponse:
    """主管部门 accepts or declines a proposal."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    found = held.proposals.filter(pk=proposal).first()
    if found is None:
        raise Http404
    try:
        accepted = request.POST.get("verdict") == "accept"
        if request.POST.get("verdict") not in ("accept", "decline"):
            demand(viewer, "scheme.decide", thing_at(held.body_id, viewer))
            raise refuse("scheme.verdict", "请选同意或者不同意。", "verdict")
        actions.decide(found.pk, accepted, actor=viewer, on=viewer.day, answer=request.POST.get("answer", ""))
    except Refused as error:
        return show(request, held, error.issues)
    if request.POST.get("back") == "list":
        return redirect("desk:scheme")
    return redirect("desk:scheme-scheme", held.pk)
