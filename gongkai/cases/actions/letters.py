"""Letters of a case: numbered, filled from the case, kept sealed; templates that an office edits in Word or WPS."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.base.actions import keep_file, path_of, record_event
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.sealing import keep_sealed, open_sealed
from gongkai.cases import letters
from gongkai.cases.actions.common import next_number, of_body, setup_of, standing
from gongkai.cases.letters.values import context
from gongkai.cases.life import APPLICANTS, CHANNELS
from gongkai.cases.models import Case, Letter, Setup, Step, Template
from gongkai.cases.request import Applicant
from gongkai.law.outcomes import goes_to, grounds, outcomes, remedy, tells_online
from gongkai.orgs.models import Kind
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer, demand
from gongkai.orgs.tree import Tree

_later: ContextVar[bool] = ContextVar("gongkai_letters_later", default=False)


@contextmanager
def written_later() -> Iterator[None]:
    """Inside, letters get their number and fields, and their document only when somebody asks for it: for many at once."""
    token = _later.set(True)
    try:
        yield
    finally:
        _later.reset(token)


def issue(case: Case, code: str, step: Step, **more: Any) -> Letter:
    """Make a letter of a step. `answer` stands for the letter of the outcome. Raises Refused where a field is missing.

    What is kept is what the letter takes and nothing besides: who asked never lies in what a third party is sent.
    """
    if code == "answer":
        code = letters.kind_of_answer(str(more["outcome"]), str(more.get("ground") or ""))
    kind = letters.kinds()[code]
    fields = fields_of(case, step.on, **more)
    if kind.remedy:
        fields["remedy"] = remedy_text(case, fields.get("outcome") or code, step.on)
    number = ""
    if kind.numbered:
        setup = setup_of(case.body_id)
        serial = next_number(case.body_id, "letter", step.on.year)
        number = f"{setup.prefix or '公开'}〔{step.on.year}〕{serial}号"
    # A form that goes with a numbered letter bears that letter's number.
    fields["number"] = number or str(more.get("number") or "")
    template = template_of(case.body_id, code)
    letter = Letter.objects.create(
        case=case, step=step, code=code, number=number, on=step.on, template=template,
        fields=json.dumps(context(kind, fields), ensure_ascii=False, default=_plain),
    )  # fmt: skip
    if not _later.get():
        document(letter)
    return letter


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_DATES = (
    "submitted", "received", "due", "decided", "reply_by", "old_due", "new_due", "approved_on", "pay_by",
)  # fmt: skip


def document(letter: Letter) -> bytes:
    """The docx of a letter: written once, then kept sealed as it was sent."""
    if letter.file_id:
        return open_sealed(letter.file_id)
    made = _drawn(letter, {})
    letter.file = keep_sealed(made, f"{letters.kinds()[letter.code].name}.docx")
    letter.save(update_fields=["file"])
    return made


def _drawn(letter: Letter, instead: Mapping[str, Any]) -> bytes:
    fields = json.loads(letter.fields)
    for name in _DATES:
        if fields.get(name):
            fields[name] = dt.date.fromisoformat(fields[name])
    fields |= {name: value for name, value in instead.items() if fields.get(name)}
    return letters.fill(letter.code, fields, bytes_of(letter.template))


def template_of(body: int, code: str) -> Template | None:
    """The template of its own that a body uses for a letter; None where it uses ours."""
    return Template.objects.filter(body=body, code=code, retired=False).order_by("-id").first()


def bytes_of(template: Template | None) -> bytes | None:
    """A template as `letters.fill` takes it."""
    return path_of(template.file_id).read_bytes() if template else None


def rehearsed(case: Case, take: Callable[[], object], instead: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """The letters that a step would write, each with its name: the step is taken and taken back, nothing of it stays.

    `instead` stands in place of fields that are not to be shown yet: the number, and who asks for whoever may not know.
    Raises what the step raises.
    """
    with transaction.atomic(), written_later():
        try:
            last = max(case.letters.values_list("pk", flat=True), default=0)
            take()
            made = case.letters.filter(pk__gt=last).select_related("template").order_by("pk")
            return [(letters.kinds()[row.code].name, _drawn(row, instead)) for row in made]
        finally:
            transaction.set_rollback(True)


def pdf_of(letter: Letter) -> bytes | None:
    """The letter as PDF through LibreOffice, kept; None where it is not installed."""
    if letter.pdf_id:
        return open_sealed(letter.pdf_id)
    made = letters.to_pdf(document(letter))
    if made is not None:
        letter.pdf = keep_sealed(made, f"{letters.kinds()[letter.code].name}.pdf")
        letter.save(update_fields=["pdf"])
    return made


def fields_of(case: Case, on: dt.date, **more: Any) -> dict[str, Any]:
    """Everything that a letter may take from a case, under the names of the templates."""
    tree, setup = tree_on(on), setup_of(case.body_id)
    who = Applicant(**json.loads(case.applicant)) if case.erased_on is None else Applicant()
    at = standing(case)
    ground = grounds().get(str(more.get("ground") or ""))
    fields: dict[str, Any] = {
        "organ": organ_name(tree, case.body_id, setup),
        "organ_address": setup.address,
        "organ_phone": setup.phone,
        "contact": setup.phone,
        "registration": case.number,
        "code": case.code,
        "progress_url": f"{settings.GONGKAI_SITE_URL}/ask/progress/" if settings.GONGKAI_SITE_URL else "",
        "addressee": who.name,
        "applicant": who.name,
        "applicant_kind": APPLICANTS[case.applicant_kind],
        "id_kind": who.id_kind if case.applicant_kind == "natural" else "统一社会信用代码",
        "id_number": who.id_number,
        "phone": who.phone,
        "address": who.address,
        "email": who.email,
        "contact_person": who.person,
        "channel": CHANNELS[case.channel] + ("（口头申请，由工作人员代填）" if case.oral else ""),
        "submitted": case.submitted_on,
        "received": case.received_on,
        "due": case.due_on,
        "asked": case.asked,
        "form": "；".join(t for t in (case.form, case.way) if t),
        "decided": on,
        "ground_name": ground.name if ground else "",
        "ground_basis": ground.basis if ground else "",
        "attachments": [a.name for a in case.papers.filter(kind="supplied")],
        "corrected": f"{at.correction_asked}告知补正，{at.correction_received}收到补正"
        if at.correction_received
        else "",
    }
    return fields | {name: value for name, value in more.items() if value not in (None, "")}


def organ_name(tree: Tree, body: int, setup: Setup) -> str:
    """What stands above the date: set by the office, or the body's name as an organ."""
    if setup.organ:
        return setup.organ
    node = tree[body]
    if node.kind in (Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP) and not node.name.endswith("人民政府"):
        return f"{node.name}人民政府"
    if node.kind == Kind.STREET and not node.name.endswith("办事处"):
        return f"{node.name}办事处"
    return node.name


def organ_kind(tree: Tree, body: int) -> str:
    """The kind of a body as the rule of who reconsiders takes it."""
    node = tree[body]
    if node.kind == Kind.DEPARTMENT and "司法" in node.name:
        return "judicial"
    return node.kind.value


def reconsideration_organ(body: int, on: dt.date) -> str:
    """The name of the organ that reconsiders, as the letter tells it (行政复议法第二十四条、第二十七条、第二十八条).

    Set by the office, or the government above the body; where the law means a department above, its phrase.
    """
    tree, setup = tree_on(on), setup_of(body)
    if setup.reconsideration_organ:
        return setup.reconsideration_organ
    rule = goes_to(organ_kind(tree, body), on)
    if "government" in rule.goes_to or "upper_government" in rule.goes_to:
        for at in tree.above(body)[1:]:
            if tree[at].kind in (Kind.CITY, Kind.COUNTY):
                name = f"{tree[at].name}人民政府"
                return name if len(rule.goes_to) == 1 else f"{name}或者{rule.phrase.split('或者')[-1]}"
    return rule.phrase


def remedy_text(case: Case, outcome: str, on: dt.date) -> str:
    """The remedy clause of an answer, with the online channel of the office where it has one (行政复议法第二十二条)."""
    code = outcome if outcome in outcomes() else "other"
    setup = setup_of(case.body_id)
    online = setup.online_channel if tells_online(on) else ""
    return remedy(code, on, reconsideration_organ(case.body_id, on), online=online).text


def set_template(body: int, code: str, data: bytes, *, actor: Viewer, on: dt.date) -> Template:
    """Use an office's own template for a letter from now on. Refused with everything that does not hold in it."""
    demand(actor, "case.settings", of_body(body, actor))
    if code not in letters.kinds():
        raise refuse("letter.kind", "没有这种文书。", "code")
    issues: list[Issue] = letters.check_template(code, data)
    if issues:
        raise Refused(*issues)
    with transaction.atomic():
        file = keep_file(data, f"{letters.kinds()[code].name}.docx")
        made = Template.objects.create(body_id=body, code=code, file=file, on=on, person_id=actor.person_id)
        payload = {"code": code, "file": file.digest}
        record_event("set_template", "organisation", str(body), actor=actor, on=on, payload=payload)
    return made


def retire_template(body: int, code: str, *, actor: Viewer, on: dt.date) -> None:
    """Go back to the built-in template."""
    demand(actor, "case.settings", of_body(body, actor))
    with transaction.atomic():
        Template.objects.filter(body=body, code=code, retired=False).update(retired=True)
        record_event("retire_template", "organisation", str(body), actor=actor, on=on, payload={"code": code})
