"""Papers of a request: put in, taken out, and the copy for the applicant with parts covered for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.sealing import open_sealed
from gongkai.cases import actions
from gongkai.cases.actions.privacy import record_opened
from gongkai.cases.models import Attachment, Case, Paper
from gongkai.desk.case_page import can, case_of, demand_of
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import sealed_out
from gongkai.law.outcomes import grounds
from gongkai.papers.pdfium import page_png, page_sizes
from gongkai.papers.redaction import Area, Cover, Passage, Picture, find, pictures
from gongkai.papers.refusal import PaperRefused
from gongkai.records.checks.attachments import MAX_ATTACHMENT_BYTES

NAMES_WHO = (Paper.IDENTITY, Paper.FORM)
"""Papers that show the applicant in full: opened by who may see that, and the log tells."""

TAKEN = [(p.value, p.label) for p in Paper if p != Paper.SUPPLIED]
MOST_ROWS = 60
SHOWN = 20
SHOWN_PAGES = 60
CM = 2.54 / 72
"""A point in centimetres: areas are typed in what a ruler shows."""
REASONS = ("个人隐私（姓名、证件号码、电话、住址）", "商业秘密", "内部事务信息", "过程性信息")


@require_http_methods(["GET", "POST"])
def papers(request: DeskRequest, pk: int) -> HttpResponse:
    """Every paper of the case, and the form that puts one in."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            demand_of(viewer, held, "case.draft")
            _put(request, held)
            return redirect("desk:cases-papers", pk)
        except Refused as error:
            issues = error.issues
    return _papers(request, held, issues, status=422 if issues else 200)


def _papers(request: DeskRequest, held: Case, issues: Sequence[Issue], status: int) -> HttpResponse:
    viewer = request.viewer
    reveals = can(viewer, held, "case.reveal")
    rows = [
        {"paper": p, "open": reveals or p.kind not in NAMES_WHO, "named": p.kind in NAMES_WHO}
        for p in held.papers.select_related("person", "original")
    ]
    context = {
        "case": held,
        "rows": rows,
        "kinds": TAKEN,
        "kind": request.POST.get("kind", "source"),
        "drafts": can(viewer, held, "case.draft"),
        "issues": issues,
        "linked_issues": [(i, f"f-{i.field}" if i.field else "") for i in issues],
    }
    return render(request, "desk/cases/papers.html", context, status=status)


def _put(request: DeskRequest, held: Case) -> None:
    files = request.FILES.getlist("file")
    if not files:
        raise refuse("paper.empty", "请先选文件。", "file")
    kind = request.POST.get("kind", "")
    if kind == Paper.SUPPLIED:
        raise refuse("paper.kind", "提供给申请人的副本由“查到的原件”制作，不能直接上传。", "kind")
    for file in files:
        if (file.size or 0) > MAX_ATTACHMENT_BYTES:
            raise refuse("paper.size", f"{file.name}超过{MAX_ATTACHMENT_BYTES // 2**20}兆，请分开上传。", "file")
        actions.attach(held.pk, kind, file.name or "未命名", file.read(), actor=request.viewer, on=request.viewer.day)


def paper_of(held: Case, paper: int) -> Attachment:
    """A paper of the case, else 404."""
    found = Attachment.objects.filter(case=held, pk=paper).first()
    if found is None or not path_of(found.file_id).is_file():
        raise Http404
    return found


@require_safe
def paper(request: DeskRequest, pk: int, paper: int) -> HttpResponse:
    """A paper, always as a download."""
    viewer = request.viewer
    held = case_of(viewer, pk)
    found = paper_of(held, paper)
    if found.kind in NAMES_WHO:
        demand_of(viewer, held, "case.reveal")
        record_opened(held, f"下载{found.get_kind_display()}“{found.name}”", actor=viewer, on=viewer.day)
    return sealed_out(open_sealed(found.file_id), found.name)


def _source(request: DeskRequest, pk: int, paper: int) -> Attachment:
    """An original of a case that the viewer drafts the answer to."""
    held = case_of(request.viewer, pk)
    demand_of(request.viewer, held, "case.draft")
    found = paper_of(held, paper)
    if found.kind != Paper.SOURCE:
        raise Http404
    return found


@require_safe
def page(request: DeskRequest, pk: int, paper: int, page: int) -> HttpResponse:
    """A page of a PDF as a picture, on which what is to be covered is marked."""
    found = _source(request, pk, paper)
    try:
        drawn = page_png(open_sealed(found.file_id), page)
    except (PaperRefused, IndexError):
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def out(request: DeskRequest, pk: int, paper: int) -> HttpResponse:
    """Take a paper out again, for a reason."""
    held = case_of(request.viewer, pk)
    why = request.POST.get("why", "")
    try:
        actions.take_out(held.pk, paper, why, actor=request.viewer, on=request.viewer.day)
    except Refused as error:
        return _papers(request, held, error.issues, status=422)
    return redirect("desk:cases-papers", pk)


@require_http_methods(["GET", "POST"])
def supply(request: DeskRequest, pk: int, paper: int) -> HttpResponse:
    """Make the copy for the applicant: as it is, or with words, areas and pictures covered, each with its reason."""
    viewer = request.viewer
    source = _source(request, pk, paper)
    held = source.case
    data = open_sealed(source.file_id)
    issues: list[Issue] = []
    found: dict[int, list[Passage]] = {}
    rows = typed_rows(request)
    do = request.POST.get("do", "")
    if request.method == "POST":
        try:
            if do == "make":
                covers, issues = covers_of(rows)
                if issues:
                    raise Refused(*issues)
                if not covers:
                    raise refuse(
                        "redaction.none",
                        "没有填要遮盖的内容；整份可以公开的，请按“不用遮盖，原样提供”。",
                        "words-0-text",
                    )
                actions.supply(held.pk, source.pk, covers, actor=viewer, on=viewer.day)  # type: ignore[arg-type]
                return redirect("desk:cases-papers", pk)
            if do == "whole":
                if not request.POST.get("sure"):
                    say = "原样提供的，请先勾选“整份可以公开，没有要遮盖的内容”。"
                    raise refuse("redaction.sure", say, "sure")
                actions.supply(held.pk, source.pk, [], actor=viewer, on=viewer.day)
                return redirect("desk:cases-papers", pk)
            if do == "find":
                found, issues = look(data, source.name, rows["words"])
        except Refused as error:
            issues = list(error.issues)
        except PaperRefused as error:
            issues = [Issue("redaction.file", str(error))]
    grown = {kind: [*held_rows, *_blank(kind, 1 if held_rows else 2)] for kind, held_rows in rows.items()}
    is_pdf = b"%PDF-" in data[:1024]
    try:
        pages = [(n, w * CM, h * CM) for n, (w, h) in enumerate(page_sizes(data), 1)] if is_pdf else []
    except PaperRefused:
        pages = []
    context = {
        "case": held,
        "source": source,
        "words": [
            {**row, "found": found.get(n), "shown": found.get(n, [])[:SHOWN]} for n, row in enumerate(grown["words"])
        ],
        "areas": grown["areas"] if is_pdf else [],
        "pages": pages[:SHOWN_PAGES],
        "pages_more": len(pages) > SHOWN_PAGES,
        "pictures": grown["pictures"] if not is_pdf and _pictures(data, source.name) else [],
        "picture_count": _pictures(data, source.name) if not is_pdf else 0,
        "reasons": REASONS,
        "bases": [g.basis for g in grounds().values()],
        "searched": do == "find" and not issues,
        "issues": issues,
        "linked_issues": [(i, f"f-{i.field}" if i.field else "") for i in issues],
    }
    return render(request, "desk/cases/supply.html", context, status=422 if issues else 200)


FIELDS = {
    "words": ("text", "reason", "basis"),
    "areas": ("page", "left", "top", "right", "bottom", "reason", "basis"),
    "pictures": ("number", "reason", "basis"),
}


def typed_rows(request: DeskRequest) -> dict[str, list[dict[str, Any]]]:
    """The rows that were typed, without those left empty."""
    out: dict[str, list[dict[str, Any]]] = {}
    for kind, names in FIELDS.items():
        rows = []
        for n in range(MOST_ROWS):
            values = {name: request.POST.get(f"{kind}-{n}-{name}", "").strip() for name in names}
            if any(values.values()):
                rows.append(values)
        out[kind] = rows
    return out


def _blank(kind: str, count: int) -> list[dict[str, Any]]:
    return [dict.fromkeys(FIELDS[kind], "") for _ in range(count)]


def _pictures(data: bytes, name: str) -> int:
    try:
        return pictures(data, name)
    except PaperRefused:
        return 0


def look(data: bytes, name: str, rows: Sequence[dict[str, Any]]) -> tuple[dict[int, list[Passage]], list[Issue]]:
    """Where each text stands in the document."""
    found: dict[int, list[Passage]] = {}
    issues: list[Issue] = []
    if not any(row["text"] for row in rows):
        issues.append(Issue("redaction.text", "请先填要查找的文字。", "words-0-text"))
    for n, row in enumerate(rows):
        if row["text"]:
            found[n] = find(data, name, row["text"])
    return found, issues


def covers_of(rows: dict[str, list[dict[str, Any]]]) -> tuple[list[Cover | Area | Picture], list[Issue]]:
    """What is to be covered, with everything that is missing in it."""
    covers: list[Cover | Area | Picture] = []
    issues: list[Issue] = []

    def wrong(kind: str, n: int, name: str, say: str) -> None:
        issues.append(Issue(f"redaction.{name}", say, f"{kind}-{n}-{name}"))

    for kind, held in rows.items():
        for n, row in enumerate(held):
            if not row["reason"]:
                wrong(kind, n, "reason", f"第{n + 1}行没有写理由：每一处遮盖都要写明理由（第三十七条）。")
            if kind == "words":
                if not row["text"]:
                    wrong(kind, n, "text", f"第{n + 1}行没有写要遮盖的文字。")
                covers.append(Cover(row["text"], row["reason"], row["basis"]))
            elif kind == "pictures":
                if not row["number"].isdecimal() or int(row["number"]) < 1:
                    wrong(kind, n, "number", f"第{n + 1}行：图片写第几幅，从1数起。")
                    continue
                covers.append(Picture(int(row["number"]), row["reason"], row["basis"]))
            else:
                try:
                    box = tuple(float(row[side]) / CM for side in ("left", "top", "right", "bottom"))
                    page = int(row["page"])
                except ValueError:
                    wrong(kind, n, "page", f"第{n + 1}行：页码和四个边都写数字。")
                    continue
                if page < 1 or not (box[0] < box[2] and box[1] < box[3]):
                    wrong(kind, n, "page", f"第{n + 1}行：页码从1数起，右边要大于左边，下边要大于上边。")
                    continue
                covers.append(Area(page, (box[0], box[1], box[2], box[3]), row["reason"], row["basis"]))
    return covers, issues
