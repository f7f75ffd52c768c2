"""A case as one zip that shows whether anything in it was changed: for the archive, and for a reconsideration.

案卷.json tells the case, 步骤.json what happened, 留痕.json the events of the log with their hashes, 文书/ and 材料/ hold the
documents; 目录.json names each file with its SHA-256, and 封签.txt holds the digest of 目录.json, with the site's own seal.
Whoever has the zip can check the digests and that each event gives its hash; that the seal is this site's, only the site.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.base.models import Event
from gongkai.base.reads import timeline
from gongkai.base.rules import hash_of
from gongkai.base.sealing import mark_of, open_sealed
from gongkai.cases import letters
from gongkai.cases.actions.common import locked, standing
from gongkai.cases.actions.letters import document, pdf_of
from gongkai.cases.life import APPLICANTS, CHANNELS, VERBS
from gongkai.cases.models import Case
from gongkai.orgs.rules import Viewer

LIST, SEAL, EVENTS = "目录.json", "封签.txt", "留痕.json"
LIMIT = 2 * 1024**3
_COLUMNS = (
    "seq", "at", "on", "verb", "person", "name", "post", "subject", "subject_id", "reason", "payload", "previous", "hash",
)  # fmt: skip


def export_case(case: int, *, actor: Viewer, on: dt.date, pdf: bool = True) -> tuple[str, bytes]:
    """The zip of a case and its name. Who took it out stands in the log, and in the zip itself.

    With `pdf`, letters lie in it as PDF too where LibreOffice is installed.
    """
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        if held.erased_on:
            raise refuse("bundle.erased", f"个人信息和文书已于{held.erased_on}按保存期限删除，不能导出案卷。")
        record_event("export", "case", str(case), actor=actor, on=on)
        files = _files(held, pdf)
        name = f"{held.year}-{held.serial}号案卷.zip"
        return name, _zip(files)


def _files(case: Case, pdf: bool) -> dict[str, bytes]:
    files = {
        "案卷.json": _json(_told(case)),
        "步骤.json": _json([_step(s) for s in case.steps.all()]),
        EVENTS: _json([{c: _plain(getattr(e, c)) for c in _COLUMNS} for e in timeline("case", case.pk)]),
    }
    for number, letter in enumerate(case.letters.order_by("id"), 1):
        stem = f"文书/{number:02d}-{_safe(letters.kinds()[letter.code].name)}"
        files[f"{stem}.docx"] = document(letter)
        made = pdf_of(letter) if pdf else None
        if made is not None:
            files[f"{stem}.pdf"] = made
    for number, paper in enumerate(case.papers.order_by("id"), 1):
        files[f"材料/{number:02d}-{_safe(paper.get_kind_display())}-{_safe(paper.name)}"] = open_sealed(paper.file_id)
    return files


def _told(case: Case) -> dict[str, Any]:
    at = standing(case)
    limit = at.due()
    return {
        "登记编号": case.number,
        "申请人类别": APPLICANTS[case.applicant_kind],
        "申请人": json.loads(case.applicant),
        "申请内容": case.asked,
        "提供方式": [case.form, case.way],
        "提交渠道": CHANNELS[case.channel],
        "口头申请代填": case.oral,
        "提交日期": _plain(case.submitted_on),
        "收到申请之日": _plain(case.received_on),
        "答复期限": _plain(case.due_on),
        "期限的计算": [s.to_json() for s in limit.steps] if limit else [],
        "状态": case.get_state_display(),
        "结果": case.outcome,
        "依据": case.ground,
        "年报行次": case.row,
        "复议诉讼": [
            {"类别": d.get_kind_display(), "日期": _plain(d.on), "机关": d.organ, "案号": d.reference, "结果": d.result}
            for d in case.disputes.all()
        ],
        "材料的遮盖": {p.name: p.covered for p in case.papers.all() if p.covered},
    }


def _step(row: Any) -> dict[str, Any]:
    told = json.loads(row.told)
    return {
        "序号": row.number,
        "步骤": VERBS[row.verb],
        "日期": _plain(row.on),
        "记录时间": _plain(row.at),
        "办理人": f"{row.post} {row.name}".strip(),
        "事实": row.data,
        "内容": told,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _safe(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(". ")[:80] or "未命名"


def _zip(files: Mapping[str, bytes]) -> bytes:
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items()}
    manifest = _json({"系统": "gongkai", "文件": listed})
    digest = hashlib.sha256(manifest).hexdigest()
    seal = f"sha256 {digest}\nseal {mark_of('bundle', digest)}\n".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {**files, LIST: manifest, SEAL: seal}.items():
            # The same time in each entry: the bytes of a case depend on the case alone.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, data)
    return out.getvalue()


@dataclass
class Checked:
    """What a look at a zip found: `broken` in words, empty where all holds; `ours` is None where no key is here."""

    files: int = 0
    events: int = 0
    broken: list[str] = field(default_factory=list)
    ours: bool | None = None


def check_bundle(data: bytes, *, key: bool) -> Checked:
    """Look whether a zip is as it was sealed. With `key`, whether this site sealed it.

    Raises Refused where it is no zip of a case.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            if sum(i.file_size for i in held.infolist()) > LIMIT:
                raise refuse("bundle.size", "压缩包展开后过大，不是案卷。")
            names = held.namelist()
            if LIST not in names or SEAL not in names:
                raise refuse("bundle.kind", "不是案卷的压缩包：缺少目录或者封签。")
            files = {name: held.read(name) for name in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise refuse("bundle.kind", "不是案卷的压缩包，或者已经损坏。") from error
    out = Checked()
    if len(names) != len(set(names)):
        out.broken.append("同一个文件名出现两次")
    manifest, seal = files.pop(LIST), files.pop(SEAL)
    told = dict(line.split(" ", 1) for line in seal.decode(errors="replace").splitlines() if " " in line)
    digest = hashlib.sha256(manifest).hexdigest()
    if told.get("sha256") != digest:
        out.broken.append("目录被改动过")
    if key:
        out.ours = told.get("seal") == mark_of("bundle", digest)
    try:
        listed = json.loads(manifest)["文件"]
        for name in sorted(listed.keys() | files.keys()):
            if name not in files:
                out.broken.append(f"缺少{name}")
            elif name not in listed:
                out.broken.append(f"多出{name}")
            elif hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]:
                out.broken.append(f"{name}被改动过")
        rows = json.loads(files.get(EVENTS, b"[]"))
        out.files, out.events = len(files), len(rows)
        out.broken += _events(rows)
    except (ValueError, KeyError, TypeError, AttributeError):
        out.broken.append("目录或者留痕读不出来")
    return out


def _events(rows: list[dict[str, Any]]) -> list[str]:
    bad = []
    for row in rows:
        event = Event(**{c: row[c] for c in _COLUMNS if c not in ("at", "on")})
        event.at, event.on = dt.datetime.fromisoformat(row["at"]), dt.date.fromisoformat(row["on"])
        if hash_of(event) != row["hash"]:
            bad.append(f"第{row['seq']}条留痕被改动过")
    return bad
