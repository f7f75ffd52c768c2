"""What is said of a matter: report, note, return of a report."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gongkai.base.issues import refuse
from gongkai.ledger.actions.common import held_matter, said_by, tell, words_of
from gongkai.ledger.models import Matter, Note, Report
from gongkai.ledger.rules import of_matter
from gongkai.orgs.rules import Viewer, demand


def report(matter: Matter, text: str, *, actor: Viewer, on: dt.date, finished: bool = False) -> Report:
    """填写进展: what a bearing organisation has done; `finished` asks the office to settle it."""
    demand(actor, "task.report", of_matter(matter))
    words = words_of(text, "report.text", "请写一句进展：做了什么，到哪一步。")
    with transaction.atomic():
        held_matter(matter)
        made = Report.objects.create(**said_by(actor, matter, on=on), text=words, finished=finished)
        tell("report", matter, actor=actor, on=on, reason=words, finished=finished)
    return made


def note(matter: Matter, text: str, *, actor: Viewer, on: dt.date) -> Note:
    """写备注: a remark for colleagues."""
    demand(actor, "task.note", of_matter(matter))
    words = words_of(text, "note.text", "请写备注的内容。")
    with transaction.atomic():
        held_matter(matter)
        made = Note.objects.create(**said_by(actor, matter, on=on), text=words)
        tell("note", matter, actor=actor, on=on, reason=words)
    return made


def return_report(report: Report, text: str, *, actor: Viewer, on: dt.date) -> None:
    """退回: the office says what is still missing; the matter no longer asks to be settled."""
    words = words_of(text, "return.text", "请写明还缺什么，对方才知道怎么补。")
    with transaction.atomic():
        matter = held_matter(Matter(source=report.source, source_id=report.source_id))
        demand(actor, "task.settle", of_matter(matter))
        held = Report.objects.select_for_update().get(pk=report.pk)
        if held.returned_on is not None:
            raise refuse("return.done", "这条进展已经退回过了。")
        held.returned_on, held.answer = on, words
        held.save(update_fields=["returned_on", "answer"])
        tell("return", matter, actor=actor, on=on, reason=words, report=held.pk)
