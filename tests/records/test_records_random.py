"""Records under any order of verbs by anybody: what must hold holds after every step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gongkai.base.clock import on_day
from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.base.reads import check_chain
from gongkai.orgs.models import Kind, Organisation, Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, life, reads
from gongkai.records.actions.review import digest_of
from gongkai.records.kinds import gates
from gongkai.records.models import GateResult, Record, Standing, State, Version
from tests.records import DAY, found, hold

WAITING = {"review", "referred", "approved", "scheduled"}
REVIEWS = {"first", "second", "third"}
CLOSED = {"audience_basis": "只涉及本小区住户", "review_on": "2027-03-01"}

people: dict[str, Viewer] = {}
civil: list[int] = []
"""Made once by the test, for every run of the machine; what the machine writes is undone after each."""

EVERYBODY = ["clerk", "both", "chief", "head", "secrecy", "office", "leader", "stranger", "nobody"]
KEEPERS = {
    "reviewer": ["chief", "head", "both"],
    "signer": ["head", "leader", "both"],
    "secrecy": ["secrecy", "both", "secrecy"],
    "authority": ["office"] * 3,
}
# Mostly whoever can: else hardly a run comes to its end, and nothing that happens later is tried.
names = st.sampled_from(["clerk"] * 6 + EVERYBODY)
deciding = st.sampled_from([0, 1, 2, 0, 1, 2, 0, 1, 2, *EVERYBODY])
pick = st.integers(0, 1)
urgency = st.sampled_from(["", "", "洪涝灾害"])
stages = st.sampled_from([3, 4, 2, 3, 1, 0])
trying = st.sampled_from([(0, 0, 0), (0, 0, 0, 0), (1, 0, 0), (1, 0, 0, 0), (2, 1, 2)])
audiences = st.sampled_from(["public", "public", "public", "limited", "internal"])


class Machine(RuleBasedStateMachine):
    """Two records of kinds with three gates, which anybody may try to move; more are begun."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.open.enter_context(transaction.atomic())
        self.day = DAY
        self.records: list[int] = []
        self.digests: dict[int, str] = {}
        self.numbers: dict[int, str] = {}
        self.given: set[str] = set()

    def teardown(self) -> None:
        """Undo all of it, once the chain of events was walked."""
        try:
            assert check_chain() is None
        finally:
            transaction.set_rollback(True)
            self.open.close()

    def tried(self, act: Callable[[], Any]) -> Any:
        """One verb: accepted with one event, or refused with none and nothing else written either."""
        events, rows = Event.objects.count(), self.rows()
        made, said = None, ""
        with on_day(self.day):
            try:
                made = act()
            except Refused as refused:
                said = str(refused) or "refused without words"
        if said:
            assert said != "refused without words"
            assert Event.objects.count() == events, "refused, and an event all the same"
            assert self.rows() == rows, "refused, and something written all the same"
        else:
            assert Event.objects.count() == events + 1, "accepted, and not one event"
        return made

    @staticmethod
    def rows() -> list[Any]:
        """What a refusal must leave as it was."""
        held = [*Record.objects.order_by("pk").values_list("pk", "standing", "published", "index_number", "audience")]
        drafts = [*Record.objects.order_by("pk").values_list("pk", "draft__revision", "draft__body")]
        versions = [*Version.objects.order_by("pk").values_list("pk", "state", "publish_at")]
        return [held, drafts, versions, GateResult.objects.count()]

    def at(self, which: int) -> int:
        return self.records[which % len(self.records)]

    def version(self, which: int) -> Version:
        found = Version.objects.filter(record=self.at(which)).order_by("-number").first()
        return found or Version(pk=0)

    some = precondition(lambda self: bool(self.records))

    @initialize(
        whose=st.tuples(st.sampled_from(["clerk", "both"]), st.sampled_from(["clerk", "head"])),
        audience=st.tuples(audiences, audiences),
        urgent=st.tuples(urgency, urgency),
        far=st.tuples(stages, stages),
        keepers=st.tuples(trying, trying),
    )
    def two_begun(
        self,
        whose: tuple[str, str],
        audience: tuple[str, str],
        urgent: tuple[str, str],
        far: tuple[int, int],
        keepers: tuple[tuple[int, ...], tuple[int, ...]],
    ) -> None:
        """Each as far as drawn: begun, before the gates, approved, out, out and taken up again."""
        for which, kind in enumerate(("notice", "news")):
            who = whose[which]
            self.begin(who, kind)
            self.write(who, which, audience[which], "正文。")
            if far[which] == 1:
                self.submit(who, which, urgent[which])
            elif far[which] > 1:
                self.carry(who, which, urgent[which], keepers[which])
            if far[which] > 2:
                self.publish(who, which)
            if far[which] > 3:
                self.revise(who, which)

    @precondition(lambda self: len(self.records) < 2)
    @rule(who=names, kind=st.sampled_from(["notice", "news"]))
    def begin(self, who: str, kind: str) -> None:
        own = {"notice": {"notice_type": "公示"}, "news": {"news_type": "要闻"}}[kind]
        values: dict[str, object] = {"title": f"{kind}一件", "source": "石桥县民政局", "formed": "2026-02-24"}
        values |= {"fields": own, "body": "正文。"}
        made = self.tried(lambda: actions.begin_record(kind, civil[0], values, actor=people[who], on=self.day))
        if made is not None:
            self.records.append(made.pk)

    @some
    @rule(who=names, which=pick, audience=audiences, text=st.sampled_from(["甲。", "乙。", "丙。", ""]))
    def write(self, who: str, which: int, audience: str, text: str) -> None:
        draft = Record.objects.select_related("draft").get(pk=self.at(which))
        revision = draft.draft.revision if hasattr(draft, "draft") else 0
        values: dict[str, object] = {"audience": audience, "body": text}
        if audience != "public":
            values |= CLOSED
        self.tried(
            lambda: actions.write_draft(self.at(which), values, revision=revision, actor=people[who], on=self.day)
        )

    @some
    @rule(who=names, which=pick, urgent=urgency)
    def submit(self, who: str, which: int, urgent: str) -> None:
        self.tried(lambda: actions.submit(self.at(which), actor=people[who], on=self.day, urgent=urgent))

    @some
    @rule(who=deciding, which=pick, conclusion=st.sampled_from(["pass"] * 8 + ["return", "unsure", "?"]))
    def decide(self, who: str | int, which: int, conclusion: str) -> None:
        version = self.version(which)
        gate = life.next_gate(version) if version.pk else None
        asks = gate.asks if gate else ()
        name = who if isinstance(who, str) else KEEPERS[gate.role][who] if gate else "clerk"
        self.tried(
            lambda: actions.decide(
                version.pk or 0, conclusion, actor=people[name], on=self.day, comment="可以公开", checked=asks
            )
        )

    @some
    @rule(who=names, which=pick, urgent=urgency, keepers=trying)
    def carry(self, who: str, which: int, urgent: str, keepers: tuple[int, ...]) -> None:
        """Submitted and through the gates, as far as those who try to pass them may: runs come far."""
        self.submit(who, which, urgent)
        for keeper in keepers:
            self.decide(keeper, which, "pass")

    @some
    @rule(who=names, which=pick)
    def publish(self, who: str, which: int) -> None:
        self.tried(lambda: actions.publish(self.at(which), actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick, days=st.integers(-1, 3))
    def schedule(self, who: str, which: int, days: int) -> None:
        moment = dt.datetime.combine(self.day + dt.timedelta(days=days), dt.time(8, 30))
        self.tried(lambda: actions.schedule(self.at(which), moment, actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick)
    def unschedule(self, who: str, which: int) -> None:
        self.tried(lambda: actions.unschedule(self.at(which), actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick, reason=st.sampled_from(["附件有误", " "]))
    def withdraw(self, who: str, which: int, reason: str) -> None:
        self.tried(lambda: actions.withdraw(self.at(which), reason, actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick)
    def revise(self, who: str, which: int) -> None:
        self.tried(lambda: actions.revise(self.at(which), actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick)
    def recall(self, who: str, which: int) -> None:
        self.tried(lambda: actions.recall(self.version(which).pk or 0, actor=people[who], on=self.day))

    @some
    @rule(who=names, which=pick)
    def drop(self, who: str, which: int) -> None:
        self.tried(lambda: actions.drop_draft(self.at(which), actor=people[who], on=self.day))
        self.records = [pk for pk in self.records if Record.objects.filter(pk=pk).exists()]

    @rule(days=st.integers(0, 2))
    def time_goes_on(self, days: int) -> None:
        """The clock publishes what was set for it: one event for each."""
        self.day += dt.timedelta(days=days)
        events = Event.objects.count()
        with on_day(self.day):
            done = actions.publish_due(on=self.day)
        assert Event.objects.count() == events + done

    @invariant()
    def one_version_waits(self) -> None:
        for pk in self.records:
            states = [*Version.objects.filter(record=pk).values_list("state", flat=True)]
            assert sum(s in WAITING for s in states) <= 1, states
            assert sum(s == State.PUBLISHED for s in states) <= 1, states

    @invariant()
    def what_is_out_has_its_version(self) -> None:
        """Out: the version published. Never out: none. Withdrawn: still the one that was out, itself withdrawn."""
        for record in Record.objects.select_related("published"):
            assert (record.published is not None) == (record.standing != Standing.DRAFT)
            if record.published is not None:
                assert record.published.record_id == record.pk
                assert record.published.state == record.standing
                assert record.audience == record.published.audience and record.title == record.published.title
            out = Version.objects.filter(record=record, state=State.PUBLISHED).count()
            assert out == (1 if record.standing == Standing.PUBLISHED else 0)

    @invariant()
    def versions_never_change(self) -> None:
        for version in Version.objects.all():
            assert version.digest == digest_of(version) == self.digests.setdefault(version.pk, version.digest)
        assert set(self.digests) == set(Version.objects.values_list("pk", flat=True)), "and none goes away"

    @invariant()
    def index_numbers_stay_and_are_given_once(self) -> None:
        held = dict(Record.objects.exclude(index_number=None).values_list("pk", "index_number"))
        assert len(set(held.values())) == len(held)
        for pk, number in held.items():
            assert number is not None
            if pk not in self.numbers:
                assert number not in self.given, "given before"
                self.given.add(number)
            assert self.numbers.setdefault(pk, number) == number
        assert set(self.numbers) == set(held)

    @invariant()
    def the_public_sees_what_was_passed(self) -> None:
        """Every gate that was demanded, by others than who wrote and submitted it; the reviews by different people."""
        for record in reads.visible(None).select_related("published"):
            version = record.published
            assert version is not None and version.audience == "public" and record.standing == "published"
            asked = {"secrecy", "third"} if version.urgent else {"first", "secrecy", "third"}
            results = {r.gate: r for r in version.results.filter(conclusion="pass")}
            assert asked <= set(results) <= set(gates())
            assert not {version.author_id, *version.writers} & {r.person_id for r in results.values()}
            reviewers = [r.person_id for g, r in results.items() if g in REVIEWS]
            assert len(set(reviewers)) == len(reviewers)

    @invariant()
    def the_hidden_stays_hidden(self) -> None:
        stranger = set(reads.visible(people["stranger"]).values_list("pk", flat=True))
        public = set(reads.visible(None).values_list("pk", flat=True))
        assert (
            stranger
            == public
            == {r.pk for r in Record.objects.all() if r.standing == "published" and r.audience == "public"}
        )


@pytest.fixture
def peopled(db: None) -> Iterator[None]:
    root = found("石桥县", Kind.COUNTY, None)
    bureau, health = found("石桥县民政局", Kind.DEPARTMENT, root), found("石桥县卫生健康局", Kind.DEPARTMENT, root)
    every: list[tuple[Organisation, Role]] = [(bureau, r) for r in Role if r != Role.AUTHORITY]
    posts: dict[str, list[tuple[Organisation, Role]]] = {
        "clerk": [(bureau, Role.CLERK)],
        "both": every,
        "chief": [(bureau, Role.REVIEWER)],
        "head": [(bureau, Role.SIGNER), (bureau, Role.REVIEWER)],
        "secrecy": [(root, Role.SECRECY)],
        "office": [(root, Role.AUTHORITY)],
        "leader": [(root, Role.SIGNER)],
        "stranger": [(health, r) for r in Role],
        "nobody": [],
    }
    held = {name: hold(name, f"某{n}", *at) for n, (name, at) in enumerate(posts.items())}
    people.update({n: viewer_of(Person.objects.get(pk=p.pk), DAY) for n, p in held.items()})
    civil[:] = [bureau.pk]
    yield
    people.clear()


@pytest.mark.usefixtures("peopled")
def test_whatever_anybody_does_in_any_order() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a run is short enough to be read; to make it shorter takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
