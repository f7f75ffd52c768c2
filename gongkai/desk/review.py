"""审核与发布: submit, decide, sign by link, publish, schedule, withdraw, take up again, compare, look at originals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.clock import ZONE, today
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest, is_open
from gongkai.desk.forms import number_of
from gongkai.desk.records_common import chain_of, record_of, side_by_side, version_of
from gongkai.desk.records_page import show
from gongkai.desk.records_parts import Part, parts_of
from gongkai.orgs.models import Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import demand, thing_at
from gongkai.records import actions, life, reads
from gongkai.records.kinds import Kind, kind_of
from gongkai.records.models import CONTENT, Conclusion, Draft, Original, Record, SignLink, Version


@require_POST
def act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """The acts that need nothing but a word: submit, recall, publish, schedule, unschedule, revise, drop, cover."""
    viewer = request.viewer
    held = record_of(viewer, pk)
    post = request.POST
    try:
        if verb == "submit":
            actions.submit(
                pk,
                actor=viewer,
                on=viewer.day,
                urgent=post.get("urgent", ""),
                note=post.get("note", ""),
                revision=number_of(post, "revision"),
            )
        elif verb == "recall":
            version = _numbered(held, post.get("version", ""))
            actions.recall(version.pk, actor=viewer, on=viewer.day, why=post.get("why", ""))
        elif verb == "publish":
            out = actions.publish(pk, actor=viewer, on=viewer.day)
            if len(out) > 1:
                return redirect(f"{reverse('desk:records-record', args=[pk])}?together={len(out)}")
        elif verb == "schedule":
            actions.schedule(pk, _moment(post.get("moment", "")), actor=viewer, on=viewer.day)
        elif verb == "unschedule":
            actions.unschedule(pk, actor=viewer, on=viewer.day)
        elif verb == "revise":
            actions.revise(pk, actor=viewer, on=viewer.day)
            return redirect("desk:records-edit", pk)
        elif verb == "cover":
            revision = number_of(post, "revision")
            actions.cover(pk, revision=-1 if revision is None else revision, actor=viewer, on=viewer.day)
            return redirect("desk:records-edit", pk)
        else:
            actions.drop_draft(pk, actor=viewer, on=viewer.day)
            if not Record.objects.filter(pk=pk).exists():
                return redirect("desk:records")
    except Refused as error:
        return show(request, record_of(viewer, pk), error.issues)
    return redirect("desk:records-record", pk)


def _numbered(held: Record, number: str) -> Version:
    found = held.versions.filter(number=int(number)).first() if number.isdigit() and len(number) < 9 else None
    if found is None:
        raise refuse("record.gone", "没有这一版。")
    return found


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=ZONE)
    except ValueError:
        raise refuse("record.moment", "请填定时发布的日期和时间，如 2026-12-01 09:00。", "moment") from None


@require_safe
def version(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """One version, readable in place, beside what is out; with the decision for whoever keeps its next gate."""
    return _version(request, version_of(request.viewer, pk, number))


def _version(request: DeskRequest, held: Version, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    kind = kind_of(held.record.kind)
    results = life.passed(held)
    gate = life.next_gate(held, results)
    barred, mine = "", False
    if gate is not None and held.record.owner_id in viewer.reach(Role(gate.role)):
        try:
            life.may_keep(viewer, held, gate, results)
            mine = True
        except Refused as error:
            barred = str(error)
    base = held.record.published
    differs = base is not None and base.pk != held.pk and base.number < held.number
    context = {
        "v": held,
        "r": held.record,
        "kind": kind,
        "gate": gate,
        "mine": mine,
        "barred": barred,
        "steps": chain_of(held, viewer),
        "parts": parts_of(kind, held, viewer),
        "content": held,
        "shown": kind.shown,
        "differences": side_by_side(reads.compare(base, held, kind)) if differs and base else [],
        "base": base if differs else None,
        "conclusions": conclusions(gate.code if gate else "", late=held.state == "published"),
        "comment": request.POST.get("comment", ""),
        "checked": request.POST.getlist("checked"),
        "chosen": request.POST.get("conclusion", ""),
        "file_url": reverse("desk:records-record", args=[held.record_id]) + "file/",
        "statuses": list(held.statuses.select_related("person")),
        "issues": issues,
        "linked_issues": [(i, f"f-{i.field}" if i.field else "") for i in issues],
        "owner_name": viewer.tree.path(held.record.owner_id) if held.record.owner_id in viewer.tree else "",
    }
    return render(request, "desk/records/version.html", context, status=422 if issues else 200)


def conclusions(gate: str, *, late: bool) -> list[tuple[str, str]]:
    """What may be found at a gate: 不能确定 only for 保密审查, and only 同意 once it is out."""
    if late:
        return [(Conclusion.PASS.value, Conclusion.PASS.label)]
    return [(c.value, c.label) for c in Conclusion if c != Conclusion.UNSURE or gate == "secrecy"]


@require_POST
def decide(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """同意, 退回, 不能确定."""
    viewer = request.viewer
    held = version_of(viewer, pk, number)
    try:
        actions.decide(
            held.pk,
            request.POST.get("conclusion", ""),
            actor=viewer,
            on=viewer.day,
            comment=request.POST.get("comment", ""),
            checked=request.POST.getlist("checked"),
            gate=request.POST.get("gate", ""),
        )
    except Refused as error:
        return _version(request, version_of(viewer, pk, number), error.issues)
    return redirect("desk:records-record", pk)


@require_POST
def link(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """A link for one person to sign this version: shown once, here."""
    viewer = request.viewer
    held = version_of(viewer, pk, number)
    person = Person.objects.filter(pk=number_of(request.POST, "person") or 0, is_active=True).first()
    try:
        if person is None:
            raise refuse("record.person", "请选由谁签。", "person")
        token = actions.send_link(held.pk, person.pk, actor=viewer, on=viewer.day)
    except Refused as error:
        return show(request, record_of(viewer, pk), error.issues)
    made = SignLink.objects.filter(version=held, person=person, used_at=None).order_by("-pk").first()
    context = {
        "r": held.record,
        "v": held,
        "person": person,
        "address": request.build_absolute_uri(reverse("desk:sign", args=[token])),
        "expires": made.expires_at if made else None,
        "gate": life.next_gate(held),
    }
    return render(request, "desk/records/link.html", context)


# What a link opens, without signing in.


@is_open
@csrf_exempt
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """One version for one person to sign, on a phone. Who has not the token learns nothing, who has it only this.

    Without a session there is nothing for another site to ride on: whoever can post here holds the token already.
    """
    held = actions.link_of(token)
    if held is None:
        return _guarded(render(request, "desk/records/sign_over.html", status=404))
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            done = actions.decide_by_link(
                token, request.POST.get("conclusion", ""), on=today(), comment=request.POST.get("comment", "")
            )
        except Refused as error:
            issues = error.issues
        else:
            conclusion = Conclusion(request.POST["conclusion"]).label
            context = {"v": done, "conclusion": conclusion, "person": held.person}
            return _guarded(render(request, "desk/records/sign_done.html", context))
    version = held.version
    kind = kind_of(version.record.kind)
    gate = life.next_gate(version)
    viewer = viewer_of(held.person, today())
    base = version.record.published
    differs = base is not None and base.pk != version.pk
    context = {
        "v": version,
        "kind": kind,
        "gate": gate,
        "link": held,
        "parts": parts_of(kind, version, None),
        "content": version,
        "shown": kind.shown,
        "differences": side_by_side(reads.compare(base, version, kind)) if differs and base else [],
        "conclusions": conclusions(held.gate, late=version.state == "published"),
        "file_url": reverse("desk:sign", args=[token]) + "file/",
        "owner_name": viewer.tree.path(version.record.owner_id) if version.record.owner_id in viewer.tree else "",
        "comment": request.POST.get("comment", ""),
        "passed": [r for r in version.results.all() if r.conclusion == "pass"],
        "issues": issues,
    }
    return _guarded(render(request, "desk/records/sign.html", context, status=422 if issues else 200))


@is_open
@require_safe
def sign_file(request: HttpRequest, token: str, digest: str) -> HttpResponse:
    """An attachment of the version that a link opens."""
    held = actions.link_of(token)
    entry = next((a for a in held.version.attachments if a["digest"] == digest), None) if held else None
    if entry is None or not path_of(digest).is_file():
        return _guarded(render(request, "desk/records/sign_over.html", status=404))
    return _guarded(downloads.attachment(entry))


def _guarded(response: HttpResponseBase) -> HttpResponse:
    """What a link shows is kept nowhere, found nowhere, and its address is told to nobody."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return cast(HttpResponse, response)


# What is out.


@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    """撤回: the reason will be public, so it is asked on a page of its own."""
    viewer = request.viewer
    held = record_of(viewer, pk)
    demand(viewer, "record.withdraw", thing_at(held.owner_id, viewer))
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            actions.withdraw(pk, request.POST.get("reason", ""), actor=viewer, on=viewer.day)
            return redirect("desk:records-record", pk)
        except Refused as error:
            issues = error.issues
    leaning = list(reads.visible(viewer).filter(links__target=held, links__live=True).distinct())
    context = {"r": held, "issues": issues, "reason": request.POST.get("reason", ""), "leaning": leaning}
    return render(request, "desk/records/withdraw.html", context, status=422 if issues else 200)


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """Two versions side by side; the draft may be one of them."""
    viewer = request.viewer
    held = record_of(viewer, pk)
    kind = kind_of(held.kind)
    versions = list(held.versions.order_by("-number"))
    draft = Draft.objects.filter(record=held).first()
    every: list[tuple[str, str, Any]] = [(str(v.number), f"第{v.number}版", v) for v in versions]
    if draft is not None:
        every.insert(0, ("draft", "草稿", draft))
    chosen = {key: content for key, _, content in every}
    keys = [key for key, _, _ in every]
    right = request.GET.get("b", keys[0] if keys else "")
    left = request.GET.get("a", keys[1] if len(keys) > 1 else right)
    if left not in chosen or right not in chosen:
        raise Http404
    context = {
        "r": held,
        "every": [(key, text) for key, text, _ in every],
        "a": left,
        "b": right,
        "names": {key: text for key, text, _ in every},
        "differences": side_by_side(reads.compare(chosen[left], chosen[right], kind)),
    }
    return render(request, "desk/records/compare.html", context)


@require_http_methods(["GET", "POST"])
def original(request: DeskRequest, pk: int, original: int) -> HttpResponse:
    """What stood there before it was covered: asked with a reason, and that is recorded."""
    viewer = request.viewer
    held = record_of(viewer, pk)
    demand(viewer, "record.original", thing_at(held.owner_id, viewer))
    found = Original.objects.select_related("person").filter(pk=original, record=held).first()
    if found is None:
        raise Http404
    context: dict[str, Any] = {"r": held, "o": found}
    status = 200
    if request.method == "POST":
        try:
            content = actions.reveal(original, request.POST.get("reason", ""), actor=viewer, on=viewer.day)
            kind = kind_of(held.kind)
            context |= {"content": _content(content), "parts": _parts(kind, content, request)}
        except Refused as error:
            context["issues"], status = error.issues, 422
    return render(request, "desk/records/original.html", context, status=status)


def _content(held: dict[str, Any]) -> Draft:
    days = ("formed", "effective", "expires", "review_on")
    made = Draft(**{k: v for k, v in held.items() if k in CONTENT})
    for name in days:
        value = held.get(name)
        setattr(made, name, dt.date.fromisoformat(value) if value else None)
    return made


def _parts(kind: Kind, held: dict[str, Any], request: DeskRequest) -> list[Part]:
    return parts_of(kind, _content(held), request.viewer)
