"""收件: requests taken in at a counter, by mail, by fax, by word of mouth; read back, printed, signed, handed over."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import segno
from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.clock import ZONE, now
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions, letters, life
from gongkai.cases.actions.common import of_body, setup_of
from gongkai.cases.actions.letters import document, organ_name
from gongkai.cases.actions.privacy import record_shown
from gongkai.cases.models import Case, Letter, Paper, Step
from gongkai.cases.reads import by_code
from gongkai.cases.request import FORMS, ID_KINDS, WAYS
from gongkai.desk.case_bodies import bodies_for
from gongkai.desk.case_page import case_of
from gongkai.desk.counter_form import DAYS, HELPS, RECEIPT, Typed, look_at, spoken, told_of, typed_from
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import table
from gongkai.orgs.rules import Viewer, may

MOST = 200
SIZES = {"1": "标准", "2": "大", "3": "特大"}
PAPERS = {Paper.FORM.value: "签名的申请表", Paper.IDENTITY.value: "身份证明"}
NOT_MINE = "没有找到您登记的、还在办的这件申请，请核对查询码。别人登记的，请交给登记的人或者办理单位。"


def _bodies(viewer: Viewer) -> list[tuple[int, str]]:
    found = bodies_for(viewer, "case.receive")
    if not found:
        raise Http404
    return found


def _size(request: DeskRequest) -> str:
    wanted = request.POST.get("size", "")
    if wanted in SIZES:
        request.session["counter_size"] = wanted
    return str(request.session.get("counter_size", "1"))


def mine(request: DeskRequest) -> list[Case]:
    """What somebody took in today, newest first: by the true clock of the log, or by the day of a rehearsal."""
    viewer, today = request.viewer, now().astimezone(ZONE).date()
    said = Q(submitted_on=viewer.day)
    if viewer.day == today:
        said = Q(pk__in=Step.objects.filter(number=1, person=viewer.person_id, at__date=today).values("case"))
    just = list(request.session.get("counter_done", {}).values())
    return list(Case.objects.filter(said | Q(pk__in=just), taken_by=viewer.person_id).order_by("-id")[:MOST])


def taken(request: DeskRequest, pk: int, *, today: bool = True) -> tuple[Case, bool]:
    """A case that the viewer took in, with their right to take in for its body, and whether that was today; 404 for
    every other.

    What was typed is shown to whoever typed it, on that day: later the case is the office's. Without `today` also one
    of another day that has not ended: the signed sheet may be brought later.
    """
    viewer = request.viewer
    held = next((c for c in mine(request) if c.pk == pk), None)
    now_taken = held is not None
    if held is None and not today:
        held = Case.objects.filter(pk=pk, taken_by=viewer.person_id, ended_on=None).first()
    if held is None or not may(viewer, "case.receive", of_body(held.body_id, viewer)):
        raise Http404
    return held, now_taken


@require_safe
def counter(request: DeskRequest) -> HttpResponse:
    """收件: ways in, what I took in today, and the field for a scanned code."""
    return _counter(request)


def _counter(request: DeskRequest, issues: Sequence[Issue] = (), code: str = "") -> HttpResponse:
    viewer = request.viewer
    _bodies(viewer)
    cases = [(c, viewer.tree.short(c.body_id)) for c in mine(request)]
    context = {"cases": cases, "size": _size(request), "sizes": SIZES, "issues": issues, "code": code}
    return render(request, "desk/counter/counter.html", context, status=422 if issues else 200)


@require_POST
def size(request: DeskRequest) -> HttpResponse:
    """The size of letters at this counter."""
    _bodies(request.viewer)
    _size(request)
    return redirect("desk:counter")


@require_POST
def find(request: DeskRequest) -> HttpResponse:
    """A code, scanned from a signed sheet or typed."""
    _bodies(request.viewer)
    typed = request.POST.get("code", "")[:40]
    held = by_code(typed)
    try:
        if held is None:
            raise Http404
        taken(request, held.pk, today=False)
    except Http404:
        return _counter(request, (Issue("code.unknown", NOT_MINE, "code"),), typed)
    return redirect("desk:counter-case", held.pk)


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """The form of a request, its read-back, and the taking in; what was typed comes along through all of it."""
    viewer, bodies = request.viewer, _bodies(request.viewer)
    if request.method != "POST":
        return _form(request, typed_from(request.GET, viewer, first=True), bodies)
    typed, step = typed_from(request.POST, viewer), request.POST.get("step", "check")
    if "size" in request.POST or step == "back":
        return _form(request, typed, bodies)
    look = look_at(typed, viewer, {pk for pk, _ in bodies})
    if look.issues:
        return _form(request, typed, bodies, look.issues)
    if step != "save":
        return _read_back(request, typed, dict(bodies))
    # Pressed twice, it is still one request.
    token, done = request.POST.get("token", ""), request.session.get("counter_done", {})
    if token and token in done:
        return redirect("desk:counter-case", done[token])
    assert look.on is not None
    told = typed.request
    try:
        case = actions.receive(
            look.body, told, told["channel"], actor=viewer, on=look.on, confirmed=look.confirmed,
            oral=bool(told["oral"]), place=told["place"],
        )  # fmt: skip
    except Refused as error:
        return _form(request, typed, bodies, error.issues)
    if token:
        request.session["counter_done"] = dict([*done.items(), (token, case.pk)][-MOST:])
    return redirect("desk:counter-case", case.pk)


def _form(
    request: DeskRequest, typed: Typed, bodies: list[tuple[int, str]], issues: Sequence[Issue] = ()
) -> HttpResponse:
    viewer = request.viewer
    if not typed.values["body"]:
        # A hall takes in for the whole county: which body is asked for is said, never assumed.
        own = bodies if len(bodies) == 1 else bodies_for(viewer, "case.run")
        typed.values["body"] = str(own[0][0]) if len(own) == 1 else ""
    context = {
        "v": typed.values,
        "helps": [(h, h in typed.helps) for h in HELPS],
        "bodies": [(str(pk), name) for pk, name in bodies],
        "channels": [(c, name, RECEIPT[c], DAYS[c], c in life.CONFIRMED) for c, name in life.CHANNELS.items()],
        "kinds": list(life.APPLICANTS.items()),
        "id_kinds": ID_KINDS,
        "forms": FORMS,
        "ways": WAYS,
        "issues": issues,
        "said": {i.field: i.say for i in reversed(issues) if i.field},
        "size": _size(request),
        "sizes": SIZES,
        "today_iso": viewer.day.isoformat(),
    }
    return render(request, "desk/counter/form.html", context, status=422 if issues else 200)


def _read_back(request: DeskRequest, typed: Typed, names: dict[int, str]) -> HttpResponse:
    look = look_at(typed, request.viewer, set(names))
    assert look.at is not None
    channel = typed.values["channel"]
    context = {
        "lines": spoken(typed, names[look.body]),
        "hidden": typed.hidden,
        "token": secrets.token_urlsafe(12),
        "oral": bool(typed.values["oral"]),
        "channel": life.CHANNELS[channel],
        "rule": RECEIPT[channel],
        "submitted": look.on,
        "received": look.at.received,
        "late_call": channel == "mail_unsigned" and look.confirmed is not None and look.confirmed != look.on,
        "unsigned": channel == "mail_unsigned",
        "due": look.due,
        "amend": typed.values["purpose"] == "amend",
        "size": _size(request),
    }
    return render(request, "desk/counter/read_back.html", context)


@require_safe
def case(request: DeskRequest, pk: int) -> HttpResponse:
    """What was taken in: what to print, what to scan, what to hand over; after its day what to scan alone."""
    return _case(request, *taken(request, pk, today=False))


def _case(request: DeskRequest, held: Case, today: bool, issues: Sequence[Issue] = ()) -> HttpResponse:
    papers = [(p, PAPERS.get(p.kind, p.get_kind_display())) for p in held.papers.filter(kind__in=PAPERS)]
    context = {
        "case": held,
        "prints": today,
        "body": request.viewer.tree[held.body_id].name,
        "who": told_of(held.applicant).masked,
        "papers": papers,
        "kinds": list(PAPERS.items()),
        "signed": any(p.kind == Paper.FORM for p, _ in papers),
        "channel": life.CHANNELS[held.channel],
        "kind": request.POST.get("kind", Paper.FORM.value),
        "issues": issues,
        "said": {i.field: i.say for i in issues if i.field},
        "registration": Letter.objects.filter(case=held, code="registration").exists(),
        "receipt": Letter.objects.filter(case=held, code="receipt").exists(),
        "size": _size(request),
    }
    return render(request, "desk/counter/case.html", context, status=422 if issues else 200)


@require_POST
def attach(request: DeskRequest, pk: int) -> HttpResponse:
    """The scanned sheet with the signature, or the identity paper."""
    viewer = request.viewer
    held, today = taken(request, pk, today=False)
    try:
        kind, came = request.POST.get("kind", ""), request.FILES.get("file")
        if kind not in PAPERS:
            raise refuse("paper.kind", "请选是签名的申请表还是身份证明。", "kind")
        if came is None:
            raise refuse("paper.file", "请选扫描好的文件。", "file")
        actions.attach(held.pk, kind, came.name or "扫描件", came.read(), actor=viewer, on=viewer.day)
    except Refused as error:
        return _case(request, held, today, error.issues)
    return redirect("desk:counter-case", held.pk)


def _code(text: str) -> SafeString:
    """A QR code as SVG in the page, without style or script."""
    made = segno.make(text, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))


def _grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _printed(request: DeskRequest, held: Case) -> dict[str, object]:
    tree = request.viewer.tree
    setup = setup_of(held.body_id)
    return {
        "case": held,
        "organ": organ_name(tree, held.body_id, setup),
        "setup": setup,
        "who": told_of(held.applicant),
        "natural": held.applicant_kind == "natural",
        "code": _grouped(held.code),
        "channel": life.CHANNELS[held.channel],
        "taker": request.viewer.name,
        "size": "1",
    }


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """申请表 to be signed; its QR code is the code of the case, so that the signed sheet finds it again."""
    held, _ = taken(request, pk)
    return render(request, "desk/counter/sheet.html", {**_printed(request, held), "qr": _code(held.code)})


@require_safe
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """回执 for the applicant's hand: number, code, QR code of the page that tells how far it is."""
    held, _ = taken(request, pk)
    record_shown(held, actor=request.viewer, on=request.viewer.day)
    return _receipt(request, held, "desk:counter-case")


def _receipt(request: DeskRequest, held: Case, back: str) -> HttpResponse:
    address = progress_address(request)
    # After the # nothing goes to any server: the page itself puts the code into the form.
    qr = _code(f"{address}#{held.code}" if address else held.code)
    told = {**_printed(request, held), "address": address, "qr": qr, "back": back}
    return render(request, "desk/counter/receipt.html", told)


def progress_address(request: DeskRequest) -> str:
    """Where a citizen asks how far a request is, at the address of the public site where that is set."""
    try:
        path = reverse("portal:progress")
    except NoReverseMatch:
        return ""
    known = str(settings.GONGKAI_SITE_URL or "").rstrip("/")
    return known + path if known else request.build_absolute_uri(path)


@require_POST
def code(request: DeskRequest, pk: int) -> HttpResponse:
    """The receipt with the code once more, for an applicant who lost it and showed who they are; the log says why."""
    viewer = request.viewer
    case_of(viewer, pk)
    held = actions.show_code(pk, request.POST.get("why", ""), actor=viewer, on=viewer.day)
    return _receipt(request, held, "desk:cases-case")


@require_safe
def letter(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """登记表 or 登记回执 as the office's letter."""
    held, _ = taken(request, pk)
    found = Letter.objects.filter(case=held, code=code).order_by("-id").first()
    if found is None:
        raise Http404
    return table(document(found), "docx", code, f"{letters.kinds()[code].name}{held.number}")
