"""Papers that are taken out again, and what the organ owes in a reconsideration."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongkai.base.models import Event, File
from gongkai.cases import actions
from gongkai.cases.models import Attachment, Dispute
from gongkai.cases.reads import duties
from tests.cases import DAY, Town
from tests.cases.test_side import asker, refused

pytestmark = pytest.mark.django_db
LATE = dt.date(2026, 8, 3)
"""A Monday long after the period of a case of DAY."""


def test_a_paper_is_taken_out_for_a_reason_until_somebody_checks_it(town: Town) -> None:
    """第三十七条: what must not be known never stays in what is supplied; what was checked stays as it was checked."""
    case, clerk = town.receive().pk, town.who("clerk")
    act: dict[str, Any] = {"actor": clerk, "on": DAY}
    source = actions.attach(case, "source", "合同.txt", b"secret", **act)
    copy = actions.supply(case, source.pk, (), **act)
    raw = Path(settings.GONGKAI_DATA_DIR) / "files" / copy.file_id[:2] / copy.file_id
    with refused("paper.why"):
        actions.take_out(case, copy.pk, " ", **act)
    with refused("paper.copied"):
        actions.take_out(case, source.pk, "传错了", **act)
    with refused("case.draft"):
        actions.take_out(case, copy.pk, "传错了", actor=town.who("other"), on=DAY)
    with refused("paper.gone"):
        actions.take_out(town.receive(**asker(3)).pk, copy.pk, "传错了", **act)
    texts = dict.fromkeys(("reason", "search"), "没有这份文件")
    actions.draft_answer(case, "not_exist", texts, **act)
    for refuse_it in (
        lambda: actions.take_out(case, copy.pk, "漏遮了一处", **act),
        lambda: actions.supply(case, source.pk, (), **act),
    ):
        with refused("paper.checked"):
            refuse_it()
    actions.return_answer(case, "副本漏遮了一处", actor=town.who("legal"), on=DAY)
    assert raw.exists()
    actions.take_out(case, copy.pk, "漏遮了一处", **act)
    assert not Attachment.objects.filter(pk=copy.pk).exists() and not File.objects.filter(digest=copy.file_id).exists()
    event = Event.objects.get(verb="take-out")
    assert event.reason == "漏遮了一处" and copy.file_id in json.dumps(event.data)


def test_the_ledger_hears_that_answer_and_evidence_went_out(town: Town) -> None:
    """行政复议法第五十四条: five working days from the copy; what was sent in time is not late while the organ decides."""
    case, act = town.receive().pk, {"actor": town.who("clerk"), "on": LATE}
    actions.reconsider(case, copy_received=LATE, **act)
    owed = {o.clock: o for o in next(duties([case])).occurrences}
    row = Dispute.objects.get()
    assert owed[f"dispute{row.pk}"].due == dt.date(2026, 8, 10) and owed[f"dispute{row.pk}"].met is None
    with refused("order"):
        actions.dispute_answered(case, row.pk, actor=act["actor"], on=DAY)
    actions.dispute_answered(case, row.pk, actor=act["actor"], on=dt.date(2026, 8, 6))
    with refused("dispute.answered"):
        actions.dispute_answered(case, row.pk, **act)
    owed = {o.clock: o for o in next(duties([case])).occurrences}
    assert owed[f"dispute{row.pk}"].met == dt.date(2026, 8, 6)
    actions.reconsidered(case, "upheld", **act)
    with refused("dispute.none"):
        actions.dispute_answered(case, row.pk, **act)


def test_a_suit_has_a_clock_of_its_own(town: Town) -> None:
    """行政诉讼法第六十七条: fifteen days from the copy, to the first working day where they end on a day of rest."""
    case = town.receive().pk
    actions.sue(case, copy_received=dt.date(2026, 9, 18), actor=town.who("clerk"), on=LATE)
    row = Dispute.objects.get()
    owed = {o.clock: o for o in next(duties([case])).occurrences}[f"dispute{row.pk}"]
    assert (owed.due, owed.label) == (dt.date(2026, 10, 8), "提交答辩状和证据")
    actions.dispute_answered(case, row.pk, actor=town.who("clerk"), on=dt.date(2026, 9, 28))
    assert {o.clock: o for o in next(duties([case])).occurrences}[f"dispute{row.pk}"].met == dt.date(2026, 9, 28)
