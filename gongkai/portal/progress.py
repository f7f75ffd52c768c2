"""查进度: by the code alone.

The code never stands in an address: addresses are written into logs, histories and the bookmarks of others. It is typed
into a form, or comes after the # of the QR code, which browsers keep to themselves, and is sent by POST; from then on the
session remembers, sealed, which case is open, for half an hour. A code that is wrong, one that was never given and one
that is no code at all get the same answer.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from gongkai.base.clock import today
from gongkai.base.issues import Issue, Refused
from gongkai.base.sealing import open_sealed
from gongkai.cases import actions, reads
from gongkai.cases.actions.common import APPLICANT, standing
from gongkai.cases.actions.letters import pdf_of
from gongkai.cases.models import Case, Letter
from gongkai.orgs.reads import tree_on
from gongkai.papers.office import soffice
from gongkai.portal import ask_draft, ask_limits, ask_told
from gongkai.portal.asking import go, grouped_code, page, shut

IDLE = 30 * 60
"""Seconds for which a case stays open in a browser that is left alone."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _open(request: HttpRequest) -> Case | None:
    """The case that this visitor opened with its code."""
    told = ask_draft.got(request.session, "ask_case", IDLE)
    case = Case.objects.filter(pk=told["case"]).first() if told else None
    if case is not None:
        ask_draft.put(request.session, "ask_case", {"case": case.pk})
    return case


def progress(request: HttpRequest) -> HttpResponse:
    """The form for the code."""
    if request.method != "POST":
        return page(request, "progress", "progress", typed="")
    typed = ask_draft.tidy(request.POST.get("code"))[:60]
    attempt = ask_limits.note("code", request)
    if attempt is None:
        say = "查询码输错的次数太多，请一小时后再试；也可以带身份证件到受理机构查询。"
        response = page(
            request, "progress", "progress", status=429, typed=typed, issues=[Issue("code.limit", say, "code")]
        )
        response["Retry-After"] = "3600"
        return response
    case = reads.by_code(typed)
    if case is None:
        say = "没有查到。请核对查询码：12位，由数字和大写字母组成，没有0、1、I、O。"
        return page(request, "progress", "progress", status=422, typed=typed, issues=[Issue("code.none", say, "code")])
    attempt.delete()
    request.session.cycle_key()
    ask_draft.put(request.session, "ask_case", {"case": case.pk})
    return go("progress-case")


def case(request: HttpRequest) -> HttpResponse:
    """Where the case stands."""
    held = _open(request)
    return _show(request, held) if held else go("progress")


def _show(request: HttpRequest, held: Case, status: int = 200, **more: Any) -> HttpResponse:
    told = ask_told.told_of(held, tree_on(today()), today())
    after = [(c, grouped_code(c.code), tree_on(today())[c.body_id].name) for c in told.after]
    return page(
        request, "case", "progress", status=status, told=told, case=held, at=told.at, after=after,
        pdf=soffice() is not None, **more,
    )  # fmt: skip


def act(request: HttpRequest, what: str) -> HttpResponse:
    """What the applicant does here: corrects, gives reasons, suggests publication."""
    held = _open(request)
    if held is None:
        return go("progress")
    if request.method != "POST":
        return go("progress-case")
    text = ask_draft.tidy(request.POST.get("text"))[:5000]
    try:
        if what == "correct":
            actions.correct_by_applicant(held.pk, text, on=today())
        elif what == "reasons":
            actions.reasons_by_applicant(held.pk, text, on=today())
        elif ask_told.told_of(held, tree_on(today()), today()).may_suggest:
            actions.suggest_opening(held, on=today(), actor=APPLICANT)
    except Refused as error:
        return _show(request, held, 422, issues=error.issues, typed=text)
    return go("progress-case")


def withdraw(request: HttpRequest) -> HttpResponse:
    """Taking the request back, with a page in between that says what it means."""
    held = _open(request)
    if held is None:
        return go("progress")
    told = ask_told.told_of(held, tree_on(today()), today())
    if not told.may_withdraw:
        return go("progress-case")
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        try:
            if request.POST.get("sure") != "1":
                raise Refused(Issue("withdraw.sure", "要撤回，请先勾选“我确认撤回”。", "sure"))
            actions.withdraw_by_applicant(held.pk, on=today())
            return go("progress-case")
        except Refused as error:
            issues = error.issues
    return page(request, "withdraw", "progress", status=422 if issues else 200, told=told, case=held, issues=issues)


def follow(request: HttpRequest) -> HttpResponse:
    """Go on to the case that this one became: sent on to another organ, or split."""
    held = _open(request)
    told = request.POST.get("case", "")
    if held is None or request.method != "POST":
        return go("progress-case" if held else "progress")
    after = held.came_of.filter(pk=int(told)).first() if told.isascii() and told.isdigit() and len(told) < 12 else None
    if after is None:
        raise Http404
    ask_draft.put(request.session, "ask_case", {"case": after.pk})
    return go("progress-case")


def letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A letter to the applicant, as it was sent."""
    held = _open(request)
    known = {row.pk: name for row, name in ask_told.letters_of(held, standing(held))} if held else {}
    row = Letter.objects.filter(pk=pk, case=held).select_related("template").first() if pk in known else None
    if row is None:
        raise Http404
    data = actions.document(row) if form == "docx" else _pdf(row)
    return _file(data, f"{known[pk]}.{form}", DOCX if form == "docx" else "application/pdf")


def _pdf(row: Letter) -> bytes:
    made = pdf_of(row)
    if made is None:
        raise Http404
    return made


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """What was supplied."""
    held = _open(request)
    row = next((p for p in ask_told.papers_of(held, standing(held)) if p.pk == pk), None) if held else None
    if row is None:
        raise Http404
    return _file(open_sealed(row.file_id), row.name, "application/octet-stream")


def _file(data: bytes, name: str, media: str) -> HttpResponse:
    response = shut(HttpResponse(data, content_type=media))
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
