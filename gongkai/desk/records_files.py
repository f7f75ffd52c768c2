"""Attachments of a draft, and the way out for every attachment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.records_common import record_of
from gongkai.records import actions, reads
from gongkai.records.checks.attachments import MAX_ATTACHMENT_BYTES
from gongkai.records.models import Draft


def files_of(draft: Draft) -> list[dict[str, Any]]:
    """Attachments with what was found in each."""
    out = []
    for at, entry in enumerate(draft.attachments):
        findings = entry.get("findings", [])
        out.append({**entry, "at": at, "findings": findings, "bad": any(f["level"] == "block" for f in findings)})
    return out


@require_POST
def attach(request: DeskRequest, pk: int) -> HttpResponse:
    """Put files with a draft: several at once, each told of by itself."""
    viewer = request.viewer
    record_of(viewer, pk)
    revision = number_of(request.POST, "revision")
    revision = -1 if revision is None else revision
    issues: list[Issue] = []
    files = request.FILES.getlist("file")
    if not files:
        issues.append(Issue("record.file", "请先选文件。", "attachments"))
    for file in files:
        try:
            if (file.size or 0) > MAX_ATTACHMENT_BYTES:
                raise refuse("record.size", f"超过{MAX_ATTACHMENT_BYTES // 2**20}MB。", "attachments")
            draft = actions.attach(
                pk, file.read(), file.name or "未命名", {}, revision=revision, actor=viewer, on=viewer.day
            )
            revision = draft.revision
        except Refused as error:
            issues += [Issue(i.rule, f"{file.name}：{i.say}", "attachments") for i in error.issues]
    return _files(request, pk, issues)


@require_POST
def file_act(request: DeskRequest, pk: int, digest: str, verb: str) -> HttpResponse:
    """Say what an attachment is, or take it out."""
    viewer = request.viewer
    record_of(viewer, pk)
    revision = number_of(request.POST, "revision")
    at: dict[str, Any] = {"revision": -1 if revision is None else revision, "actor": viewer, "on": viewer.day}
    issues: Sequence[Issue] = ()
    try:
        if verb == "remove":
            actions.detach(pk, digest, **at)
        else:
            about = {k: request.POST.get(k, "") for k in ("alt", "map_number", "map")}
            actions.describe(pk, digest, about, **at)
    except Refused as error:
        issues = error.issues
    return _files(request, pk, issues)


def _files(request: DeskRequest, pk: int, issues: Sequence[Issue]) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        if issues:
            raise Refused(*issues)
        return redirect(f"{reverse('desk:records-edit', args=[pk])}#files")
    record = record_of(request.viewer, pk)
    draft = Draft.objects.filter(record=record).first()
    if draft is None:
        raise refuse("record.no-draft", "这份草稿已经提交或者删除，不能再改；请刷新页面。")
    context = {"record": record, "draft": draft, "files": files_of(draft), "issues": issues, "part": True}
    response = render(request, "desk/records/files.html", context, status=422 if issues else 200)
    response["HX-Trigger-After-Settle"] = "files-changed"
    return response


@require_safe
def file(request: DeskRequest, pk: int, digest: str) -> FileResponse:
    """An attachment, always as a download: what was uploaded is never shown as a page of ours."""
    record = record_of(request.viewer, pk)
    entry = reads.find_file(record, digest, request.viewer)
    if entry is None or not path_of(digest).is_file():
        raise Http404
    return downloads.attachment(entry)
