"""Old documents brought in: one table (xlsx or csv) and, if there are any, a zip or folder of their files.

A row that does not hold is told with its number and reason and left out; the others go on. A run keeps how far it has
come, so that it can be stopped and taken up again; one event is written for each batch, with the digest of its rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, path_of, record_event
from gongkai.base.clock import ZONE
from gongkai.base.clock import moment as now
from gongkai.base.issues import Refused, refuse
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.records import content as taking
from gongkai.records import numbers, rules
from gongkai.records.actions.drafts import looked
from gongkai.records.actions.publishing import next_index, show
from gongkai.records.actions.review import freeze
from gongkai.records.kinds import COMMON, Kind, kinds
from gongkai.records.models import Draft, How, ImportRun, Record, Standing, State, Status

BATCH = 200
COLUMNS = {
    **{label: key for key, label in COMMON.items()},
    **{"信息种类": "kind", "种类": "kind", "文件标题": "title", "名称": "title", "文号": "document_number"},
    **{"发布机构": "issuers", "制发机关": "issuers", "单位": "owner", "公开主体": "owner", "所属单位": "owner"},
    **{"主题": "topic", "成文时间": "formed", "生成日期": "formed", "发布日期": "published", "公开日期": "published"},
    **{
        "发布时间": "published",
        "生效日期": "effective",
        "失效日期": "expires",
        "有效性": "validity",
        "效力状态": "validity",
    },
    **{
        "索引号": "index_number",
        "内容": "body",
        "关键词": "keywords",
        "附件": "files",
        "原网址": "old",
        "原地址": "old",
    },
    **{"废止日期": "ended", "废止依据": "ended_by", "公开属性": "audience"},
}
"""What a column of the table may be called."""
ROW = "#"
"""Under which a row keeps the number that its sheet gives it: what people look for when a row was refused."""
AUDIENCES = {
    "主动公开": "public",
    "依申请公开": "on_request",
    "不予公开": "internal",
    "特定范围公开": "limited",
    "": "public",
}


def begin_import(data: bytes, name: str, owner: int, *, actor: Viewer, on: dt.date) -> ImportRun:
    """Take in the table; nothing of it is a record yet. Refused where its columns are not understood."""
    demand(actor, "record.import", thing_at(owner, actor))
    rows = list(table(data, name))
    if not rows:
        raise refuse("import.empty", "表里没有内容。第一行写列名，每份文件一行。", "file")
    known = {key for row in rows[:1] for key in row}
    if "title" not in known:
        raise refuse(
            "import.columns",
            f"没有找到“标题”这一列。认得的列名有：{'、'.join(list(COLUMNS)[:24])}等。",
            "file",
        )
    with transaction.atomic():
        file = keep_file(data, name)
        held = ImportRun.objects.filter(owner=owner, file=file, person=actor.person_id).order_by("-pk").first()
        if held is not None and held.done < held.rows:
            return held
        run = ImportRun.objects.create(
            owner_id=owner, file=file, person_id=actor.person_id, begun_at=now(), rows=len(rows)
        )
        payload = {"run": run.pk, "file": file.digest, "rows": len(rows)}
        record_event("begin-import", "record", 0, actor=actor, on=on, payload=payload)
    return run


def table(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Rows of the table by the keys of their columns; a column of another name keeps it, for a kind's own fields."""
    cells = _sheet(data) if data[:2] == b"PK" else _csv(data)
    head: list[str] = []
    for number, row in enumerate(cells, 1):
        texts = [_text(c) for c in row]
        if not head:
            if sum(t in COLUMNS for t in texts) >= 2 or "标题" in texts:
                head = [COLUMNS.get(t, t) for t in texts]
            continue
        if any(texts):
            yield {ROW: number, **{key: cell for key, cell in zip(head, row, strict=False) if key}}


def _sheet(data: bytes) -> Iterator[list[Any]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise refuse("import.file", "这个文件打不开，请另存为 xlsx 或 csv 再试。", "file") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield list(row)


def _csv(data: bytes) -> Iterator[list[Any]]:
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(coding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refuse("import.file", "这个文件不是表格，请用 xlsx 或 csv。", "file")
    yield from csv.reader(io.StringIO(text))


def _text(cell: Any) -> str:
    return re.sub(r"\s+", "", str(cell)) if cell is not None else ""


def run_import(
    run: int,
    *,
    actor: Viewer,
    on: dt.date,
    files: Path | None = None,
    told: Callable[[int, int], None] | None = None,
    most: int | None = None,
) -> ImportRun:
    """Go on with a run from where it stopped, batch by batch, until its end (or `most` rows more).

    `files` is the folder in which the names of the column 附件 are looked for. `told` hears (done, rows).
    """
    held = ImportRun.objects.select_related("file").filter(pk=run).first()
    if held is None:
        raise refuse("import.gone", "没有这次导入。")
    demand(actor, "record.import", thing_at(held.owner_id, actor))
    if held.person_id != actor.person_id:
        raise refuse("import.other", "这次导入是别人开始的，由他接着做。")
    rows = list(table(path_of(held.file_id).read_bytes(), held.file.name))
    names = {n.name: n for n in actor.tree.live()}
    stop = len(rows) if most is None else min(len(rows), held.done + most)
    while held.done < stop:
        with transaction.atomic():
            held = ImportRun.objects.select_for_update().select_related("file").get(pk=run)
            batch = rows[held.done : min(held.done + BATCH, stop)]
            if not batch:
                break
            made, refused = [], []
            for row in batch:
                try:
                    with transaction.atomic():
                        made.append(_bring_in(row, held, names, files, actor, on))
                except Refused as error:
                    says = [i.say for i in error.issues]
                    refused.append({"row": row[ROW], "title": str(row.get("title") or "")[:80], "why": says})
            held.done += len(batch)
            held.made += len(made)
            held.refused = [*held.refused, *refused]
            held.save()
            digest = hashlib.sha256(json.dumps(batch, ensure_ascii=False, default=str).encode()).hexdigest()
            payload = {"run": held.pk, "records": made, "rows": digest, "refused": len(refused)}
            record_event("import", "record", 0, actor=actor, on=on, payload=payload)
        if told is not None:
            told(held.done, held.rows)
    return held


def _bring_in(
    row: Mapping[str, Any], run: ImportRun, names: dict[str, Any], files: Path | None, actor: Viewer, on: dt.date
) -> int:
    kind = _kind(row)
    owner = run.owner_id
    printed = _text(row.get("owner"))
    if printed:
        found = names.get(printed)
        if found is None or owner not in actor.tree.above(found.id):
            raise refuse("import.owner", f"“{printed}”不是本单位或下属单位的名称。", "owner")
        owner = found.id
    audience = AUDIENCES.get(_text(row.get("audience")))
    if audience is None:
        raise refuse("import.audience", "公开属性只能是主动公开、依申请公开、不予公开或特定范围公开。", "audience")
    by_label = {f.label: f.key for f in kind.fields}
    raw = {key: row[key] for key in COMMON if key in row and row[key] not in (None, "")}
    raw["fields"] = {
        by_label.get(k, k): v for k, v in row.items() if v not in (None, "") and by_label.get(k, k) in by_label.values()
    }
    raw["audience"] = audience
    taken = taking.take(kind, raw)
    if taken.issues:
        raise Refused(*taken.issues)
    draft = Draft(issuers="", **{k: v for k, v in taken.values.items() if k != "issuers"})
    draft.issuers = taken.values.get("issuers") or actor.tree[owner].name
    draft.attachments = [_file(n, files) for n in re.split(r"[;；\n|]+", str(row.get("files") or "")) if n.strip()]
    published = _published(row, draft)
    draft.fields = draft.fields or {}
    # Old documents lack what is asked of new ones: what is missing is told only where nobody could find them without.
    blocking = [f for f in rules.examine(kind, draft) if f.level == "block" and _counts(f, kind)]
    if blocking:
        from gongkai.base.issues import Issue

        raise Refused(
            *(Issue(f"record.{f.rule}", f"{f.where}：{f.say}" if f.where else f.say, f.field) for f in blocking)
        )
    index = _text(row.get("index_number")).upper()
    if index and Record.objects.filter(index_number=index).exists():
        raise refuse("import.index", f"索引号{index}已经有了，可能导入过。", "index_number")
    same = Record.objects.filter(kind=kind.code, owner_id=owner, title=draft.title, formed=draft.formed)
    if same.exclude(standing=Standing.DRAFT).exists():
        raise refuse("import.same", "同一单位已经有同名、同一成文日期的信息，可能导入过。", "title")
    record = Record.objects.create(
        kind=kind.code,
        owner_id=owner,
        title=draft.title,
        begun_by_id=actor.person_id,
        begun_on=on,
        index_number=index or next_index(owner, published),
        old_address=str(row.get("old") or "").strip()[:300],
    )
    version = freeze(record, draft, [], actor.person_id, state=State.PUBLISHED, note="历史文件导入")
    Status.objects.create(
        version=version,
        state=State.PUBLISHED,
        person_id=actor.person_id,
        post=actor.title,
        at=now(),
        why="历史文件导入",
    )
    out_at = dt.datetime.combine(published, dt.time(9), ZONE)
    show(record, version, out_at, on, amended=False, moment=out_at)
    _ended(record, row, on)
    return record.pk


def _counts(finding: Any, kind: Kind) -> bool:
    if finding.rule == "missing":
        return finding.field in ("title", "body") or (finding.field == "document_number" and kind.numbered)
    return finding.rule not in ("any_of", "mentions", "missing")


def _kind(row: Mapping[str, Any]) -> Kind:
    printed = _text(row.get("kind"))
    if not printed:
        return kinds()["normative"] if row.get("document_number") else kinds()["policy"]
    for kind in kinds().values():
        if printed in (kind.code, kind.name) or printed == kind.name.removeprefix("行政"):
            return kind
    raise refuse(
        "import.kind", f"没有“{printed}”这个信息种类，可用：{'、'.join(k.name for k in kinds().values())}。", "kind"
    )


def _published(row: Mapping[str, Any], draft: Draft) -> dt.date:
    issues: list[Any] = []
    day = taking._date(row.get("published"), "发布日期", "published", issues)
    if issues:
        raise Refused(*issues)
    day = day or draft.formed
    if day is None:
        raise refuse("import.published", "发布日期和成文日期都没有，不知道什么时候公开的。", "published")
    return day


def _file(name: str, files: Path | None) -> dict[str, Any]:
    plain = Path(name.strip().replace("\\", "/")).name
    path = files / plain if files is not None else None
    if path is None or not path.is_file():
        raise refuse("import.file", f"附件“{plain}”没有找到。", "files")
    data = path.read_bytes()
    look = looked(data, plain)
    if look.blocked:
        says = "；".join(f"{f.where}{f.say}" for f in look.findings if f.level == "block")
        raise refuse("import.attachment", f"附件“{plain}”：{says}", "files")
    kept = keep_file(data, plain)
    return {"digest": kept.digest, "name": plain, "size": len(data), "media": look.media, "findings": []}


def _ended(record: Record, row: Mapping[str, Any], on: dt.date) -> None:
    state = _text(row.get("validity"))
    if not state or state in ("有效", "现行有效", "是"):
        return
    issues: list[Any] = []
    ended = taking._date(row.get("ended"), "废止日期", "ended", issues) or on
    if "废止" in state:
        record.ended_on, record.ended_how = ended, How.REPEAL
    elif "失效" in state:
        record.ended_on, record.ended_how = ended, How.INVALID
    elif "修改" in state:
        record.amended_on = ended
    else:
        raise refuse("import.validity", f"有效性写的是“{state}”，应为有效、已修改、失效或废止。", "validity")
    record.save()
    record.endings.create(
        how=record.ended_how or How.MODIFY,
        on=ended,
        by_text=str(row.get("ended_by") or "")[:300],
        reason="历史文件导入",
    )


__all__ = ["begin_import", "numbers", "run_import", "table"]
