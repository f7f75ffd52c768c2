"""关口与编号: what 主管部门 sets for its organisations."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.records import actions, numbers
from gongkai.records.kinds import gates, kinds
from gongkai.records.models import Chain, Numbering


@require_safe
def settings(request: DeskRequest) -> HttpResponse:
    """The orders of gates and the rules of index numbers that have been set, and the forms to set others."""
    return _settings(request)


def _settings(request: DeskRequest, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    if not viewer.governed:
        raise Http404
    tree = viewer.tree
    owners = [(n.id, tree.path(n.id)) for n in tree.live() if n.id in viewer.governed]
    chains = [
        (
            c,
            tree.path(c.organisation_id) if c.organisation_id in tree else "",
            kinds()[c.kind].name if c.kind in kinds() else "全部种类",
            [gates()[g].name for g in c.gates if g in gates()],
        )
        for c in Chain.objects.filter(organisation__in=viewer.governed).order_by("organisation", "kind")
    ]
    rules = [
        (n, tree.path(n.organisation_id) if n.organisation_id in tree else "", _sample(n, request))
        for n in Numbering.objects.filter(organisation__in=viewer.governed, period="").order_by("organisation")
    ]
    context = {
        "owners": owners,
        "kinds": [(c, k.name) for c, k in kinds().items()],
        "gates": list(gates().values()),
        "chains": chains,
        "rules": rules,
        "patterns": list(numbers.PATTERNS.items()),
        "issues": issues,
        "posted": request.POST,
        "own": [(k.name, [gates()[g].name for g in k.gates]) for k in kinds().values()],
    }
    return render(request, "desk/records/settings.html", context, status=422 if issues else 200)


def _sample(rule: Numbering, request: DeskRequest) -> str:
    try:
        return numbers.form(rule.pattern, rule.code, request.viewer.day, 1)
    except (KeyError, ValueError):
        return ""


@require_POST
def set_(request: DeskRequest, verb: str) -> HttpResponse:
    """Set an order of gates, take one back, or set a rule of index numbers."""
    viewer = request.viewer
    if not viewer.governed:
        raise Http404
    owner = number_of(request.POST, "organisation")
    try:
        if owner is None or owner not in viewer.tree:
            raise refuse("record.owner", "请选是哪个单位的。", "organisation")
        if verb == "chain":
            order = [] if request.POST.get("clear") else _order(request)
            actions.set_chain(owner, request.POST.get("kind", ""), order, actor=viewer, on=viewer.day)
        else:
            actions.set_numbering(
                owner,
                request.POST.get("code", ""),
                request.POST.get("pattern", ""),
                actor=viewer,
                on=viewer.day,
            )
    except Refused as error:
        return _settings(request, error.issues)
    return redirect("desk:records-settings")


def _order(request: DeskRequest) -> list[str]:
    """Gates by the number that each was given; one without a number is left out."""
    places = []
    for code in gates():
        typed = request.POST.get(f"gate.{code}", "").strip()
        if typed:
            if not typed.isdigit() or not 1 <= int(typed) <= 9:
                raise refuse("record.gates", "次序填1到9的数字，不用的关口空着。", "gates")
            places.append((int(typed), code))
    if not places:
        raise refuse("record.gates", "还没有给任何一道关口排次序。", "gates")
    if len({at for at, _ in places}) < len(places):
        raise refuse("record.gates", "两道关口的次序相同，请分先后。", "gates")
    return [code for _, code in sorted(places)]
