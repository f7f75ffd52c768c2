"""Who may do what with a case, and when: every verb × every post × every state, one table typed by hand.

Posts are those of 水利局 of 临溪县: `clerk` of its office for openness, `bureau` of the whole bureau, `handler` of the section
to which the case was given, `section` of another one, `head` who heads the office, `legal`, `signer`; `counter` at the
county's hall, `authority` the county's 主管部门, `leader` a clerk of the county, `other` clerk and signer of another body,
`admin` the system's administrator, `nobody` has an account and no post, as every citizen.

A line is: verb | who may | in which states. Whoever is not there is refused the right; whatever state is not there, the
step. Articles: 条例第四条 (office), 第二十九条 to 第三十八条 (steps), 第三十三条第二款 (extension), 第四十一条, 第四十五条.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.cases import actions, letters, reads
from gongkai.cases.actions.common import HANDLED, office_thing, thing_of
from gongkai.cases.life import VERBS, State
from gongkai.cases.models import Attachment, Case, Dispute, Step
from gongkai.orgs.models import Kind, Place, Role, Succession
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import RIGHTS, Viewer, may
from tests.cases import DAY, NATURAL, Town, found, hold

pytestmark = pytest.mark.django_db

PEOPLE = (
    "clerk", "bureau", "handler", "section", "head", "legal", "signer", "counter", "authority", "leader", "other",
    "admin", "nobody",
)  # fmt: skip
GROUPS = {
    "office": "clerk bureau",
    "drafters": "clerk bureau handler",
    "leads": "head signer",
    "any": "submitted open correction fee lapsed decided closed archived moved",
    "begun": "open correction fee lapsed decided closed archived",
    "told": "open lapsed decided closed archived",
    "answerable": "open correction fee lapsed",
}
"""Short forms: `begun` is received and not moved, `told` has an answer or is late, `answerable` may be decided."""

TABLE = """
receive             | office counter   | any
confirm             | office           | submitted
ask_correction      | office           | open
correction_received | office           | correction
correction_lapsed   | office           | correction
ask_third_party     | office           | open
third_party_replied | office           | open correction fee
ask_co_producer     | office           | open
co_producer_replied | office           | open correction fee
ask_reasons         | office           | open
reasons_given       | office           | open
set_date            | leads            | open
consultation_served | office           | open correction fee
ask_extension       | office           | open
approve_extension   | leads            | open
decline_extension   | leads            | open
notify_extension    | office           | open
fee_notice          | office           | open
fee_paid            | office           | fee
fee_lapsed          | office           | fee
decide              | signer           | answerable
deliver             | office           | lapsed decided
withdraw            | office           | submitted open correction fee
transfer            | office           | submitted
join                | office           | submitted open
split               | office           | open
complain            | office           | submitted begun
complaint_ended     | office           | submitted begun
reconsider          | office           | told
reconsidered        | office           | told
sue                 | office           | told
judged              | office           | told
archive             | office           | lapsed closed
assign              | office           | submitted open correction fee decided
correct_entry       | office           | submitted open correction fee decided
ask_assist          | office           | open
recall              | drafters         | answerable
draft               | drafters         | answerable
check               | legal            | answerable
return              | legal            | answerable
drop                | drafters         | answerable
reveal              | drafters signer  | any
show_code           | office           | any
attach              | drafters         | any
supply              | drafters         | submitted open correction fee
take_out            | drafters         | submitted open correction fee
dispute_answered    | office           | told
erase               | office           | archived moved
set_template        | office authority | any
retire_template     | office authority | any
change_setup        | office authority | any
"""

LATE = dt.date(2026, 8, 3)
"""A Monday long after every period of a case of 2 March."""
AFTER = dt.date(2037, 3, 2)
"""More than the ten years of keeping later."""
ON = dict.fromkeys(("correction_lapsed", "fee_lapsed", "reconsider", "reconsidered", "sue", "judged"), LATE)
ON |= {"dispute_answered": LATE}
ON |= {"erase": AFTER}
REPLY = dt.date(2026, 3, 16)
OUTCOME = {"correction": "lapsed_correction", "fee": "lapsed_fee", "lapsed": "lapsed_correction"}
"""The only outcome in a state that waits; a case that lapsed here had not been corrected."""


def _words(text: str) -> frozenset[str]:
    return frozenset(w for word in text.split() for w in GROUPS.get(word, word).split())


ALLOWED: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
for _line in TABLE.strip().splitlines():
    _verb, _who, _states = (cell.strip() for cell in _line.split("|"))
    ALLOWED[_verb] = (_words(_who), _words(_states))


def bring(town: Town, state: str) -> Case:
    """A case of 水利局 that the river section handles, brought to a state by the steps that lead there."""
    case = town.receive("internet" if state in ("submitted", "moved") else "in_person")
    act: dict[str, Any] = {"actor": town.who("clerk"), "on": DAY}
    actions.assign(case.pk, town.pk("river"), **act)
    source = actions.attach(case.pk, "source", "原件.txt", b"text", **act)
    assert source.pk
    if state in ("correction", "fee", "lapsed"):
        actions.ask_third_party(case.pk, "某公司", "许可", **act)
        actions.ask_co_producer(case.pk, "某局", "许可", **act)
    if state in ("correction", "lapsed"):
        actions.ask_correction(case.pk, ["文号"], REPLY, **act)
    if state == "lapsed":
        actions.correction_lapsed(case.pk, actor=act["actor"], on=REPLY + dt.timedelta(1))
    if state == "fee":
        actions.fee_notice(case.pk, "pages", 700, **act)
    if state in ("decided", "closed", "archived"):
        town.decide(case.pk, "not_exist")
    if state in ("closed", "archived"):
        actions.deliver(case.pk, "in_person", **act)
    if state == "archived":
        actions.archive(case.pk, **act)
    if state == "moved":
        actions.transfer(case.pk, town.pk("school"), why="由教育局负责", **act)
    case = Case.objects.get(pk=case.pk)
    assert case.state == state
    return case


def prepare(town: Town, case: Case, verb: str, on: dt.date) -> None:
    """What must have happened before a verb has something to do, where the state lets it happen."""
    act: dict[str, Any] = {"actor": town.who("clerk", on), "on": on}
    fresh = case.state == "open"
    if verb == "third_party_replied" and fresh:
        actions.ask_third_party(case.pk, "某公司", "许可", **act)
    if verb == "co_producer_replied" and fresh:
        actions.ask_co_producer(case.pk, "某局", "许可", **act)
    if verb == "consultation_served" and fresh:
        actions.ask_third_party(case.pk, "某公司", "许可", **act)
    if verb == "decline_extension" and fresh:
        actions.ask_extension(case.pk, 5, "情况复杂", **act)
    if verb == "notify_extension" and fresh:
        actions.approve_extension(case.pk, 5, "情况复杂", actor=town.who("head", on), on=on)
    if verb in ("reasons_given", "set_date") and fresh:
        actions.ask_reasons(case.pk, "一月五十件", REPLY, **act)
    if verb == "set_date" and fresh:
        actions.reasons_given(case.pk, "研究需要", **act)
    begun = {"complaint_ended": actions.complain, "reconsidered": actions.reconsider, "judged": actions.sue}
    if verb in begun and case.state in ALLOWED[verb][1]:
        begun[verb](case.pk, **act, **({"accepted": True} if verb != "complaint_ended" else {}))
    if verb == "dispute_answered" and case.state in ALLOWED[verb][1]:
        actions.reconsider(case.pk, accepted=True, copy_received=on, **act)
    if verb in ("check", "return", "decide", "drop", "recall") and case.state in ALLOWED["draft"][1]:
        draft(town, case, town.who("clerk", on), on, submit=verb != "drop")
    if verb == "decide" and case.state in ALLOWED["draft"][1]:
        actions.check_answer(case.pk, actor=town.who("legal", on), on=on)


def draft(town: Town, case: Case, actor: Any, on: dt.date, *, submit: bool = True) -> Any:
    texts = dict.fromkeys(("reason", "search", "asked_then", "noticed_then"), "按规定办理")
    return actions.draft_answer(
        case.pk, OUTCOME.get(case.state, "not_exist"), texts, actor=actor, on=on, submit=submit
    )  # fmt: skip


def do(town: Town, case: Case, verb: str, actor: Any, on: dt.date) -> Any:
    """A verb with everything that it asks for."""
    act: dict[str, Any] = {"actor": actor, "on": on}
    values = {**NATURAL, "applicant_kind": "natural", "asked": "河道采砂许可", "form": "纸质", "way": "自行领取"}
    water = town.pk("water")
    calls: dict[str, Callable[[], Any]] = {
        "receive": lambda: actions.receive(water, values, "in_person", **act),
        "ask_correction": lambda: actions.ask_correction(case.pk, ["文号"], REPLY, **act),
        "ask_third_party": lambda: actions.ask_third_party(case.pk, "某公司", "许可", **act),
        "ask_co_producer": lambda: actions.ask_co_producer(case.pk, "某局", "许可", **act),
        "third_party_replied": lambda: actions.third_party_replied(case.pk, True, **act),
        "ask_reasons": lambda: actions.ask_reasons(case.pk, "一月五十件", REPLY, **act),
        "reasons_given": lambda: actions.reasons_given(case.pk, "研究需要", **act),
        "set_date": lambda: actions.set_date(case.pk, LATE, "数量多", **act),
        "consultation_served": lambda: actions.consultation_served(case.pk, 0, on, **act),
        "ask_extension": lambda: actions.ask_extension(case.pk, 20, "情况复杂", **act),
        "decline_extension": lambda: actions.decline_extension(case.pk, "可以按期答复", **act),
        "approve_extension": lambda: actions.approve_extension(case.pk, 20, "情况复杂", **act),
        "fee_notice": lambda: actions.fee_notice(case.pk, "pages", 700, **act),
        "decide": lambda: actions.sign_answer(case.pk, **act),
        "deliver": lambda: actions.deliver(case.pk, "mail_signed", **act),
        "transfer": lambda: actions.transfer(case.pk, town.pk("school"), why="由教育局负责", **act),
        "join": lambda: actions.join(case.pk, Case.objects.filter(title="另一件").get().pk, **act),
        "split": lambda: actions.split(case.pk, ["甲", "乙"], **act),
        "sue": lambda: actions.sue(case.pk, accepted=True, **act),
        "reconsider": lambda: actions.reconsider(case.pk, accepted=True, **act),
        "reconsidered": lambda: actions.reconsidered(case.pk, "upheld", **act),
        "judged": lambda: actions.judged(case.pk, "corrected", **act),
        "assign": lambda: actions.assign(case.pk, town.pk("money"), **act),
        "draft": lambda: draft(town, case, actor, on),
        "correct_entry": lambda: actions.correct_entry(case.pk, {"phone": "13900002222"}, "登记时打错", **act),
        "ask_assist": lambda: actions.ask_assist(case.pk, "住建局", "许可", ["查一查"], LATE, **act),
        "recall": lambda: actions.recall_answer(case.pk, **act),
        "check": lambda: actions.check_answer(case.pk, **act),
        "return": lambda: actions.return_answer(case.pk, "请改", **act),
        "drop": lambda: actions.drop_answer(case.pk, **act),
        "reveal": lambda: actions.reveal(case.pk, "核对收件地址", **act),
        "show_code": lambda: actions.show_code(case.pk, "持身份证补打", **act),
        "attach": lambda: actions.attach(case.pk, "proof", "回执.txt", b"proof", **act),
        "supply": lambda: actions.supply(case.pk, Attachment.objects.filter(case=case)[0].pk, [], **act),
        "take_out": lambda: actions.take_out(case.pk, Attachment.objects.filter(case=case)[0].pk, "传错了", **act),
        "dispute_answered": lambda: actions.dispute_answered(
            case.pk, next((d.pk for d in Dispute.objects.filter(case=case)), 0), **act
        ),
        "set_template": lambda: actions.set_template(water, "receipt", letters.template("receipt"), **act),
        "retire_template": lambda: actions.retire_template(water, "receipt", **act),
        "change_setup": lambda: actions.change_setup(water, {"phone": "0599-5550100"}, **act),
    }
    plain = calls.get(verb)
    return plain() if plain else getattr(actions, verb)(case.pk, **act)


class Back(Exception):
    """Takes back what was tried."""


def counts() -> tuple[int, ...]:
    return Event.objects.count(), Step.objects.count(), Case.objects.count()


_viewers: dict[tuple[int, str, dt.date], Viewer] = {}


def viewer(town: Town, who: str, on: dt.date) -> Viewer:
    """Nobody's posts change here: asked for once for each town."""
    key = (id(town), who, on)
    if key not in _viewers:
        _viewers[key] = town.who(who, on)
    return _viewers[key]


def attempt(town: Town, case: Case, verb: str, who: str, wanted: str) -> str:
    """`done`, `right` where the post is refused it, `state` where the step is; nothing stays of it."""
    on = ON.get(verb, DAY)
    if case.state == "lapsed":
        on = max(on, REPLY + dt.timedelta(1))
    if case.state in ("correction", "fee") and verb in ("draft", "check", "return", "decide", "drop", "recall"):
        on = LATE
    said = "done"
    try:
        with transaction.atomic():
            case = Case.objects.get(pk=case.pk)
            if wanted != "right":
                prepare(town, case, verb, on)
            before = counts() if wanted != "right" else None
            try:
                do(town, case, verb, viewer(town, who, on), on)
            except Refused as error:
                said = "right" if error.issues[0].rule in RIGHTS else "state"
            assert said == "done" or before is None or before == counts()
            raise Back
    except Back:
        return said


def test_the_table_knows_every_verb_and_every_state() -> None:
    more = {
        "assign",
        "recall",
        "draft",
        "check",
        "return",
        "drop",
        "reveal",
        "attach",
        "supply",
        "erase",
        "set_template",
    }
    assert set(ALLOWED) == set(VERBS) | more | {
        "retire_template",
        "change_setup",
        "take_out",
        "show_code",
        "dispute_answered",
    }
    assert _words("any") == {s.value for s in State}
    assert frozenset().union(*(who for who, _ in ALLOWED.values())) <= set(PEOPLE)


@pytest.mark.parametrize("state", [s.value for s in State])
def test_every_verb_by_every_post(town: Town, state: str) -> None:
    case = bring(town, state)
    town.receive(title="另一件")
    _viewers.clear()
    wrong = []
    for verb, (may_do, states) in ALLOWED.items():
        for who in PEOPLE:
            wanted = "right" if who not in may_do else "done" if state in states else "state"
            got = attempt(town, case, verb, who, wanted)
            if verb == "return" and wanted == "right" and got == "state":
                continue  # whose it is to return depends on where the answer lies; without one nobody can
            if got != wanted:
                wrong.append((verb, who, wanted, got))
    assert not wrong


def test_who_signs_may_return_what_waits_for_signature(town: Town) -> None:
    case = bring(town, "open")
    draft(town, case, town.who("handler"), DAY)
    actions.check_answer(case.pk, actor=town.who("legal"), on=DAY)
    for who in set(PEOPLE) - {"signer"}:
        with pytest.raises(Refused):
            actions.return_answer(case.pk, "请改", actor=town.who(who), on=DAY)
    assert actions.return_answer(case.pk, "请改", actor=town.who("signer"), on=DAY).stage == "draft"


def test_nobody_keeps_two_of_the_three_posts_over_one_answer(town: Town) -> None:
    all_of = hold("all", "一人多岗", *((town.orgs["water"], r) for r in (Role.CLERK, Role.LEGAL, Role.SIGNER)))
    town.people["all"] = all_of
    case = bring(town, "open")
    draft(town, case, town.who("all"), DAY)
    with pytest.raises(Refused, match="另一位同事"):
        actions.check_answer(case.pk, actor=town.who("all"), on=DAY)
    actions.check_answer(case.pk, actor=town.who("legal"), on=DAY)
    with pytest.raises(Refused, match="另一位同事"):
        actions.sign_answer(case.pk, actor=town.who("all"), on=DAY)
    actions.return_answer(case.pk, "请改", actor=town.who("signer"), on=DAY)
    draft(town, case, town.who("clerk"), DAY)
    actions.check_answer(case.pk, actor=town.who("all"), on=DAY)
    with pytest.raises(Refused, match="不能再签发"):
        actions.sign_answer(case.pk, actor=town.who("all"), on=DAY)


READERS = {
    # Which cases each post reads: of 水利局 with its office (w), given to the river section (r), of 教育局 (s), of the
    # street (t), of the township (p), of the county itself (c), of the tax office (x). Typed from 第四条 and the roles.
    "clerk": "w r", "bureau": "w r", "handler": "r", "section": "", "head": "w r", "legal": "w r", "signer": "w r",
    "counter": "", "authority": "w r s t p c x", "leader": "c", "other": "s", "admin": "", "nobody": "",
    "street-clerk": "t", "street-head": "t", "street-legal": "t", "street-signer": "t", "street-counter": "",
    "street-authority": "t", "township-clerk": "p", "tax-clerk": "x",
}  # fmt: skip


def test_visible_is_the_right_to_read(town: Town) -> None:
    # A citizen sends these: nobody has to hold a post for them.
    values = {**NATURAL, "applicant_kind": "natural", "asked": "河道采砂许可", "form": "纸质", "way": "自行领取"}
    bodies = {
        "w": "water", "r": "water", "s": "school", "t": "street", "p": "township", "c": "county", "x": "tax",
    }  # fmt: skip
    cases = {mark: actions.submit(town.pk(body), values, on=DAY) for mark, body in bodies.items()}
    actions.assign(cases["r"].pk, town.pk("river"), actor=town.who("clerk"), on=DAY)
    cases["r"].refresh_from_db()
    assert set(READERS) == set(town.people)
    for who, marks in READERS.items():
        viewer = town.who(who)
        seen = set(reads.visible(viewer).values_list("pk", flat=True))
        assert seen == {cases[m].pk for m in marks.split()}, who
        for case in cases.values():
            assert may(viewer, "case.read", thing_of(case, viewer)) == (case.pk in seen), (who, case)
            assert (reads.one(viewer, case.pk) is not None) == (case.pk in seen)


def test_cases_of_a_body_that_went_into_another_go_with_it(town: Town) -> None:
    old = found("临溪县河务局", Kind.DEPARTMENT, town.orgs["county"])
    clerk = hold("old-clerk", "旧经办", (old, Role.CLERK))
    values = {**NATURAL, "applicant_kind": "natural", "asked": "河道采砂许可", "form": "纸质", "way": "自行领取"}
    case = actions.submit(old.pk, values, on=DAY)
    ended = dt.date(2026, 6, 1)
    Place.objects.filter(organisation=old).update(until=ended)
    Succession.objects.create(old=old, new=town.orgs["water"], on=ended)
    town.people["old"] = clerk
    town.changed()
    for who in town.people:
        viewer = viewer_of(town.people[who], LATE)
        seen = case.pk in reads.visible(viewer).values_list("pk", flat=True)
        assert may(viewer, "case.read", thing_of(case, viewer)) == seen, who
    assert reads.one(town.who("bureau", LATE), case.pk) is not None
    assert reads.one(town.who("other", LATE), case.pk) is None


HOLDERS = "clerk handler section head legal signer counter authority leader other nobody admin"
CASE_RIGHTS = """
case.read     x x . x x x . x . . . .
case.receive  x . . . . . x . . . . .
case.run      x . . . . . . . . . . .
case.draft    x x . . . . . . . . . .
case.extend   . . . x . x . . . . . .
case.check    . . . . x . . . . . . .
case.sign     . . . . . x . . . . . .
case.reveal   x x . . . x . . . . . .
case.settings x . . . . . . x . . . .
case.oversee  . . . . . . . x . . . .
"""
"""A case of 水利局 that 河湖股 handles: who has each right over it (第四条: the body's own office does the work)."""


@pytest.mark.django_db
def test_every_right_over_cases_is_held_by_whom_it_should_be(town: Town) -> None:
    """The table is whole: every right over cases that there is stands in it."""
    case = town.receive()
    actions.assign(case.pk, town.pk("river"), actor=town.who("clerk"), on=DAY)
    case.refresh_from_db()
    typed = {line.split()[0]: line.split()[1:] for line in CASE_RIGHTS.strip().splitlines()}
    assert set(typed) == {right for right in RIGHTS if right.startswith("case.")}
    for right, marks in typed.items():
        for name, mark in zip(HOLDERS.split(), marks, strict=True):
            viewer = town.who(name)
            thing = thing_of(case, viewer) if right in HANDLED else office_thing(case, viewer)
            assert may(viewer, right, thing) == (mark == "x"), (right, name)
