"""The zip of a case: for the archive, and at once for a reconsideration (行政复议法第五十四条)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from gongkai.cases import reads
from gongkai.cases.bundle import export_case
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import sealed_out


@require_POST
def bundle(request: DeskRequest, pk: int) -> HttpResponse:
    """Everything of a case in one file, which `gongkai verify` checks. That it was taken out stands in the log."""
    if reads.one(request.viewer, pk) is None:
        raise Http404
    name, data = export_case(pk, actor=request.viewer, on=request.viewer.day)
    return sealed_out(data, name, "application/zip")
