"""个人信息: applicants' data whose term of keeping is over, looked through and erased."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions
from gongkai.cases.reads import erasable
from gongkai.desk.case_board import lines_of
from gongkai.desk.case_bodies import bodies_for
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of

PAGE = 100


@require_http_methods(["GET", "POST"])
def erasure(request: DeskRequest) -> HttpResponse:
    """Cases whose term is over; the chosen ones are named once more before they are erased."""
    viewer = request.viewer
    if not bodies_for(viewer, "case.run"):
        raise Http404
    if request.method != "POST":
        return _list(request)
    picked = {int(x) for x in request.POST.getlist("case") if x.isascii() and x.isdigit() and len(x) < 16}
    found = list(erasable(viewer, viewer.day).filter(pk__in=picked))
    try:
        if not found:
            raise refuse("erase.none", "请先勾选要删除个人信息的申请。", "case")
        if request.POST.get("step") != "erase":
            return render(request, "desk/counter/erasure_ask.html", {"lines": lines_of(found, viewer), "n": len(found)})
        if not request.POST.get("sure"):
            raise refuse("erase.sure", "请勾选“我知道删除以后不能恢复”。", "sure")
    except Refused as error:
        if request.POST.get("step") == "erase" and found:
            context = {"lines": lines_of(found, viewer), "n": len(found), "issues": error.issues}
            return render(request, "desk/counter/erasure_ask.html", context, status=422)
        return _list(request, error.issues)
    # Each by itself: what one case does not allow keeps the others from nothing.
    done = 0
    said: list[Issue] = []
    for case in found:
        try:
            actions.erase(case.pk, actor=viewer, on=viewer.day)
            done += 1
        except Refused as error:
            said += error.issues
    if said:
        return _list(request, said)
    return redirect(f"{reverse('desk:case-setup-erasure')}?done={done}")


def _list(request: DeskRequest, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    page = Paginator(erasable(viewer, viewer.day), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines_of(list(page), viewer),
        "done": number_of(request.GET, "done"),
        "issues": issues,
    }
    return render(request, "desk/counter/erasure.html", context, status=422 if issues else 200)
