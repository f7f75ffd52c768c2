"""Letters of a request at the desk: what there is, the draft before it is signed, what is missing, the way out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import letters
from gongkai.cases.actions.common import setup_of
from gongkai.cases.actions.letters import bytes_of, document, fields_of, pdf_of, rehearsed, remedy_text, template_of
from gongkai.cases.actions.privacy import record_opened
from gongkai.cases.models import Answer, Case, Letter
from gongkai.desk import downloads
from gongkai.desk.case_page import applicant_of, can, case_of, demand_of, under_way
from gongkai.desk.door import DeskRequest
from gongkai.orgs.rules import Viewer
from gongkai.papers.office import soffice

PDF = "application/pdf"
NUMBER = "（签发时编号）"
IDENTIFIES = {"id_number", "phone", "address", "email"}
MASKED = ("addressee", "applicant", "id_number", "phone", "address", "email", "contact_person")
_LATER = {
    "number", "points", "reply_by", "reason", "items", "information", "party", "old_due", "new_due", "days", "way",
    "approved_by", "fee_basis_name", "fee_working", "fee_amount", "pay_by", "attachments", "asked_then",
    "noticed_then", "remedy", "received",
}  # fmt: skip
"""Fields that a step itself gives: only the others can be missing before it is taken."""


def personal(code: str) -> bool:
    """Whether a letter shows who asks."""
    known = letters.kinds()
    return code not in known or any(
        letters.fields()[f].personal for f in ("applicant", "addressee") if f in known[code].fields
    )


def missing_of(case: Case, codes: Sequence[str], on: dt.date) -> list[str]:
    """What the letters of a step need and the case or the office's settings do not hold, in words."""
    if not codes or case.erased_on:
        return []
    held = fields_of(case, on)
    held["pay_how"] = setup_of(case.body_id).pay_how
    out = []
    for code in codes:
        kind = letters.kinds()[code]
        names = [letters.fields()[f].name for f in kind.needs if f not in _LATER and not held.get(f)]
        if names:
            out.append(f"《{kind.name}》还缺“{'”“'.join(names)}”")
    return out


def masked_for(viewer: Viewer, case: Case) -> dict[str, str]:
    """What stands in letters for who asks, where the viewer may not know; nothing for who may."""
    if can(viewer, case, "case.reveal"):
        return {}
    masked = applicant_of(case).masked
    return {name: masked.get(name, masked["name"]) for name in MASKED}


def looked_at(case: Case, take: Callable[[], object], viewer: Viewer) -> list[tuple[str, list[str]]]:
    """The letters of a step before it is taken: name and lines. Raises what the step raises."""
    made = rehearsed(case, take, {"number": "（发出时编号）", **masked_for(viewer, case)})
    return [(name, [x for x in letters.plain_text(data).split("\n") if x.strip()]) for name, data in made]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer's letter before it is signed."""

    name: str
    data: bytes | None
    lines: tuple[str, ...]
    issues: tuple[Issue, ...]


def draft_of(case: Case, answer: Answer, viewer: Viewer) -> Draft:
    """The letter that an answer will become, with what is missing marked; the applicant masked for who may not know."""
    texts: Mapping[str, str] = json.loads(answer.texts)
    try:
        code = letters.kind_of_answer(answer.outcome, answer.ground)
    except KeyError:
        return Draft("答复", None, (), (Issue("decide.ground", "请先选不予公开的依据。", "ground"),))
    kind = letters.kinds()[code]
    separable = {True: "能够区分处理", False: "不能区分处理", None: ""}[answer.separable]
    given = {
        **texts,
        "outcome": answer.outcome,
        "ground": answer.ground,
        "category": answer.category,
        "separable": separable,
    }
    fields: dict[str, Any] = fields_of(case, viewer.day, **given)
    fields["number"] = NUMBER
    hidden = masked_for(viewer, case)
    fields.update({name: value for name, value in hidden.items() if fields.get(name)})
    if kind.remedy:
        fields["remedy"] = remedy_text(case, answer.outcome, viewer.day)
    own = bytes_of(template_of(case.body_id, code))
    issues: tuple[Issue, ...] = ()
    try:
        data: bytes | None = letters.fill(code, fields, own)
    except Refused as error:
        issues, data = error.issues, None
        for issue in issues:
            field = letters.fields().get(issue.field)
            if field is not None and field.type in ("text", "list"):
                blank = f"【请填写：{field.name}】"
                fields[issue.field] = [blank] if field.type == "list" else blank
        try:
            data = letters.fill(code, fields, own)
        except Refused:
            data = None
    text = letters.plain_text(data) if data else ""
    return Draft(kind.title, data, tuple(x for x in text.split("\n") if x.strip()), issues)


@require_safe
def letters_of(request: DeskRequest, pk: int) -> HttpResponse:
    """Every letter of the case: number, day, to whom, the way out."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    reveals = can(viewer, held, "case.reveal")
    known = letters.kinds()
    rows = []
    for letter in held.letters.select_related("step").order_by("id"):
        kind = known.get(letter.code)
        rows.append({
            "letter": letter, "name": kind.name if kind else letter.code, "to": _TO.get(kind.to if kind else "", ""),
            "open": reveals or not personal(letter.code), "identifies": _identifies(letter.code),
        })  # fmt: skip
    context = {"case": held, "rows": rows, "pdf": soffice() is not None, "reveals": reveals}
    return render(request, "desk/cases/letters.html", context)


_TO = {"applicant": "申请人", "third_party": "第三方", "organ": "其他机关", "inside": "内部"}


def _identifies(code: str) -> bool:
    kind = letters.kinds().get(code)
    return kind is None or bool(IDENTIFIES & set(kind.fields))


@require_safe
def letter(request: DeskRequest, pk: int, letter: int, form: str) -> HttpResponse:
    """A letter as docx, or as PDF where LibreOffice is installed."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    found = Letter.objects.select_related("template").filter(case=held, pk=letter).first()
    if found is None or form not in ("docx", "pdf") or (form == "pdf" and soffice() is None):
        raise Http404
    if held.erased_on:
        raise refuse("letter.erased", f"文书已于{held.erased_on}按保存期限删除。")
    if personal(found.code):
        demand_of(viewer, held, "case.reveal")
    kind = letters.kinds()[found.code]
    data = document(found) if form == "docx" else pdf_of(found)
    if data is None:
        raise Http404
    if _identifies(found.code):
        record_opened(held, f"下载《{kind.name}》", actor=viewer, on=viewer.day)
    return downloads.sealed_out(
        data, f"{kind.name}{found.number}.{form}", downloads.MIME["docx"] if form == "docx" else PDF
    )


@require_safe
def preview(request: DeskRequest, pk: int) -> HttpResponse:
    """The draft's letter as docx."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    answer = under_way(held)
    if answer is None:
        return redirect("desk:cases-case", pk)
    made = draft_of(held, answer, viewer)
    if made.data is None:
        raise Refused(*made.issues)
    return downloads.sealed_out(made.data, f"{made.name}（稿）.docx", downloads.MIME["docx"])
