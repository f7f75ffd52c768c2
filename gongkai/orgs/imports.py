"""Bodies and people from one .xlsx, and out again: two sheets, 机构 and 人员, a row each."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from gongkai.base.issues import Refused, refuse
from gongkai.orgs import actions
from gongkai.orgs.models import Kind, Person, Role
from gongkai.orgs.reads import holders, tree_on
from gongkai.orgs.rules import Viewer, demand
from gongkai.orgs.tree import Tree

BODY_HEADS = ("名称", "类别", "上级机构", "别称", "政府信息公开工作机构")
PERSON_HEADS = ("账号", "姓名", "电话", "机构", "岗位", "初始密码")
_KINDS = {label: value for value, label in Kind.choices} | {v: v for v in Kind.values}
_ROLES = {label: value for value, label in Role.choices} | {v: v for v in Role.values}


@dataclass(slots=True)
class ImportReport:
    """What a table brought: counts, and the rows that were not taken with the reason."""

    bodies: int = 0
    people: int = 0
    posts: int = 0
    known: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)


def import_table(data: bytes, *, actor: Viewer, on: dt.date) -> ImportReport:
    """Bring in bodies and people. What is known already is left; a bad row is reported and the rest taken."""
    demand(actor, "orgs.change")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises what its parts raise
        raise refuse("orgs.file", "这个文件打不开：请用xlsx格式，可以先下载样表再填。", "file") from error
    report = ImportReport()
    if "机构" in book.sheetnames:
        for number, row in _rows(book["机构"], BODY_HEADS):
            _try(report, "机构", number, lambda row=row: _body(report, row, actor, on))
    if "人员" in book.sheetnames:
        for number, row in _rows(book["人员"], PERSON_HEADS):
            _try(report, "人员", number, lambda row=row: _person(report, row, actor, on))
    if not (report.bodies or report.people or report.posts or report.known or report.refused):
        raise refuse("orgs.empty", "表里没有可以导入的行：要有“机构”和“人员”两个工作表，第一行是表头。", "file")
    return report


def _rows(sheet: Any, heads: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    rows = sheet.iter_rows(values_only=True)
    first = next(rows, None) or ()
    at = {str(v).strip(): i for i, v in enumerate(first) if v is not None}
    out = []
    for number, row in enumerate(rows, 2):
        values = {
            h: str(row[at[h]]).strip() if h in at and at[h] < len(row) and row[at[h]] is not None else "" for h in heads
        }
        if any(values.values()):
            out.append((number, values))
    return out


def _try(report: ImportReport, sheet: str, number: int, take: Any) -> None:
    try:
        with transaction.atomic():
            take()
    except Refused as error:
        report.refused.append((sheet, number, str(error)))


def _find(tree: Tree, text: str) -> int | None:
    """An organisation by its name or by its path (青禾县/青禾县司法局/法规股)."""
    parts = [p.strip() for p in text.replace("／", "/").replace(" · ", "/").split("/") if p.strip()]
    if not parts:
        return None
    found = [
        n.id
        for n in tree.live()
        if n.name == parts[-1] and all(p in [tree[a].name for a in tree.above(n.id)] for p in parts[:-1])
    ]
    if len(found) > 1:
        raise refuse("orgs.which", f"“{text}”有{len(found)}个，请写全路径，如“青禾县司法局/办公室”。")
    return found[0] if found else None


def _body(report: ImportReport, row: dict[str, str], actor: Viewer, on: dt.date) -> None:
    tree = tree_on(on)
    parent = _find(tree, row["上级机构"])
    if row["上级机构"] and parent is None:
        raise refuse("orgs.parent", f"没有上级机构“{row['上级机构']}”：请先写它自己那一行。")
    kind = _KINDS.get(row["类别"])
    if kind is None:
        raise refuse("orgs.kind", f"类别“{row['类别']}”不认得，可取：{'、'.join(Kind.labels)}。")
    siblings = [tree[c].name for c in tree[parent].children] if parent else [n.name for n in tree.roots()]
    if row["名称"] in siblings:
        report.known += 1
        return
    actions.found_organisation(
        row["名称"],
        kind,
        parent=parent,
        actor=actor,
        on=on,
        aliases=[a.strip() for a in row["别称"].replace("，", "、").split("、") if a.strip()],
        openness_office=row["政府信息公开工作机构"] in ("是", "√", "1", "Y"),
    )
    report.bodies += 1


def _person(report: ImportReport, row: dict[str, str], actor: Viewer, on: dt.date) -> None:
    person = Person.objects.filter(username=row["账号"].lower()).first()
    if person is None:
        person = actions.add_person(
            row["账号"], row["姓名"], row["初始密码"] or None, actor=actor, on=on, phone=row["电话"]
        )
        report.people += 1
    elif row["姓名"] and person.name != row["姓名"]:
        raise refuse("people.other", f"账号“{row['账号']}”已经是{person.name}的。")
    if not row["机构"]:
        return
    organisation = _find(tree_on(on), row["机构"])
    if organisation is None:
        raise refuse("orgs.unknown", f"没有机构“{row['机构']}”。")
    role = _ROLES.get(row["岗位"])
    if role is None:
        raise refuse("people.role", f"岗位“{row['岗位']}”不认得，可取：{'、'.join(Role.labels)}。")
    if holders({organisation}, on).filter(person=person, role=role).exists():
        report.known += 1
        return
    actions.appoint(person, organisation, role, actor=actor, on=on)
    report.posts += 1


def table_of(tree: Tree, day: dt.date) -> bytes:
    """The table of what stands; brought back unchanged it changes nothing."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "机构"
    people = book.create_sheet("人员")
    for sheet, heads in ((first, BODY_HEADS), (people, PERSON_HEADS)):
        sheet.append(list(heads))
        for column in range(1, len(heads) + 1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions["ABCDEF"[column - 1]].width = 26
    order: list[int] = []

    def walk(pk: int) -> None:
        order.append(pk)
        for child in tree[pk].children:
            walk(child)

    for root in tree.roots():
        walk(root.id)
    for pk in order:
        node = tree[pk]
        first.append(
            [
                node.name,
                Kind(node.kind).label,
                "/".join(tree[a].name for a in reversed(tree.above(pk)[1:])),
                "、".join(tree.aliases.get(pk, [])),
                "是" if node.openness_office else "",
            ]
        )
    for post in holders(set(order), day).order_by("person__username", "since"):
        path = "/".join(tree[a].name for a in reversed(tree.above(post.organisation_id)))
        people.append([post.person.username, post.person.name, post.person.phone, path, Role(post.role).label, ""])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
