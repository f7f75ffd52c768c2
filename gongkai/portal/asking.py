"""我要申请: one question a screen, from 想了解什么 to the code. Each screen is a plain form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.base.clock import today
from gongkai.base.issues import Issue, Refused
from gongkai.cases import actions
from gongkai.cases.actions.common import setup_of
from gongkai.cases.models import Case
from gongkai.law import clocks
from gongkai.orgs.reads import tree_on
from gongkai.portal import ask_draft, ask_found, ask_limits, frame, qr
from gongkai.portal.ask_draft import KINDS, PLACES, SCREENS, Draft, Question
from gongkai.records import reads

Answer = TypeVar("Answer", bound=HttpResponse)

LEADS = {
    "body": "信息是哪个机关制作、保存的，就向哪个机关申请（第十条）。",
    "what": "写明名称、文号，或者便于查找的描述，至少一样（第二十九条）。",
    "how": "申请要写明希望的形式和获取的途径（第二十九条）；机关没法按要求的形式提供的，会用别的适当方式（第四十条）。",
    "who": "申请人的类别只用于年度报告的统计（第五十条）。不问您为什么申请，也不问用途。",
    "contact": "姓名或者名称、身份证明、联系方式是第二十九条要求的；加密保存，只有办理这件申请的人看得到。",
}


def page(request: HttpRequest, template: str, here: str = "ask", *, status: int = 200, **more: Any) -> HttpResponse:
    """A page with a form in it, kept by nobody on the way."""
    return shut(frame.page(f"ask/{template}", here, status=status, csrf=get_token(request), **more))


def shut(response: Answer) -> Answer:
    """For this visitor alone: not kept by the browser, not indexed."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def go(name: str) -> HttpResponse:
    """On to another page."""
    return shut(redirect(f"portal:{name}"))


def begin(request: HttpRequest, purpose: str = "access") -> HttpResponse:
    """想了解什么？ What is typed is looked for among what is public before anybody is asked for their name."""
    old = ask_draft.held(request.session)
    if request.method != "POST":
        same = old is not None and old.values.get("purpose") == purpose
        words = old.values.get("words", "") if same and old else ""
        late = request.GET.get("late") == "1"
        return page(request, "start", purpose=purpose, words=words, late=late, going=same)
    words = ask_draft.tidy(request.POST.get("words"))
    issues = []
    if not words:
        issues.append(Issue("request.words", "请写几个字，说说想了解什么。", "words"))
    elif len(words) > 3000:
        issues.append(Issue("request.words", f"最多3000字，现在有{len(words)}字；请精简。", "words"))
    if issues:
        return page(request, "start", status=422, purpose=purpose, words=words, issues=issues)
    draft = old if old is not None and old.values.get("purpose") == purpose else Draft()
    if draft.values.get("asked", "") in ("", draft.values.get("words", "")):
        draft.values["asked"] = words  # nobody types the same twice
    draft.values |= {"purpose": purpose, "words": words}
    ask_draft.keep(request.session, draft)
    return go("ask-body" if draft.amends else "ask-found")


def found(request: HttpRequest) -> HttpResponse:
    """What is already out, and how the like was answered: 这就是我要的, or on."""
    draft = ask_draft.held(request.session)
    if draft is None:
        return _late()
    if request.method == "POST":
        told = request.POST.get("take", "")
        if told.isascii() and told.isdigit() and len(told) < 12:
            record = reads.visible(None).filter(pk=int(told)).first()
            if record is not None:
                request.session.pop("ask", None)
                return shut(redirect("portal:record", record.pk))
        return go("ask-body")
    return page(request, "found", words=draft.values["words"], known=ask_found.known(draft.values["words"]))


def body(request: HttpRequest) -> HttpResponse:
    """Which organ: found by words, proposed by who published the like, or from the list."""
    draft = ask_draft.held(request.session)
    if draft is None:
        return _late()
    tree = tree_on(today())
    every = ask_found.bodies(tree)
    issues: list[Issue] = []
    if request.method == "POST":
        typed = ask_draft.tidy(request.POST.get("body_words"))[:100]
        chosen = request.POST.get("body", "")
        draft.values["body_words"] = typed
        if "find" in request.POST:
            ask_draft.keep(request.session, draft)
            return go("ask-body")
        if any(chosen == str(n.id) for n in every):
            draft.values["body"] = chosen
            ask_draft.keep(request.session, draft)
            return _next(draft, "body")
        issues.append(Issue("request.body", "请选一个机关；拿不准就选最可能的那个。", "body"))
    typed = draft.values.get("body_words", "")
    likely = ask_found.fitting(f"{draft.values['words']} {draft.values.get('asked', '')}"[:300], typed)
    ids = {n.id for n in likely}
    chosen_node = next((n for n in every if n.id == draft.body), None)
    if chosen_node is not None and chosen_node.id not in ids:
        likely = [chosen_node, *likely]
        ids.add(chosen_node.id)
    return page(
        request, "body", status=422 if issues else 200, issues=issues, typed=typed, likely=likely, chosen=draft.body,
        groups=ask_found.grouped(n for n in every if n.id not in ids), count=len(every),
        **_place(draft, "body"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as the page shows it: with what was said and what is wrong with it."""

    ask: Question
    value: str
    wrong: str

    @property
    def ticked(self) -> list[str]:
        """What is ticked."""
        return self.value.split("、") if self.value else []


def screen(request: HttpRequest, name: str) -> HttpResponse:
    """One of the screens that are made of questions alone."""
    draft = ask_draft.held(request.session)
    if draft is None:
        return _late()
    opened = ask_draft.first_open(draft)
    if opened and SCREENS.index(opened) < SCREENS.index(name):
        return go(f"ask-{opened}")
    issues: list[Issue] = []
    if request.method == "POST":
        ask_draft.taken(draft, name, request.POST)
        issues = ask_draft.wrong(draft, name)
        if not issues:
            ask_draft.keep(request.session, draft)
            return _next(draft, name)
    told = {i.field: i.say for i in reversed(issues)}
    shown = [Shown(q, draft.values.get(q.name, ""), told.get(q.name, "")) for q in ask_draft.questions(name, draft)]
    return page(
        request, "screen", status=422 if issues else 200, issues=issues, shown=shown, lead=LEADS[name],
        amends=draft.amends, name=name, **_place(draft, name),
    )  # fmt: skip


def _place(draft: Draft, name: str) -> dict[str, Any]:
    """Where a screen stands among the screens, and what leads back."""
    at = SCREENS.index(name)
    before = f"ask-{SCREENS[at - 1]}" if at else ("ask-amend" if draft.amends else "ask-found")
    if draft.read and not ask_draft.first_open(draft):
        before = "ask-check"
    title = {"what": "要更正什么"}.get(name, PLACES[name]) if draft.amends else PLACES[name]
    return {"title": title, "step": at + 2, "steps": len(SCREENS) + 2, "before": reverse(f"portal:{before}")}


def _next(draft: Draft, name: str) -> HttpResponse:
    if draft.read:
        return go(f"ask-{ask_draft.first_open(draft) or 'check'}")
    at = SCREENS.index(name) + 1
    return go(f"ask-{SCREENS[at]}" if at < len(SCREENS) else "ask-check")


def _late() -> HttpResponse:
    return shut(redirect(f"{reverse('portal:ask')}?late=1"))


def check(request: HttpRequest) -> HttpResponse:
    """Everything read back, each line with 改; sent from here."""
    draft = ask_draft.held(request.session)
    if request.method == "POST":
        return _send(request)
    if draft is None:
        return _late()
    opened = ask_draft.first_open(draft)
    if opened:
        return go(f"ask-{opened}")
    if not draft.read:
        draft.read = True
        ask_draft.keep(request.session, draft)
    return _read_back(request, draft)


def _read_back(request: HttpRequest, draft: Draft, issues: tuple[Issue, ...] = (), status: int = 200) -> HttpResponse:
    return page(
        request, "check", status=status, parts=_lines(draft), draft=draft, issues=issues,
        step=len(SCREENS) + 2, steps=len(SCREENS) + 2,
    )  # fmt: skip


def _lines(draft: Draft) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What was said, by screens: title, address of 改, lines."""
    tree = tree_on(today())
    out = []
    for name in SCREENS:
        title = _place(draft, name)["title"]
        if name == "body":
            lines = [("机关", tree[draft.body].name if draft.body is not None and draft.body in tree else "")]
        else:
            lines = [
                (q.label.partition("（")[0], KINDS.get(draft.values.get(q.name, ""), draft.values.get(q.name, "")))
                for q in ask_draft.questions(name, draft)
            ]
            lines = [(label, value) for label, value in lines if value]
        out.append((title, reverse(f"portal:ask-{name}"), lines))
    return out


def _send(request: HttpRequest) -> HttpResponse:
    """Send it, once: the row of the session is locked meanwhile, and a second press finds it done."""
    wanted = request.POST.get("draft", "")
    try:
        with transaction.atomic():
            store = _locked(request.session)
            draft = ask_draft.held(store) if store is not None else None
            done = ask_draft.got(store, "ask_done") if store is not None else None
            if done is not None and done["draft"] == wanted:
                return go("ask-done")
            if draft is None or store is None:
                return _late()
            opened = ask_draft.first_open(draft)
            if opened or wanted != draft.id or draft.body is None:
                return go(f"ask-{opened or 'check'}")
            if ask_limits.note("submit", request) is None:
                say = "今天从这个网络提交的申请已经到了上限；填写的内容还在，明天可以接着提交，也可以邮寄或者当面提交。"
                return _read_back(request, draft, (Issue("request.limit", say),), 429)
            case = actions.submit(draft.body, ask_draft.values_of(draft), on=today())
            ask_draft.put(store, "ask_done", {"draft": draft.id, "case": case.pk})
            store.pop("ask", None)
            store.save()
    except Refused as error:
        held = ask_draft.held(request.session)
        return _read_back(request, held, error.issues, 422) if held else _late()
    return go("ask-done")


def _locked(session: SessionBase) -> SessionBase | None:
    """The session as it is now, locked until the transaction ends."""
    key = session.session_key
    if key is None or Session.objects.select_for_update().filter(session_key=key).first() is None:
        return None
    return type(session)(key)


def done(request: HttpRequest) -> HttpResponse:
    """The code in large type, the way to the progress page, what happens next and until when."""
    told = ask_draft.got(request.session, "ask_done")
    case = Case.objects.filter(pk=told["case"]).first() if told else None
    if case is None:
        return _late()
    tree = tree_on(today())
    address = frame.base(request) + reverse("portal:progress")
    due = clocks.due("reply", {"received": today()}).day if case.purpose == "access" else None
    return page(
        request, "done", case=case, code=grouped_code(case.code), address=address,
        # After the # nothing goes to any server: the page itself puts the code into the form.
        qr=qr.svg(f"{address}#{case.code}"), body=tree[case.body_id], office=office(case.body_id),
        due=due, contact=setup_of(case.body_id),
    )  # fmt: skip


def office(body_id: int) -> str:
    """The name of the office that works on openness for a body; empty where it is the body itself (第四条)."""
    tree = tree_on(today())
    at = tree.office_of(body_id) if body_id in tree else body_id
    return tree[at].name if at != body_id and at in tree else ""


def grouped_code(code: str) -> str:
    """ABCD-EFGH-JKMN, to be read out and written down."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def leave(request: HttpRequest) -> HttpResponse:
    """Forget everything on this machine: what was being written, the code, the case that is open."""
    if request.method == "POST":
        for key in ("ask", "ask_done", "ask_case"):
            request.session.pop(key, None)
    return shut(redirect("portal:home"))


def of_screen(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one screen."""

    def view(request: HttpRequest) -> HttpResponse:
        return screen(request, name)

    return view
