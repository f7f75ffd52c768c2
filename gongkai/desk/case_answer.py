"""The answer to a request: found by questions or chosen, written with what the law asks for, checked and signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions, board, letters, reads, rules, similar
from gongkai.cases.actions.common import standing
from gongkai.cases.life import AMEND, LAPSED, Standing, State
from gongkai.cases.models import Answer, Case, Stage
from gongkai.desk.case_clock import clock_of
from gongkai.desk.case_letters import draft_of
from gongkai.desk.case_page import can, case_of, demand_of, outcome_name, under_way
from gongkai.desk.case_tree import PARTS, Way, walk
from gongkai.desk.door import DeskRequest
from gongkai.law.outcomes import field_name, grounds, must, outcomes
from gongkai.law.subjects import subject_of
from gongkai.orgs.rules import Viewer

OWN = {
    "information": "更正的内容",
    "party": "转送给哪个机关",
    "public_interest": "不公开会对公共利益造成的重大影响（第三十二条）",
}
HELP = {
    "search": "写明查了哪些系统和目录、用了哪些关键词、什么时候、谁查的、结果怎样。法院会看检索是不是尽到合理的努力。",
    "harm": "写具体会损害什么、怎样损害，不要只抄法条。",
    "reason": "写事实和理由，写到条、款、项。",
    "way": "例如：随本告知书邮寄；在本机关网站“政策文件”栏目可以看到，网址……",
    "who": "能够确定的，写机关名称、地址、电话。",
    "party": "转送的写机关全名，签发时会写好转送函；只告知申请人自己去提的，空着。",
    "earlier": "例如：青司公复〔2026〕3号，2026年3月5日。",
}


def label_of(code: str) -> str:
    """What a field of an answer is called."""
    return OWN[code] if code in OWN else field_name(code)


def asked_fields(at: Standing, outcome: str, ground: str) -> list[tuple[str, bool]]:
    """The fields that an answer asks for, each with whether it must be filled: the law's, then those of its letter."""
    if outcome in AMEND:
        more = {"amended": [("information", True)], "amend_elsewhere": [("who", False), ("party", False)]}.get(
            outcome, []
        )
        return [("reason", True), *more]
    found = outcomes()[outcome]
    out = [(c, True) for c in must(outcome, ground) if c not in ("ground", "separable", "category")]
    if outcome == "refused" and ground not in grounds():
        return out
    kind = letters.kinds()[letters.kind_of_answer(outcome, ground)]
    out += [(c, True) for c in kind.needs if c in ("way", "reason") and (c, True) not in out]
    if outcome == "disclosed" and any(c.kind == "third_party" and c.agrees is False for c in at.consultations):
        out.append(("public_interest", True))
    return [*out, *((c, False) for c in found.may)]


def suggested(at: Standing, case: Case) -> dict[str, str]:
    """What the case itself knows of a field, to begin with."""
    out = {}
    if at.correction_received:
        out["corrected"] = f"{at.correction_asked}告知补正，{at.correction_received}收到补正"
    if at.reasons_asked:
        given = f"，{at.reasons_given}收到说明" if at.reasons_given else "，到期没有收到说明"
        out["reasons_asked"] = f"{at.reasons_asked}要求说明理由{given}"
    if at.correction_asked and at.reply_by:
        out["asked_then"] = f"{at.correction_asked}告知补正，补正期限至{at.reply_by}"
    if at.fee_notified:
        out["noticed_then"] = f"{at.fee_notified}发出收费通知，缴费期限至{at.fee_until()}"
    return out


def _open(held: Case, at: Standing, viewer: Viewer) -> None:
    """Raise the refusal where an answer cannot be written today."""
    demand_of(viewer, held, "case.draft")
    offer = next(o for o in rules.offers(at, viewer.day) if o.verb == "decide")
    if not offer.open:
        raise refuse("state", offer.why_not)


def subject_note(held: Case, ground: str = "") -> str:
    """What to mind of the subject of a request; empty for most."""
    found = subject_of(held.title, held.asked)
    return found.tells(ground) if found else ""


def _path(pk: int, **query: str) -> str:
    said = urlencode({k: v for k, v in query.items() if v})
    return reverse("desk:cases-answer", args=[pk]) + (f"?{said}" if said else "")


@require_safe
def tree(request: DeskRequest, pk: int) -> HttpResponse:
    """One question after another, until an outcome or a step is reached."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    at = standing(held)
    _open(held, at, viewer)
    if at.purpose == "amend":
        return redirect(_path(pk))
    path = request.GET.get("path", "")[:40]
    told, question = walk(path)
    if question is None and not (told and (told[-1][1].outcome or told[-1][1].step)):
        raise Http404
    offers = {o.verb: o.why_not for o in rules.offers(at, viewer.day)}
    here = f"{path}." if path else ""
    ways = []
    for n, way in enumerate(question.ways if question else ()):
        why = _why_not(way, at, offers)
        # What a form of its own will refuse is not offered; an answer may be prepared while a third party is asked.
        ways.append((way, _target(pk, way, f"{here}{n}"), why, bool(why) and not way.ground))
    context = {"case": held, "told": told, "question": question, "ways": ways, "parts": PARTS}
    context["subject"] = subject_note(held)
    return render(request, "desk/cases/tree.html", context)


def _target(pk: int, way: Way, path: str) -> str:
    if way.to:
        return f"?{urlencode({'path': path})}"
    if way.step:
        return reverse("desk:cases-step", args=[pk, way.step])
    return _path(pk, outcome=way.outcome, ground=way.ground, separable=way.separable)


def _why_not(way: Way, at: Standing, offers: dict[str, str]) -> str:
    """What speaks against a reply already now, so that nobody types for nothing."""
    if way.step:
        return offers.get(way.step, "")
    if way.outcome and outcomes()[way.outcome].after_correction and at.correction_received is None:
        return "收到过补正才能这样答复（第三十条）。"
    return third_party_note(at, way.ground) if way.ground else ""


def third_party_note(at: Standing, ground: str) -> str:
    """What Article 15 asks for before it may be relied on; empty where nothing is missing."""
    if ground not in grounds() or not grounds()[ground].asks_third_party:
        return ""
    asked = [c for c in at.consultations if c.kind == "third_party"]
    if not asked:
        return "依第十五条不予公开之前，要书面征求第三方意见（第三十二条）；请先办“征求第三方意见”。"
    if all(c.agrees for c in asked):
        return "第三方同意公开，不能再依第十五条不予公开。"
    waiting = [c.lapses() for c in asked if c.replied is None]
    return f"第三方可以在{max(waiting)}之前提出意见；收到意见或者期满之后再答复（第三十二条）。" if waiting else ""


@require_http_methods(["GET", "POST"])
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Write the answer. What is kept may be incomplete; what goes to the legal check is whole."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    at = standing(held)
    draft = under_way(held)
    if draft is not None and draft.stage != Stage.DRAFT and request.method == "GET":
        return redirect("desk:cases-review", pk)
    _open(held, at, viewer)
    post = request.POST
    given = post if request.method == "POST" else request.GET
    outcome = given.get("outcome", "") or (draft.outcome if draft else "")
    ground = given.get("ground", "") if "outcome" in given else (draft.ground if draft else "")
    known = AMEND if at.purpose == "amend" else outcomes()
    if outcome not in known:
        outcome = ""
    ground = ground if ground in grounds() and outcome in outcomes() and outcomes()[outcome].withholds else ""
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            _written(request, held, at, outcome, ground)
            if post.get("do") == "submit":
                return redirect("desk:cases-case", pk)
            return redirect(_path(pk) + ("#letter" if post.get("do") == "preview" else "#form"))
        except Refused as error:
            issues = error.issues
    return _form(request, held, at, draft, outcome, ground, issues)


def _written(request: DeskRequest, held: Case, at: Standing, outcome: str, ground: str) -> None:
    post, viewer = request.POST, request.viewer
    if not outcome:
        raise refuse("decide.outcome", "请选答复结果（第三十六条至第三十九条）。", "outcome")
    fields = [c for c, _ in asked_fields(at, outcome, ground)]
    texts = {c: post.get(f"t-{c}", "") for c in fields}
    if ground and grounds()[ground].categories:
        texts["category"] = post.get("category", "")
    missing = [c for c, needed in asked_fields(at, outcome, ground) if needed and not texts[c].strip()]
    submit = post.get("do") == "submit"
    extra = [Issue("decide.must", f"请填写“{label_of(c)}”。", c) for c in missing if c not in must_of(outcome, ground)]
    if submit and extra:
        # What only the letter needs is told together with what the law asks for, not one after the other.
        data = {"outcome": outcome, "ground": ground, "separable": _separable(request), "texts": texts}
        data["category"] = texts.get("category", "")
        raise Refused(*rules.check(at, "decide", viewer.day, data), *extra)
    actions.draft_answer(
        held.pk, outcome, texts, actor=viewer, on=viewer.day, ground=ground, category=texts.get("category", ""),
        separable=_separable(request), submit=submit,
    )  # fmt: skip


def must_of(outcome: str, ground: str) -> tuple[str, ...]:
    """What the rules themselves ask for."""
    return ("reason",) if outcome in AMEND else must(outcome, ground)


def _separable(request: DeskRequest) -> bool | None:
    return {"yes": True, "no": False}.get(request.POST.get("separable", ""))


def _form(
    request: DeskRequest,
    held: Case,
    at: Standing,
    draft: Answer | None,
    outcome: str,
    ground: str,
    issues: Sequence[Issue],
) -> HttpResponse:
    viewer = request.viewer
    texts = json.loads(draft.texts) if draft else {}
    typed = request.POST if request.method == "POST" else None
    begin = {**suggested(at, held), **texts}
    say = {i.field: i.say for i in issues}
    fields = []
    if outcome:
        for code, needed in asked_fields(at, outcome, ground):
            value = typed.get(f"t-{code}", "") if typed is not None else begin.get(code, "")
            fields.append({
                "code": code, "label": label_of(code), "needed": needed, "value": value, "help": HELP.get(code, ""),
                "say": say.get(code, ""),
            })  # fmt: skip
    separable = request.GET.get("separable", "") or (
        {True: "yes", False: "no", None: ""}[draft.separable] if draft else ""
    )
    same = draft is not None and draft.outcome == outcome and draft.ground == ground
    chosen = outcomes().get(outcome)
    context = {
        "case": held,
        "at": at,
        "draft": draft,
        "outcome": outcome,
        "ground": ground,
        "name": outcome_name(outcome, ground) if outcome else "",
        "basis": "、".join(x.basis for x in (chosen, grounds().get(ground)) if x),
        "remedy_first": bool(chosen and chosen.remedy == "B"),
        "choices": choices(at),
        "grounds": list(grounds().values()),
        "withholds": bool(chosen and chosen.withholds),
        "fields": fields,
        "categories": grounds()[ground].categories if ground else (),
        "category": typed.get("category", "") if typed is not None else (texts.get("category", "")),
        "separable": typed.get("separable", "") if typed is not None else separable,
        "say": say,
        "exception": grounds()[ground].exception if ground else "",
        "note": third_party_note(at, ground),
        "subject": subject_note(held, ground),
        "keep": [*(chosen.keep if chosen else ()), *(grounds()[ground].keep if ground else ())],
        "letter": draft_of(held, draft, viewer) if draft and same and not issues else None,
        "clock": clock_of(held, at, viewer.day),
        **beside(held, viewer, outcome, ground),
        "issues": issues,
        "linked_issues": [(i, f"f-{i.field}" if i.field else "") for i in issues],
    }
    return render(request, "desk/cases/answer.html", context, status=422 if issues else 200)


def choices(at: Standing) -> list[tuple[str, list[tuple[str, str]]]]:
    """Outcomes by family that the case may come to at all."""
    if at.purpose == "amend":
        return [("更正申请", list(AMEND.items()))]
    lapse = {State.CORRECTION: LAPSED[0], State.FEE: LAPSED[1]}.get(at.state or State.OPEN)
    if at.state is State.LAPSED:
        lapse = at.outcome
    families: dict[str, list[tuple[str, str]]] = {}
    for code, one in outcomes().items():
        if (lapse and code != lapse) or (not lapse and code in LAPSED):
            continue
        if one.after_correction and at.correction_received is None:
            continue
        families.setdefault(one.family, []).append((code, one.name))
    return list(families.items())


def beside(held: Case, viewer: Viewer, outcome: str, ground: str) -> dict[str, Any]:
    """What helps to decide: how the like was answered, guidance, the library of cases."""
    near = {c.pk: n for n, c in enumerate(similar.answered_before(held.title, held.body_id)) if c.pk != held.pk}
    seen = sorted(reads.visible(viewer).filter(pk__in=near), key=lambda c: near[c.pk])
    guidance, precedents = board.guidance(board.around(viewer, held.body_id), outcome, ground) if outcome else ([], [])
    return {
        "before": [(c, outcome_name(c.outcome, c.ground)) for c in seen],
        "guidance": guidance,
        "precedents": precedents,
    }


@require_POST
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the draft away."""
    case_of(request.viewer, pk)
    actions.drop_answer(pk, actor=request.viewer, on=request.viewer.day)
    return redirect("desk:cases-case", pk)


@require_POST
def recall(request: DeskRequest, pk: int) -> HttpResponse:
    """Who drafts takes back what lies with who checks or signs, to change it."""
    case_of(request.viewer, pk)
    actions.recall_answer(pk, actor=request.viewer, on=request.viewer.day)
    return redirect("desk:cases-answer", pk)


@require_http_methods(["GET", "POST"])
def review(request: DeskRequest, pk: int) -> HttpResponse:
    """Legal check or signature: the letter in place, what was found, 同意 or 退回; made for a phone."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    draft = under_way(held)
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            _reviewed(request, held, draft)
            return redirect(reverse("desk:cases-case", args=[pk]) + "?next=1")
        except Refused as error:
            issues = error.issues
    if draft is None or draft.stage == Stage.DRAFT:
        if issues:
            raise Refused(*issues)
        return redirect("desk:cases-case", pk)
    at = standing(held)
    signing = draft.stage == Stage.SIGN
    texts = json.loads(draft.texts)
    context = {
        "case": held,
        "answer": draft,
        "signing": signing,
        "what": "签发" if signing else "法制审核",
        "name": outcome_name(draft.outcome, draft.ground),
        "texts": [(label_of(c), t) for c, t in texts.items()],
        "separable": {True: "能够区分处理", False: "不能区分处理", None: ""}[draft.separable],
        "letter": draft_of(held, draft, viewer),
        "clock": clock_of(held, at, viewer.day),
        "barred": barred(held, draft, viewer),
        "drafts": can(viewer, held, "case.draft"),
        "subject": subject_note(held, draft.ground) if draft.ground else "",
        "against": rules.check(at, "decide", viewer.day, _data(draft, texts)),
        "supplied": (supplied := list(held.papers.filter(kind="supplied"))),
        "uncovered": draft.outcome == "partial" and not any(p.covered for p in supplied),
        "comment": request.POST.get("note", ""),
        "issues": issues,
        "linked_issues": [(i, f"f-{i.field}" if i.field else "") for i in issues],
    }
    return render(request, "desk/cases/review.html", context, status=422 if issues else 200)


def _data(draft: Answer, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "outcome": draft.outcome, "ground": draft.ground, "category": draft.category, "separable": draft.separable,
        "texts": texts, "reason": texts.get("reason", ""),
    }  # fmt: skip


def barred(held: Case, draft: Answer, viewer: Viewer) -> str:
    """Why this person may not decide on the answer now, in words; empty for who may."""
    signing = draft.stage == Stage.SIGN
    if not can(viewer, held, "case.sign" if signing else "case.check"):
        return "等签发岗位签发。" if signing else "等法制岗位审核。"
    if draft.drafter_id == viewer.person_id:
        return "这份答复是您拟的稿，不能由您自己审核或者签发，请由另一位同事办理。"
    if signing and draft.checker_id == viewer.person_id:
        return "法制审核是您办的，不能再由您签发，请由另一位同事办理。"
    return ""


def _reviewed(request: DeskRequest, held: Case, draft: Answer | None) -> None:
    viewer, post = request.viewer, request.POST
    if draft is None or draft.stage == Stage.DRAFT:
        raise refuse("answer.stage", "没有等待审核或者签发的答复，可能已经办过了。")
    stage = post.get("stage", draft.stage)
    if stage != draft.stage:
        raise refuse("answer.stage", "这份答复刚刚由别人办过，请看现在的内容再决定。")
    if post.get("do") == "return":
        actions.return_answer(held.pk, post.get("note", ""), actor=viewer, on=viewer.day)
    elif post.get("do") != "pass":
        raise refuse("answer.verdict", "请选同意或者退回。")
    elif draft.stage == Stage.CHECK:
        actions.check_answer(held.pk, actor=viewer, on=viewer.day, note=post.get("note", ""))
    else:
        actions.sign_answer(held.pk, actor=viewer, on=viewer.day)
