"""Random steps, lawful and unlawful: no story breaks what must hold. `tests.cases.prove` tells a million."""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base.clock import on_day
from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.base.reads import check_chain
from gongkai.cases import actions, life, reads
from gongkai.cases.actions.common import standing
from gongkai.cases.actions.letters import written_later
from gongkai.cases.models import Answer, Attachment, Case, Letter, Step
from gongkai.law.annual import check_disputes, check_requests
from gongkai.law.clocks import ClockError
from tests.cases import DAY, Town
from tests.cases.story import ATTEMPTS, Broken, Walk, balanced, naive_due


@pytest.mark.parametrize("seed", [33, 34, 35, time.time_ns()], ids=["33", "34", "35", "now"])
def test_five_thousand_stories(seed: int) -> None:
    print(f"seed {seed}")  # shown by pytest when a story fails
    rng = random.Random(seed)
    for _ in range(10):
        told = [Walk(rng).run(ATTEMPTS) for _ in range(500)]
        balanced(told)


@given(st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_hypothesis_finds_no_story(rng: random.Random) -> None:
    Walk(rng).run(ATTEMPTS)


def test_the_stories_reach_every_state_and_take_every_step() -> None:
    rng = random.Random(7)
    told = [Walk(rng).run(ATTEMPTS) for _ in range(5000)]
    assert set().union(*(w.seen for w in told)) - {None} == set(life.State)
    assert {s.verb for w in told for s in w.steps} == set(life.VERBS)
    assert len({w.at.row for w in told}) >= 22  # twenty-one rows of results, and none


MUTANTS = {
    "a set date outlives a restart": ("_ANEW", {"extension": None, "extension_notified": None}),
    "an extension outlives a restart": ("_ANEW", {"set_date": None}),
    "the answer clock runs for what is closed": ("RUNNING", (life.State.OPEN, life.State.DECIDED, life.State.CLOSED)),
    "a request given up late is late": ("LAPSED", ()),
}


@pytest.mark.parametrize(("name", "value"), MUTANTS.values(), ids=MUTANTS)
def test_a_fault_would_be_found(name: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, name, value)
    rng = random.Random(11)

    def tell() -> None:
        for _ in range(8000):
            Walk(rng).run(ATTEMPTS)

    with pytest.raises(Broken):
        tell()


# -- through the real actions ------------------------------------------------------------------------------------------

OFFICE = ("clerk", "bureau")
ANYBODY = (
    "clerk",
    "clerk",
    "bureau",
    "handler",
    "section",
    "head",
    "head",
    "legal",
    "signer",
    "counter",
    "other",
    "nobody",
)


class Desk:
    """Random verbs by random people on a handful of cases; days go forward now and then."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self.town, self.rng, self.day = town, rng, DAY
        self.done = self.refused = 0

    def go(self) -> None:
        rng = self.rng
        self.day += dt.timedelta(rng.choice((0, 0, 0, 1, 1, 2, 6)))
        cases = list(Case.objects.values_list("pk", flat=True))
        counts = self.counts()
        with on_day(self.day):
            try:
                if not cases or rng.random() < 0.12:
                    self.ask()
                else:
                    self.step(rng.choice(cases))
                self.done += 1
            except (Refused, ClockError):
                self.refused += 1
                assert counts == self.counts(), "a refused step left something"

    def counts(self) -> tuple[int, ...]:
        return tuple(m.objects.count() for m in (Event, Case, Step, Answer, Letter, Attachment))

    def who(self, *among: str) -> Any:
        name = self.rng.choice(among) if among and self.rng.random() < 0.8 else self.rng.choice(ANYBODY)
        return self.town.who(name, self.day)

    def ask(self) -> None:
        rng = self.rng
        channel = rng.choice(tuple(life.CHANNELS))
        kind = rng.choice(("natural", "business", "research", "other"))
        self.town.receive(
            channel, by=rng.choice(("clerk", "counter", "section")), on=self.day, kind=kind,
            confirmed=self.day if rng.random() < 0.5 else None, purpose="amend" if rng.random() < 0.1 else "access",
        )  # fmt: skip

    def step(self, case: int) -> None:
        rng, on = self.rng, self.day
        held = Case.objects.get(pk=case)
        if Answer.objects.filter(case=case, stage="check").exists():
            actions.check_answer(case, actor=self.who("legal"), on=on)
            return
        if Answer.objects.filter(case=case, stage="sign").exists():
            actions.sign_answer(case, actor=self.who("signer"), on=on)
            return
        known = [v for s, v in life.TABLE if s == held.state] or ["archive"]
        verb = rng.choice(known) if rng.random() < 0.9 else rng.choice(tuple(life.VERBS))
        act: dict[str, Any] = {"actor": self.who(*OFFICE), "on": on}
        soon = on + dt.timedelta(rng.randrange(0, 12))
        if verb in ("transfer", "join", "split") and rng.random() < 0.7:
            verb = "ask_third_party"
        if verb == "receive":
            self.ask()
        elif verb == "ask_correction":
            actions.ask_correction(case, ["文号"], soon, **act)
        elif verb in ("ask_third_party", "ask_co_producer"):
            getattr(actions, verb)(case, "某单位", "许可", served=rng.choice((None, soon)), **act)
        elif verb in ("third_party_replied", "co_producer_replied"):
            getattr(actions, verb)(case, rng.random() < 0.5, **act)
        elif verb == "ask_reasons":
            actions.ask_reasons(case, "一月五十件", soon, **act)
        elif verb == "reasons_given":
            actions.reasons_given(case, "研究", **act)
        elif verb == "correct_entry":
            actions.correct_entry(case, {"phone": f"139{rng.randrange(10**8):08}"}, "打错", **act)
        elif verb == "ask_assist":
            actions.ask_assist(case, "某局", "许可", [], soon, **act)
        elif verb == "consultation_served":
            actions.consultation_served(case, rng.choice((None, 0, 1)), on, **act)
        elif verb == "ask_extension":
            actions.ask_extension(case, rng.randrange(0, 23), "复杂", **act)
        elif verb == "decline_extension":
            actions.decline_extension(case, "不必", actor=self.who("head"), on=on)
        elif verb == "approve_extension":
            actions.approve_extension(case, rng.randrange(0, 23), "复杂", actor=self.who("head"), on=on)
        elif verb == "set_date":
            actions.set_date(case, on + dt.timedelta(60), "数量多", actor=self.who("head"), on=on)
        elif verb == "fee_notice":
            actions.fee_notice(case, "pages", rng.choice((700, 720, 5)), **act)
        elif verb == "decide":
            self.draft(held)
        elif verb == "deliver":
            actions.deliver(case, rng.choice(tuple(life.CHANNELS)), **act)
        elif verb == "transfer":
            actions.transfer(case, self.town.pk("school"), why="由教育局负责", **act)
        elif verb == "join":
            actions.join(case, rng.choice(Case.objects.values_list("pk", flat=True)), **act)
        elif verb == "split":
            actions.split(case, ["甲", "乙"], **act)
        elif verb in ("reconsidered", "judged"):
            getattr(actions, verb)(case, rng.choice(tuple(life.RESULTS)), **act)
        else:
            getattr(actions, verb)(case, **act)

    def draft(self, held: Case) -> None:
        rng = self.rng
        outcome = {"correction": "lapsed_correction", "fee": "lapsed_fee", "lapsed": held.outcome}.get(held.state)
        outcome = outcome or rng.choice(("disclosed", "not_exist", "refused", "partial", "other", "still_unclear"))
        more: dict[str, Any] = {}
        if held.purpose == "amend":
            outcome = rng.choice(tuple(life.AMEND))
        elif outcome in ("refused", "partial"):
            more = {"ground": rng.choice(("safety", "third_party", "enforcement")), "separable": outcome == "partial"}
        self.town.decide_draft(held.pk, outcome, self.day, by=rng.choice(("clerk", "handler")), **more)


def check_columns(case: Case) -> None:
    at, steps = standing(case), [reads_step(s) for s in case.steps.all()]
    due = at.due()
    found = naive_due(steps, case.purpose)
    assert (case.due_on, case.provisional) == (found or (None, False))
    assert (due and due.day) == case.due_on
    assert case.state == at.state
    assert (case.submitted_on, case.received_on, case.ended_on) == (at.submitted, at.received, at.ended)
    assert (case.delivered_on, case.outcome, case.ground, case.row) == (at.delivered, at.outcome, at.ground, at.row)
    waiting = sum(c.replied is None for c in at.consultations)
    assert case.consulting == (waiting if at.ended is None else 0)
    assert case.disputed == bool(at.disputes)
    for day in (DAY, case.due_on or DAY, DAY + dt.timedelta(400)):
        assert case.overdue(day) == at.overdue(day), (case, day)
    rows = [(d.kind, d.on, d.ended_on, d.result, d.first) for d in case.disputes.order_by("id")]
    assert rows == [(d.kind, d.on, d.ended, d.result, d.first) for d in at.disputes]


def reads_step(row: Step) -> life.Step:
    from gongkai.cases.actions.common import as_step

    return as_step(row)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [5, 6])
def test_random_people_at_the_desk(town: Town, seed: int) -> None:
    desk = Desk(town, random.Random(seed))
    with written_later():
        for _ in range(800):  # until so many were lawful: which are depends on ids, which databases give differently
            desk.go()
            if desk.done >= 60:
                break
    assert desk.done >= 60
    assert desk.refused > 30
    for case in Case.objects.all():
        check_columns(case)
    assert check_chain() is None
    before = None
    for year in (2026, 2027, 2028, 2029):
        told = reads.annual(year, town.pk("water"))
        assert check_requests(told.requests, before) == []
        assert check_disputes(told.disputes) == []
        for (row, column), pks in told.behind.items():
            table = told.requests if row in told.requests else told.disputes
            assert table[row][column] == len(pks)
        before = told.requests
