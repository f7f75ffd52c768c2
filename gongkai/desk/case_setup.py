"""依申请公开的设置: what a body sets for its requests, and the templates of its letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions, letters
from gongkai.cases.actions.common import setup_of
from gongkai.cases.actions.letters import organ_name, reconsideration_organ
from gongkai.cases.models import Setup, Template
from gongkai.desk.case_bodies import bodies_for, chosen
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import table
from gongkai.records.checks.attachments import MAX_ATTACHMENT_BYTES

FIELDS: dict[str, tuple[str, str, str]] = {
    "organ": (
        "印在文书标题、落款处的机关名称。空着，用机构表里的名称。",
        "GB/T 9704-2012《党政机关公文格式》",
        "text",
    ),
    "prefix": ("文号里年份前面的几个字，例如“青司公复”。空着，用“公开”。", "GB/T 9704-2012；各地自定", "text"),
    "address": ("印在文书末尾，也印在回执上。", "《政府信息公开条例》第十二条：指南要写明办公地址", "text"),
    "phone": ("印在文书末尾，供申请人询问。", "《政府信息公开条例》第十二条：指南要写明联系电话", "text"),
    "reconsideration_organ": (
        "答复里告知向谁申请复议。空着，按机关的类别推出（见下）。",
        "《行政复议法》第二十四条、第二十七条、第二十八条",
        "text",
    ),
    "online_channel": (
        "答复通过互联网送达的，要同时告知网上申请复议的地方。空着的，从网上送达之前请先补上。",
        "《行政复议法》第二十二条第二款",
        "url",
    ),
    "pay_how": ("印在收费通知上：账户、缴费码、到哪里缴。", "国办函〔2020〕109号第六条", "text"),
    "restart_after_payment": (
        "申请人缴清信息处理费以后，答复期限要不要从第二天重新计算。没有核实到全国规定的原文，由本机关按当地做法定。",
        "国办函〔2020〕109号（未经核实）",
        "choice",
    ),
    "draft_days": ("内部时限，法律没有规定：拟稿要比答复期限早几个工作日完成。", "本机关自定", "number"),
    "check_days": ("内部时限：法制审核要比答复期限早几个工作日完成。", "本机关自定", "number"),
    "sign_days": ("内部时限：签发要比答复期限早几个工作日完成。", "本机关自定", "number"),
    "retention_years": (
        "从办结（有复议、诉讼的，从这些办结）起保存几年，期满由经办确认后删除。法律只要求为实现目的所必要的最短时间。",
        "《个人信息保护法》第十九条、第四十七条；年数本机关自定",
        "number",
    ),
}
"""What each setting means, where the law speaks of it, and how it is typed."""

FAMILIES = {"process": "办理过程中的文书", "answer": "答复", "inside": "内部文书"}
RECIPIENTS = {"applicant": "给申请人", "third_party": "给第三方", "organ": "给其他机关", "inside": "本机关留存"}


def _body(request: DeskRequest) -> tuple[int, list[tuple[int, str]]]:
    bodies = bodies_for(request.viewer, "case.settings")
    if not bodies:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    return chosen(given, bodies, request.viewer), bodies


@require_http_methods(["GET", "POST"])
def setup(request: DeskRequest) -> HttpResponse:
    """The settings of a body, each with what it means and its source; and every letter with whose template it uses."""
    body, bodies = _body(request)
    viewer = request.viewer
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        given = {n: request.POST[n] for n in FIELDS if n in request.POST}
        try:
            if not given:
                raise refuse("setup.empty", "没有收到要修改的设置，请重新填写。")
            actions.change_setup(body, given, actor=viewer, on=viewer.day)
            return redirect(f"{reverse('desk:case-setup')}?body={body}&saved=1")
        except Refused as error:
            issues = error.issues
    held = setup_of(body)
    said = {i.field: i.say for i in issues if i.field}
    context = {
        "body": body,
        "bodies": bodies,
        "fields": [_field(name, held, request, said) for name in FIELDS],
        "derived": "" if held.reconsideration_organ else reconsideration_organ(body, viewer.day),
        "organ": organ_name(viewer.tree, body, held),
        "families": _families(body),
        "saved": bool(request.GET.get("saved")) and not issues,
        "issues": issues,
    }
    return render(request, "desk/counter/setup.html", context, status=422 if issues else 200)


def _field(name: str, held: Setup, request: DeskRequest, said: dict[str, str]) -> dict[str, Any]:
    means, source, type_ = FIELDS[name]
    column: Any = Setup._meta.get_field(name)
    return {
        "name": name,
        "label": column.verbose_name,
        "value": request.POST.get(name, _shown(getattr(held, name))),
        "means": means,
        "source": source,
        "type": type_,
        "most": getattr(column, "max_length", None),
        "say": said.get(name, ""),
    }


def _shown(value: Any) -> Any:
    return {True: "1", False: "0"}.get(value, value) if isinstance(value, bool) else value


def _families(body: int) -> list[tuple[str, list[tuple[letters.LetterKind, Template | None]]]]:
    own = own_of(body)
    out: dict[str, list[tuple[letters.LetterKind, Template | None]]] = {}
    for kind in letters.kinds().values():
        out.setdefault(FAMILIES[kind.family], []).append((kind, own.get(kind.code)))
    return list(out.items())


def own_of(body: int) -> dict[str, Template]:
    """A body's own templates that are in use, by letter."""
    found = Template.objects.filter(body=body, retired=False).select_related("person").order_by("id")
    return {t.code: t for t in found}


@require_http_methods(["GET", "POST"])
def template(request: DeskRequest, code: str) -> HttpResponse:
    """One letter: what it must hold, its template to take away, and the edited one to bring back."""
    body, bodies = _body(request)
    viewer = request.viewer
    if request.method != "POST":
        return _template(request, code, body, bodies)
    came = request.FILES.get("file")
    try:
        if came is None:
            raise refuse("letter.file", "请选改好的模板文件（.docx）。", "file")
        if (came.size or 0) > MAX_ATTACHMENT_BYTES:
            raise refuse("letter.file", "文件太大，模板只要文字和表格。", "file")
        actions.set_template(body, code, came.read(), actor=viewer, on=viewer.day)
    except Refused as error:
        return _template(request, code, body, bodies, error.issues)
    return redirect(f"{reverse('desk:case-setup-template', args=[code])}?body={body}&saved=1")


def _template(
    request: DeskRequest, code: str, body: int, bodies: list[tuple[int, str]], issues: Sequence[Issue] = ()
) -> HttpResponse:
    kind, known = letters.kinds()[code], letters.fields()
    context = {
        "kind": kind,
        "to": RECIPIENTS[kind.to],
        "needs": [(f, known[f].name) for f in kind.needs],
        "may": [(f, known[f].name) for f in kind.may],
        "own": own_of(body).get(code),
        "body": body,
        "name": dict(bodies)[body],
        "saved": bool(request.GET.get("saved")) and not issues,
        "issues": issues,
    }
    return render(request, "desk/counter/template.html", context, status=422 if issues else 200)


@require_safe
def built_in(request: DeskRequest, code: str) -> HttpResponse:
    """The built-in template, to be changed in Word or WPS."""
    _body(request)
    return _docx(letters.template(code), code, "模板")


def _own_bytes(request: DeskRequest, code: str) -> bytes | None:
    body, _ = _body(request)
    held = own_of(body).get(code)
    return path_of(held.file_id).read_bytes() if held else None


@require_safe
def own(request: DeskRequest, code: str) -> HttpResponse:
    """The body's own template."""
    data = _own_bytes(request, code)
    if data is None:
        raise Http404
    return _docx(data, code, "本机关模板")


@require_safe
def preview(request: DeskRequest, code: str) -> HttpResponse:
    """The letter with invented fields, as it would go out."""
    return _docx(letters.preview(code, _own_bytes(request, code) or letters.template(code)), code, "样张")


def _docx(data: bytes, code: str, what: str) -> HttpResponse:
    return table(data, "docx", code, f"{letters.kinds()[code].name}（{what}）")


@require_POST
def retire(request: DeskRequest, code: str) -> HttpResponse:
    """Back to the built-in template."""
    body, _ = _body(request)
    actions.retire_template(body, code, actor=request.viewer, on=request.viewer.day)
    return redirect(f"{reverse('desk:case-setup-template', args=[code])}?body={body}")
