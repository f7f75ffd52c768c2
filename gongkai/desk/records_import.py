"""历史文件导入: a table and the files it names, taken in batch by batch while the page is open, taken up again later."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.records import may_import
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.papers import PaperRefused
from gongkai.papers.limits import MAX_FILE_BYTES, MAX_PART_BYTES, open_zip
from gongkai.papers.writing import Sheet, write_xlsx
from gongkai.records import actions
from gongkai.records.actions.imports import COLUMNS, ROW, table
from gongkai.records.kinds import kinds
from gongkai.records.models import ImportRun

STEP = 200
MAX_ZIP_BYTES = 4 * MAX_FILE_BYTES


def folder_of(run: int) -> Path:
    """Where the files of a run lie until it is done."""
    return Path(settings.GONGKAI_DATA_DIR) / "import" / str(run)


def unpack(data: bytes, into: Path) -> int:
    """The files of a zip by their bare names; returns how many. Nothing is written outside the folder.

    Raises PaperRefused for what is broken, encrypted or inflates abnormally.
    """
    archive = open_zip(data)
    into.mkdir(parents=True, exist_ok=True)
    done = 0
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = _name(entry.filename, utf8=bool(entry.flag_bits & 0x800))
        if not name or name.startswith(".") or name == "Thumbs.db":
            continue
        with archive.open(entry) as stream:
            held = stream.read(MAX_PART_BYTES + 1)
        if len(held) > MAX_PART_BYTES:
            raise PaperRefused(f"压缩包里的“{name}”过大，没有导入。")
        (into / name).write_bytes(held)
        done += 1
    return done


def _name(name: str, *, utf8: bool) -> str:
    """A bare name. Zips made by Windows here keep names in GBK without saying so."""
    if not utf8:
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gb18030")
    plain = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in plain if c.isprintable() and c not in '/\\:*?"<>|')[:150]


def owners_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Organisations into which the viewer may bring old records: those of their posts first, then those they govern."""
    tree = viewer.tree
    near = [tree.body_of(o).id for o in viewer.organisations]
    every = [*near, *sorted(viewer.organisations), *sorted(viewer.governed)]
    return [
        (o, tree[o].name)
        for o in dict.fromkeys(every)
        if o in tree and not tree[o].gone and may(viewer, "record.import", thing_at(o, viewer))
    ]


def runs_of(viewer: Viewer) -> QuerySet[ImportRun]:
    """Runs that the viewer may know of."""
    return ImportRun.objects.filter(owner__in=viewer.owning | viewer.governed).select_related("file", "person")


def run_of(viewer: Viewer, pk: int) -> ImportRun:
    """A run, else 404."""
    found = runs_of(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def imports(request: DeskRequest) -> HttpResponse:
    """The upload, and the runs so far."""
    viewer = request.viewer
    if not may_import(viewer):
        raise Http404
    if request.method != "POST":
        return _imports(request)
    owner = number_of(request.POST, "owner")
    file, files = request.FILES.get("file"), request.FILES.get("files")
    try:
        if owner is None or owner not in dict(owners_of(viewer)):
            raise refuse("import.owner", "请选这些文件是哪个单位的。", "owner")
        if file is None:
            raise refuse("import.nothing", "请选一张表（xlsx 或 csv），每份文件一行。", "file")
        if (file.size or 0) > MAX_FILE_BYTES:
            raise refuse("import.size", f"表超过{MAX_FILE_BYTES // 2**20}MB，请分几次导入。", "file")
        if files is not None and (files.size or 0) > MAX_ZIP_BYTES:
            raise refuse("import.size", f"压缩包超过{MAX_ZIP_BYTES // 2**20}MB，请分几次导入。", "files")
        run = actions.begin_import(file.read(), file.name or "导入.xlsx", owner, actor=viewer, on=viewer.day)
        if files is not None:
            try:
                unpack(files.read(), folder_of(run.pk))
            except PaperRefused as error:
                raise refuse("import.zip", str(error), "files") from error
    except Refused as error:
        return _imports(request, error.issues)
    return redirect("desk:records-import-run", run.pk)


def _imports(request: DeskRequest, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    columns: dict[str, list[str]] = {}
    for label, key in COLUMNS.items():
        columns.setdefault(key, []).append(label)
    context = {
        "owners": owners_of(viewer),
        "runs": list(runs_of(viewer).order_by("-pk")[:20]),
        "columns": list(columns.values()),
        "kinds": [k.name for k in kinds().values()],
        "issues": issues,
    }
    return render(request, "desk/records/imports.html", context, status=422 if issues else 200)


@require_safe
def run(request: DeskRequest, pk: int) -> HttpResponse:
    """How far a run has come; while the page is open it goes on."""
    held = run_of(request.viewer, pk)
    return render(request, "desk/records/import_run.html", _about(request.viewer, held))


def _about(viewer: Viewer, held: ImportRun) -> dict[str, Any]:
    return {
        "run": held,
        "mine": held.person_id == viewer.person_id,
        "finished": held.done >= held.rows,
        "owner_name": viewer.tree[held.owner_id].name if held.owner_id in viewer.tree else "",
        "refused": held.refused[:200],
    }


@require_POST
def step(request: DeskRequest, pk: int) -> HttpResponse:
    """Take in the next rows."""
    viewer = request.viewer
    held = run_of(viewer, pk)
    if held.done < held.rows:
        folder = folder_of(pk)
        files = folder if folder.is_dir() else None
        held = actions.run_import(pk, actor=viewer, on=viewer.day, files=files, most=STEP)
        if held.done >= held.rows:
            shutil.rmtree(folder, ignore_errors=True)
    if request.headers.get("HX-Request"):
        return render(request, "desk/records/import_bar.html", _about(viewer, run_of(viewer, pk)))
    return redirect("desk:records-import-run", pk)


@require_safe
def refused(request: DeskRequest, pk: int) -> HttpResponse:
    """The rows that were not accepted, with the reason of each: mended here, they can be brought in again."""
    held = run_of(request.viewer, pk)
    rows = {row[ROW]: row for row in table(path_of(held.file_id).read_bytes(), held.file.name)}
    labels: dict[str, str] = {}
    for label, key in COLUMNS.items():
        labels.setdefault(key, label)
    keys = list(dict.fromkeys(k for row in rows.values() for k in row if k != ROW))
    out = []
    for one in held.refused:
        row = rows.get(one["row"], {})
        out.append(["；".join(one["why"]), *(_cell(row.get(k)) for k in keys)])
    heads = ["未导入的原因", *(labels.get(k, k) for k in keys)]
    sheet = Sheet("未导入的文件", heads, [40, *([18] * len(keys))], out)
    return downloads.table(write_xlsx(sheet), "xlsx", f"refused-{pk}")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
