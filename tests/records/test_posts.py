"""Who may do what with a record, and when: every verb × every post × every state, one table typed by hand.

Posts are those of 石桥县: `clerk`, `reviewer` and `signer` at 民政局, which has the record, `below` a clerk in a section
of it; `legal`, `secrecy` and `authority` at the county, and `leader`, who holds a clerk's post there. The same posts at
卫生健康局 begin with `s-`. `author` wrote the record and holds all posts at once; whoever passed the gates before holds
none of those that are asked. `admin` is the system's administrator, `nobody` has an account and no post.

A line is: verb | who may | in which states. `own` are those who answer for 民政局. Whoever is not there, and whatever
state is not there, is refused in Chinese words, and nothing is written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from gongkai.base.clock import ZONE, on_day
from gongkai.base.issues import Refused
from gongkai.base.models import Event, Message
from gongkai.orgs.models import Kind, Organisation, Person, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, life, models
from gongkai.records.kinds import gates
from gongkai.records.models import CleanUpRow, Draft, ImportRun, Original, Record, SignLink, State, Version
from tests.records import DAY, FOUNDED, found, hold

pytestmark = pytest.mark.django_db
Make = Callable[..., dict[str, object]]

GATES = ["openness", "first", "second", "legal", "secrecy", "third"]
STATES = ["draft", *GATES, "referred", "returned", "recalled", "approved", "scheduled"]
STATES += ["published", "revising", "late", "withdrawn"]
POSTS = ["clerk", "below", "reviewer", "signer", "legal", "secrecy", "authority", "leader", "author"]
STRANGERS = ["s-clerk", "s-below", "s-reviewer", "s-signer", "s-legal", "s-secrecy", "s-authority"]
NO_POST = ["admin", "nobody"]
GROUPS = {
    "own": "clerk below reviewer signer author",
    "writing": "draft returned recalled revising",
    "gates": "openness first second legal secrecy third",
    "out": "published revising late",
    "any": " ".join(STATES),
}
"""Short forms used in the table: `writing` a draft stands open, `out` the public sees a version."""

# 条例第十条 (who makes it publishes it), 保守国家秘密法第三十五条, 国办发〔2018〕115号, 三审三校: see docs/architecture.md.
TABLE = """
begin_record          | own                   | any
write_draft           | own                   | writing
attach                | own                   | writing
describe              | own                   | writing
detach                | own                   | writing
cover                 | own                   | writing
drop_draft            | own                   | writing
revise                | own                   | published late withdrawn
submit                | own                   | writing
recall                | own                   | gates approved
send_link             | own                   | gates referred late
decide pass           | authority             | openness late
decide pass           | reviewer              | first second
decide pass           | legal                 | legal
decide pass           | secrecy               | secrecy referred
decide pass           | signer                | third
decide return         | authority             | openness
decide return         | reviewer              | first second
decide return         | legal                 | legal
decide return         | secrecy               | secrecy referred
decide return         | signer                | third
decide unsure         | secrecy               | secrecy
decide_by_link        | authority             | openness late
decide_by_link        | reviewer              | first second
decide_by_link        | legal                 | legal
decide_by_link        | secrecy               | secrecy referred
decide_by_link        | signer                | third
publish               | own authority         | approved scheduled
schedule              | own authority         | approved
unschedule            | own authority         | scheduled
withdraw              | own authority         | out
decide_validity       | own authority         | out
open_cleanup          | own authority         | out
propose               | own authority         | out
apply_cleanup         | own authority         | out
begin_import          | own authority         | any
run_import            | own authority         | any
reveal                | secrecy author        | any
set_chain             | authority author      | any
set_numbering         | authority author      | any
publish_due           | system                | scheduled
link_of               | reads                 |
"""
"""`late`: published on the urgent path, its first gate still open; it is 公开属性审查, the 主管部门's."""


@dataclass
class Case:
    """One state of one record, and everybody."""

    record: int = 0
    version: int = 0
    file: str = ""
    orgs: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)

    def who(self, name: str) -> Viewer:
        return self.viewers[name]

    @property
    def draft(self) -> Draft | None:
        return Draft.objects.filter(record=self.record).first()

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0


def table() -> dict[str, set[tuple[str, str]]]:
    """Verb → every (post, state) that is allowed."""
    out: dict[str, set[tuple[str, str]]] = {}
    for line in TABLE.strip().splitlines():
        verb, who, when = (part.strip() for part in line.split("|"))
        posts = [p for word in who.split() for p in GROUPS.get(word, word).split()]
        # A gate is a state of its own name; only `gates` is short for all of them.
        states = [s for word in when.split() for s in GROUPS.get(word, word).split()]
        out.setdefault(verb, set()).update((p, s) for p in posts for s in states)
    return out


def test_every_verb_stands_in_the_table() -> None:
    """A verb without a line fails here; and the table names only posts, states and verbs that there are."""
    made = table()
    assert {verb.split()[0] for verb in made} == set(actions.__all__)
    assert set(CALLS) | {"publish_due", "link_of"} == set(made)
    cells = {cell for allowed in made.values() for cell in allowed}
    assert {p for p, _ in cells} <= {*POSTS, "system", "reads"}
    assert {s for _, s in cells} == set(STATES)
    assert set(GATES) == set(gates())


def county() -> Case:
    """Everybody, and the order in which 民政局 has its gates: all that there are."""
    root = found("石桥县", Kind.COUNTY, None)
    civil, health = found("石桥县民政局", Kind.DEPARTMENT, root), found("石桥县卫生健康局", Kind.DEPARTMENT, root)
    relief, clinic = found("社会救助股", Kind.SECTION, civil), found("医政股", Kind.SECTION, health)
    reviewing = (Role.REVIEWER, Role.SIGNER, Role.LEGAL, Role.SECRECY, Role.AUTHORITY)
    posts: dict[str, list[tuple[Organisation, Role]]] = {
        "clerk": [(civil, Role.CLERK)],
        "below": [(relief, Role.CLERK)],
        "reviewer": [(civil, Role.REVIEWER)],
        "signer": [(civil, Role.SIGNER)],
        "legal": [(root, Role.LEGAL)],
        "secrecy": [(root, Role.SECRECY)],
        "authority": [(root, Role.AUTHORITY)],
        "leader": [(root, Role.CLERK)],
        "author": [*((civil, r) for r in (Role.CLERK, *reviewing)), (root, Role.AUTHORITY)],
        "s-clerk": [(health, Role.CLERK)],
        "s-below": [(clinic, Role.CLERK)],
        "s-reviewer": [(health, Role.REVIEWER)],
        "s-signer": [(health, Role.SIGNER)],
        "s-legal": [(health, Role.LEGAL)],
        "s-secrecy": [(health, Role.SECRECY)],
        "s-authority": [(health, Role.AUTHORITY)],
        "admin": [],
        "nobody": [],
    }
    # Who passes the gates on the way to a state is asked nothing afterwards.
    posts |= {f"k-{g}": [(root, Role(gates()[g].role))] for g in GATES}
    people = {name: hold(name.replace("-", "."), f"某{n}", *held) for n, (name, held) in enumerate(posts.items())}
    Person.objects.filter(username="admin").update(administrator=True)
    case = Case(orgs={"county": root.pk, "civil": civil.pk, "health": health.pk, "relief": relief.pk})
    case.people = {name: p.pk for name, p in people.items()}
    case.viewers = {name: viewer_of(Person.objects.get(pk=p.pk), DAY) for name, p in people.items()}
    actions.set_chain(civil.pk, "", GATES, actor=case.who("authority"), on=DAY)
    return case


def passed(case: Case, until: str = "") -> None:
    """Pass the gates, up to the one that is named."""
    while (gate := life.next_gate(Version.objects.get(pk=case.version))) is not None and gate.code != until:
        said = "不涉及国家秘密和工作秘密" if gate.code == "secrecy" else ""
        actions.decide(case.version, "pass", actor=case.who(f"k-{gate.code}"), on=DAY, comment=said, checked=gate.asks)


def arranged(case: Case, state: str, values: dict[str, object]) -> Case:
    """A record of 民政局 in a state."""
    author = case.who("author")
    case.record = actions.begin_record("normative", case.orgs["civil"], values, actor=author, on=DAY).pk
    draft = actions.attach(case.record, b"list", "list.txt", {}, revision=0, actor=author, on=DAY)
    case.file = draft.attachments[0]["digest"]
    Original.objects.create(record_id=case.record, at=dt.datetime(2026, 3, 2, tzinfo=ZONE), content={"body": "某"})
    if state == "draft":
        return case
    urgent = "洪涝灾害，当日须公布" if state == "late" else ""
    case.version = actions.submit(case.record, actor=author, on=DAY, urgent=urgent).pk
    if state in GATES:
        passed(case, state)
        return case
    if state == "referred":
        passed(case, "secrecy")
        actions.decide(case.version, "unsure", actor=case.who("k-secrecy"), on=DAY, comment="送县保密局确定")
        return case
    if state == "returned":
        actions.decide(case.version, "return", actor=case.who("k-openness"), on=DAY, comment="第二条写清楚")
        return case
    if state == "recalled":
        actions.recall(case.version, actor=author, on=DAY)
        return case
    if urgent:
        for gate in ("secrecy", "third"):
            passed_by = case.who(f"k-{gate}")
            asks = gates()[gate].asks
            actions.decide(case.version, "pass", actor=passed_by, on=DAY, comment="不涉及国家秘密", checked=asks)
    else:
        passed(case)
    if state == "scheduled":
        actions.schedule(case.record, dt.datetime(2026, 3, 4, 8, 30), actor=author, on=DAY)
    elif state != "approved":
        actions.publish(case.record, actor=author, on=DAY)
    if state == "revising":
        actions.revise(case.record, actor=author, on=DAY)
    if state == "withdrawn":
        actions.withdraw(case.record, "附件有误", actor=author, on=DAY)
    return case


def _decide(conclusion: str) -> Callable[[Case, Viewer], Any]:
    def act(case: Case, actor: Viewer) -> Any:
        version = Version.objects.filter(pk=case.version).first()
        gate = life.next_gate(version) if version else None
        asks = gate.asks if gate else ()
        return actions.decide(case.version, conclusion, actor=actor, on=DAY, comment="可以公开", checked=asks)

    return act


def _by_link(case: Case, actor: Viewer) -> Any:
    return actions.decide_by_link("t", "pass", on=DAY, comment="同意")


def _link(case: Case, actor: Viewer) -> None:
    """A link for the person asked, however it may have come into their hands."""
    version = Version.objects.filter(pk=case.version).first()
    if version is not None:
        gate = life.next_gate(version)
        SignLink.objects.create(
            version=version,
            gate=gate.code if gate else "first",
            person_id=actor.person_id,
            digest=hashlib.sha256(b"t").hexdigest(),
            expires_at=dt.datetime(2026, 3, 5, tzinfo=ZONE),
        )


def _send(case: Case, actor: Viewer) -> Any:
    version = Version.objects.filter(pk=case.version).first()
    gate = life.next_gate(version) if version else None
    keeper = case.people[f"k-{gate.code if gate else 'first'}"]
    return actions.send_link(case.version, keeper, actor=actor, on=DAY)


def _private(case: Case, actor: Viewer) -> None:
    """Somebody's number stands in the draft."""
    Draft.objects.filter(record=case.record).update(body="<p>手机13812345678。</p>")


def _round(case: Case, actor: Viewer) -> None:
    """A round over what 民政局 has out, with one thing said in it."""
    held = models.CleanUp.objects.create(owner_id=case.orgs["civil"], title="清理", opened_on=DAY)
    for record in Record.objects.filter(pk=case.record, standing="published"):
        CleanUpRow.objects.create(cleanup=held, record=record, drafter_id=record.owner_id, how="keep")


def _say(case: Case, actor: Viewer) -> Any:
    row = CleanUpRow.objects.filter(record=case.record).values_list("pk", flat=True).first()
    return actions.propose(row or 0, "keep", actor=actor, on=DAY)


def _apply(case: Case, actor: Viewer) -> Any:
    held = models.CleanUp.objects.filter(rows__record=case.record).values_list("pk", flat=True).first()
    return actions.apply_cleanup(held or 0, actor=actor, on=DAY)


OLD = "标题,文号,成文日期,正文\n旧办法,石民规〔2019〕3号,2019-05-06,第一条\n".encode()


def _run(case: Case, actor: Viewer) -> None:
    begun = actions.begin_import(OLD, "旧.csv", case.orgs["civil"], actor=case.who("author"), on=DAY)
    ImportRun.objects.filter(pk=begun.pk).update(person=actor.person_id)


def _go_on(case: Case, actor: Viewer) -> Any:
    return actions.run_import(ImportRun.objects.get().pk, actor=actor, on=DAY)


Call = Callable[[Case, Viewer], Any]
CALLS: dict[str, tuple[Call | None, Call]] = {
    "begin_record": (
        None,
        lambda c, a: actions.begin_record("notice", c.orgs["civil"], {"title": "新"}, actor=a, on=DAY),
    ),
    "write_draft": (
        None,
        lambda c, a: actions.write_draft(c.record, {"summary": "改"}, revision=c.revision, actor=a, on=DAY),
    ),
    "attach": (
        None,
        lambda c, a: actions.attach(c.record, b"more", "more.txt", {}, revision=c.revision, actor=a, on=DAY),
    ),
    "describe": (
        None,
        lambda c, a: actions.describe(c.record, c.file, {"alt": "名单"}, revision=c.revision, actor=a, on=DAY),
    ),
    "detach": (None, lambda c, a: actions.detach(c.record, c.file, revision=c.revision, actor=a, on=DAY)),
    "cover": (_private, lambda c, a: actions.cover(c.record, revision=c.revision, actor=a, on=DAY)),
    "drop_draft": (None, lambda c, a: actions.drop_draft(c.record, actor=a, on=DAY)),
    "revise": (None, lambda c, a: actions.revise(c.record, actor=a, on=DAY)),
    "submit": (None, lambda c, a: actions.submit(c.record, actor=a, on=DAY)),
    "recall": (None, lambda c, a: actions.recall(c.version, actor=a, on=DAY)),
    "send_link": (None, _send),
    "decide pass": (None, _decide("pass")),
    "decide return": (None, _decide("return")),
    "decide unsure": (None, _decide("unsure")),
    "decide_by_link": (_link, _by_link),
    "publish": (None, lambda c, a: actions.publish(c.record, actor=a, on=DAY)),
    "schedule": (None, lambda c, a: actions.schedule(c.record, dt.datetime(2026, 3, 5, 9, 0), actor=a, on=DAY)),
    "unschedule": (None, lambda c, a: actions.unschedule(c.record, actor=a, on=DAY)),
    "withdraw": (None, lambda c, a: actions.withdraw(c.record, "附件有误", actor=a, on=DAY)),
    "decide_validity": (
        None,
        lambda c, a: actions.decide_validity(c.record, "repeal", reason="不再适用", actor=a, on=DAY),
    ),
    "open_cleanup": (None, lambda c, a: actions.open_cleanup(c.orgs["civil"], "清理", actor=a, on=DAY)),
    "propose": (_round, _say),
    "apply_cleanup": (_round, _apply),
    "begin_import": (None, lambda c, a: actions.begin_import(OLD, "旧.csv", c.orgs["civil"], actor=a, on=DAY)),
    "run_import": (_run, _go_on),
    "reveal": (None, lambda c, a: actions.reveal(Original.objects.get().pk, "核对遮盖", actor=a, on=DAY)),
    "set_chain": (None, lambda c, a: actions.set_chain(c.orgs["civil"], "", ["secrecy", "third"], actor=a, on=DAY)),
    "set_numbering": (
        None,
        lambda c, a: actions.set_numbering(c.orgs["civil"], "007280420", "{code}/{year}-{serial:05d}", actor=a, on=DAY),
    ),
}
"""Verb → what must be there before, and the call. The moment that the test plays is the same for all of them."""

ROWS: list[Any] = [*apps.get_app_config("records").get_models(), Message]


def snapshot() -> tuple[Any, ...]:
    """All that a verb on records can write."""
    rows = [list(m._default_manager.order_by("pk").values()) for m in ROWS]
    return (Event.objects.count(), *rows)


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def tried(case: Case, verb: str, actor: Viewer, base: tuple[Any, ...] | None = None) -> str:
    """What is wrong with how a verb answered, or nothing; "yes" and "no" are what it answered.

    `base` is the snapshot of the state, if it was taken already. Nothing need be compared where no statement wrote.
    """
    prepare, call = CALLS[verb]
    if prepare is not None:
        prepare(case, actor)
    before = snapshot() if base is None or prepare is not None else base
    wrote: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            wrote.append(sql)
        return execute(sql, *rest)

    try:
        with connection.execute_wrapper(watch):
            call(case, actor)
    except Refused as refused:
        if not refused.issues or not all(CHINESE.search(i.say) for i in refused.issues):
            return f"refused without words: {refused.issues}"
        return "no" if not wrote or snapshot() == before else "refused, and yet something was written"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "yes" if Event.objects.count() > before[0] else "done without an event"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(DAY):
        yield


@pytest.mark.parametrize("state", STATES)
def test_who_may_when(state: str, normative: Make) -> None:
    case = arranged(county(), state, normative())
    allowed, base = table(), snapshot()
    wrong = []
    for verb in CALLS:
        for post in (*POSTS, *STRANGERS, *NO_POST):
            with transaction.atomic():
                said = tried(case, verb, case.who(post), base)
                transaction.set_rollback(True)
            wanted = "yes" if (post, state) in allowed[verb] else "no"
            if said != wanted:
                wrong.append(f"{verb} by {post} when {state}: {said}, not {wanted}")
    assert not wrong


@pytest.mark.parametrize("state", STATES)
def test_a_moment_that_has_come_publishes_only_what_was_set_for_it(state: str, normative: Make) -> None:
    case = arranged(county(), state, normative())
    before = snapshot()
    assert actions.publish_due(on=DAY) == 0 and snapshot() == before, "the moment has not come"
    later = DAY + dt.timedelta(days=3)
    with on_day(later):
        done = actions.publish_due(on=later)
    assert done == (1 if ("system", state) in table()["publish_due"] else 0)
    assert Event.objects.count() == before[0] + done
    if done:
        assert Event.objects.order_by("-seq").values_list("verb", "name")[0] == ("publish", "系统")
        assert Version.objects.get(pk=case.version).state == State.PUBLISHED
    else:
        assert snapshot() == before


@pytest.mark.parametrize("state", STATES)
def test_asking_for_a_link_writes_nothing(state: str, normative: Make) -> None:
    case = arranged(county(), state, normative())
    _link(case, case.who("reviewer"))
    before = snapshot()
    open_gate = {*GATES, "referred", "late"}
    assert (actions.link_of("t") is not None) == (state in open_gate)
    assert actions.link_of("other") is None and snapshot() == before


GONE = 987654
MISSING: dict[str, Call] = {
    "begin_record": lambda c, a: actions.begin_record("notice", GONE, {"title": "新"}, actor=a, on=DAY),
    "begin_record of no kind": lambda c, a: actions.begin_record("nothing", c.orgs["civil"], {}, actor=a, on=DAY),
    "begin_record with a link to nothing": lambda c, a: actions.begin_record(
        "interpretation", c.orgs["civil"], {"title": "解读", "fields": {"documents": [GONE]}}, actor=a, on=DAY
    ),
    "write_draft": lambda c, a: actions.write_draft(GONE, {}, revision=0, actor=a, on=DAY),
    "attach": lambda c, a: actions.attach(GONE, b"x", "x.txt", {}, revision=0, actor=a, on=DAY),
    "describe": lambda c, a: actions.describe(c.record, "0" * 64, {}, revision=c.revision, actor=a, on=DAY),
    "detach": lambda c, a: actions.detach(c.record, "0" * 64, revision=c.revision, actor=a, on=DAY),
    "cover": lambda c, a: actions.cover(GONE, revision=0, actor=a, on=DAY),
    "drop_draft": lambda c, a: actions.drop_draft(GONE, actor=a, on=DAY),
    "revise": lambda c, a: actions.revise(GONE, actor=a, on=DAY),
    "submit": lambda c, a: actions.submit(GONE, actor=a, on=DAY),
    "recall": lambda c, a: actions.recall(GONE, actor=a, on=DAY),
    "decide": lambda c, a: actions.decide(GONE, "pass", actor=a, on=DAY),
    "send_link of no version": lambda c, a: actions.send_link(GONE, a.person_id, actor=a, on=DAY),
    "send_link to nobody": lambda c, a: actions.send_link(c.version, GONE, actor=a, on=DAY),
    "decide_by_link": lambda c, a: actions.decide_by_link("none", "pass", on=DAY),
    "publish": lambda c, a: actions.publish(GONE, actor=a, on=DAY),
    "schedule": lambda c, a: actions.schedule(GONE, dt.datetime(2026, 3, 5), actor=a, on=DAY),
    "unschedule": lambda c, a: actions.unschedule(GONE, actor=a, on=DAY),
    "withdraw": lambda c, a: actions.withdraw(GONE, "误", actor=a, on=DAY),
    "decide_validity": lambda c, a: actions.decide_validity(GONE, "keep", actor=a, on=DAY),
    "open_cleanup": lambda c, a: actions.open_cleanup(GONE, "清理", actor=a, on=DAY),
    "propose": lambda c, a: actions.propose(GONE, "keep", actor=a, on=DAY),
    "apply_cleanup": lambda c, a: actions.apply_cleanup(GONE, actor=a, on=DAY),
    "begin_import": lambda c, a: actions.begin_import(OLD, "旧.csv", GONE, actor=a, on=DAY),
    "run_import": lambda c, a: actions.run_import(GONE, actor=a, on=DAY),
    "reveal": lambda c, a: actions.reveal(GONE, "核对", actor=a, on=DAY),
    "set_chain": lambda c, a: actions.set_chain(GONE, "", ["secrecy", "third"], actor=a, on=DAY),
    "set_numbering": lambda c, a: actions.set_numbering(GONE, "007280420", "", actor=a, on=DAY),
}


@pytest.mark.parametrize("what", MISSING)
def test_what_is_not_there_is_refused_in_words(what: str, normative: Make) -> None:
    """A number from an old page or a mistyped command: 404 or a sentence, never a fault of the program."""
    state = "draft" if what in ("describe", "detach") else "first"
    case = arranged(county(), state, normative())
    before = snapshot()
    with pytest.raises(Refused) as refused:
        MISSING[what](case, case.who("author"))
    assert all(CHINESE.search(i.say) for i in refused.value.issues) and snapshot() == before


@pytest.mark.parametrize("by", ["nothing", "itself"])
def test_what_a_clean_up_row_names_must_be_there(by: str, normative: Make) -> None:
    """`decide_validity` refuses a document that is not there or is the document itself; a row of a round does too."""
    case = arranged(county(), "published", normative())
    _round(case, case.who("clerk"))
    row, named = CleanUpRow.objects.get().pk, GONE if by == "nothing" else case.record
    with transaction.atomic():
        with pytest.raises(Refused):
            actions.propose(row, "repeal", by=named, actor=case.who("clerk"), on=DAY)
        transaction.set_rollback(True)


def test_a_document_withdrawn_during_a_round_does_not_hold_it_up(normative: Make) -> None:
    """What is no longer out needs no decision: the round goes on without it and can be closed."""
    case = arranged(county(), "published", normative())
    clerk = case.who("clerk")
    held = actions.open_cleanup(case.orgs["civil"], "清理", actor=clerk, on=DAY)
    actions.propose(CleanUpRow.objects.get().pk, "keep", actor=clerk, on=DAY)
    actions.withdraw(case.record, "附件有误", actor=clerk, on=DAY)
    actions.apply_cleanup(held.pk, actor=clerk, on=DAY, close=True)
    assert models.CleanUp.objects.get().closed_on == DAY


def test_who_wrote_the_draft_does_not_review_it(normative: Make) -> None:
    """拟稿 is writing, not pressing the button: who wrote the text is not its reviewer when a colleague submits it."""
    case = county()
    writer = case.who("reviewer")
    case.record = actions.begin_record("normative", case.orgs["civil"], normative(), actor=writer, on=DAY).pk
    case.version = actions.submit(case.record, actor=case.who("clerk"), on=DAY).pk
    passed(case, "first")
    with pytest.raises(Refused, match="四眼原则"):
        actions.decide(case.version, "pass", actor=writer, on=DAY, checked=gates()["first"].asks)


def test_a_post_that_has_ended_decides_nothing(normative: Make) -> None:
    case = arranged(county(), "first", normative())
    Post.objects.filter(person=case.people["reviewer"]).update(until=DAY - dt.timedelta(days=1))
    left = viewer_of(Person.objects.get(pk=case.people["reviewer"]), DAY)
    assert tried(case, "decide pass", left) == "no"
    assert FOUNDED < DAY
