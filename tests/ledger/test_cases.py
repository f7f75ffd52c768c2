"""Cases in the ledger: a duty with its day, settled by delivery and by nobody's word; what was asked stays outside."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base.followers import catch_up
from gongkai.cases import actions
from gongkai.ledger.follow import LedgerFollower, rebuild
from gongkai.ledger.models import Bearer, Duty, Matter
from gongkai.ledger.reads import fingerprint
from tests.cases import DAY, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return Town.build()


def duty(clock: str = "answer") -> Duty:
    catch_up([LedgerFollower()])
    return Duty.objects.get(matter__source="case", clock=clock)


def test_a_request_is_a_duty_until_its_answer_is_delivered(town: Town) -> None:
    """第三十三条: twenty working days from 2 March 2026 (Monday); 清明 on 4 to 6 April lies after the last day, 30 March."""
    case = town.receive()
    held = duty()
    assert held.due == dt.date(2026, 3, 30) and held.settled_on is None
    matter = Matter.objects.get()
    assert (matter.source, matter.source_id, matter.todo) == ("case", case.pk, 1)
    assert matter.title == f"答复依申请公开{case.number}"  # neither what was asked nor by whom
    actions.assign(case.pk, town.pk("river"), actor=town.who("clerk"), on=DAY)
    catch_up([LedgerFollower()])
    assert Bearer.objects.get().organisation == town.pk("river")
    town.decide(case.pk, "disclosed", DAY)
    assert duty().settled_on is None  # a signed letter in the drawer is no answer
    actions.deliver(case.pk, "in_person", actor=town.who("clerk"), on=DAY)
    assert duty().settled_on == DAY
    before = fingerprint()
    rebuild()
    assert fingerprint() == before


def test_what_waits_for_the_applicant_has_no_day(town: Town) -> None:
    """第三十条: the period begins anew when the correction comes; until then it waits for it."""
    case = town.receive()
    actions.ask_correction(case.pk, ["写明年度"], dt.date(2026, 3, 20), actor=town.who("clerk"), on=DAY)
    held = duty()
    assert held.due is None and held.waits == "等申请人补正"
    actions.correction_received(case.pk, actor=town.who("clerk"), on=dt.date(2026, 3, 9))
    assert duty().due == dt.date(2026, 4, 7)  # twenty working days after 9 March; 清明 off on 4 to 6 April


def test_the_papers_for_a_reconsideration_have_a_day_of_their_own(town: Town) -> None:
    """行政复议法第五十四条: five working days from the copy."""
    case = town.receive()
    town.decide(case.pk, "refused", DAY, ground="internal", separable=False)
    actions.deliver(case.pk, "in_person", actor=town.who("clerk"), on=DAY)
    day = dt.date(2026, 3, 9)
    actions.reconsider(case.pk, actor=town.who("clerk"), on=day, copy_received=day)
    row = case.disputes.get()
    assert duty(f"dispute{row.pk}").due == dt.date(2026, 3, 16)


def test_what_is_not_received_owes_nothing(town: Town) -> None:
    """第三十一条第三项: over the internet only once both sides confirmed it."""
    case = town.receive("internet")
    catch_up([LedgerFollower()])
    assert not Matter.objects.exists()
    actions.confirm(case.pk, actor=town.who("clerk"), on=dt.date(2026, 3, 3))
    assert duty().due == dt.date(2026, 3, 31)
