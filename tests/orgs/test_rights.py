"""Who may do what: every right × every post × every thing, typed by hand.

Columns are things: - no thing at all · then a plan of the county that names: 1 the finance bureau, 2 the education
bureau, 3 the town, 4 nobody · 5 the finance bureau's own plan, naming its section · 6 the town's own, naming its
village · 7 the other county's, naming its bureau · 8 the city's, naming the county. Rights over records and schemes
are asked besides about what an organisation has in its own name: a the county, b the finance bureau, c the education
bureau, d the town, e another section of the finance bureau, f the other county, g the city, h a bureau of the other
county. Rows are where a post is held; `authority` is 主管部门, `secrecy` 保密审查, `reviewing` 审核, 签发, 法制,
保密审查 and 主管部门, `other` every role that has no row of its own at the place. x may, . may not.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from gongkai.base.issues import Refused
from gongkai.orgs.models import Role
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import _SAY, RIGHTS, Held, Thing, Viewer, demand, may, refusal
from tests.orgs.county import TODAY

pytestmark = pytest.mark.django_db

PLACES = {"county": "county", "bureau": "czj", "section": "czj-ys", "town": "bailu", "village": "hetang"}
PLACES["stranger"] = "other"
THINGS = {
    "1": ("county", "czj"),
    "2": ("county", "jyj"),
    "3": ("county", "bailu"),
    "4": ("county", ""),
    "5": ("czj", "czj-ys"),
    "6": ("bailu", "hetang"),
    "7": ("other", "o-czj"),
    "8": ("city", "county"),
}
OWN = {
    "a": ("county", "county"),
    "b": ("czj", "czj"),
    "c": ("jyj", "jyj"),
    "d": ("bailu", "bailu"),
    "e": ("czj", "czj-gk"),
    "f": ("other", "other"),
    "g": ("city", "city"),
    "h": ("o-czj", "o-czj"),
}
GROUPS = {"reviewing": {"reviewer", "signer", "legal", "secrecy", "authority"}, "other": {*Role.values}}

# 条例 第四条: every body's own office does its work; who holds a post in a body or below it reads its plans, its
# 主管部门 reads those of the bodies below too. The administrator of the system sees no business.
READ = """
                    - 1 2 3 4 5 6 7 8
county   other      . x x x x . . . x
county   authority  . x x x x x x . x
bureau   other      . x x x x x . . x
bureau   authority  . x x x x x . . x
section  other      . x x x x x . . x
section  authority  . x x x x x . . x
town     other      . x x x x . x . x
town     authority  . x x x x . x . x
village  other      . x x x x . x . x
village  authority  . x x x x . x . x
stranger other      . . . . . . . x x
stranger authority  . . . . . . . x x
administrator       . . . . . . . . .
nobody              . . . . . . . . .
"""

# What a plan's 主管部门 does: of its own body and of those below, never of one above or beside.
GOVERN = """
                    - 1 2 3 4 5 6 7 8
county   other      . . . . . . . . .
county   authority  . x x x x x x . .
bureau   other      . . . . . . . . .
bureau   authority  . . . . . x . . .
section  other      . . . . . . . . .
section  authority  . . . . . . . . .
town     other      . . . . . . . . .
town     authority  . . . . . . x . .
village  other      . . . . . . . . .
village  authority  . . . . . . . . .
stranger other      . . . . . . . . .
stranger authority  . . . . . . . x .
administrator       . . . . . . . . .
nobody              . . . . . . . . .
"""

# What those who bear a task do: 牵头 and 配合 themselves, their sections and villages, and the 主管部门. Who holds
# another post at the county itself (its leaders) does not answer in the place of its bureaus.
BEAR = """
                    - 1 2 3 4 5 6 7 8
county   other      . . . . . . . . x
county   authority  . x x x x x x . x
bureau   other      . x . . . x . . .
bureau   authority  . x . . . x . . .
section  other      . x . . . x . . .
section  authority  . x . . . x . . .
town     other      . . . x . . x . .
town     authority  . . . x . . x . .
village  other      . . . x . . x . .
village  authority  . . . x . . x . .
stranger other      . . . . . . . . .
stranger authority  . . . . . . . x .
administrator       . . . . . . . . .
nobody              . . . . . . . . .
"""

# Bodies and people are kept by the administrator of the system alone, whatever the thing.
ADMINISTER = """
                    - 1 2 3 4 5 6 7 8
county   other      . . . . . . . . .
county   authority  . . . . . . . . .
bureau   other      . . . . . . . . .
bureau   authority  . . . . . . . . .
section  other      . . . . . . . . .
section  authority  . . . . . . . . .
town     other      . . . . . . . . .
town     authority  . . . . . . . . .
village  other      . . . . . . . . .
village  authority  . . . . . . . . .
stranger other      . . . . . . . . .
stranger authority  . . . . . . . . .
administrator       x x x x x x x x x
nobody              . . . . . . . . .
"""

# What everybody who works here does: look at the tree, arrange who acts for them.
WORK = """
                    - 1 2 3 4 5 6 7 8
county   other      x x x x x x x x x
county   authority  x x x x x x x x x
bureau   other      x x x x x x x x x
bureau   authority  x x x x x x x x x
section  other      x x x x x x x x x
section  authority  x x x x x x x x x
town     other      x x x x x x x x x
town     authority  x x x x x x x x x
village  other      x x x x x x x x x
village  authority  x x x x x x x x x
stranger other      x x x x x x x x x
stranger authority  x x x x x x x x x
administrator       x x x x x x x x x
nobody              . . . . . . . . .
"""

# 条例 第四条、第十条: who makes information answers for it. Records are written by posts of the body that has them, its
# sections included, whatever the role; a section answers for itself and for its bureau, not for the section beside it.
# The posts at the county itself answer for what the county has in its own name, never in the place of a bureau.
WRITE = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . x x . . . . . . .
county   authority  . . . . . . . . x x . . . . . . .
bureau   other      . x . . . x . . . . x . . x . . .
bureau   authority  . x . . . x . . . . x . . x . . .
section  other      . x . . . x . . . . x . . . . . .
section  authority  . x . . . x . . . . x . . . . . .
town     other      . . . x . . x . . . . . x . . . .
town     authority  . . . x . . x . . . . . x . . . .
village  other      . . . x . . x . . . . . x . . . .
village  authority  . . . x . . x . . . . . x . . . .
stranger other      . . . . . . . . . . . . . . x . .
stranger authority  . . . . . . . . . . . . . . x . .
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# What goes out, comes back, ends or is brought in: whoever answers for it, and its 主管部门 (条例 第三条).
ANSWERS_OR_GOVERNS = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . x x . . . . . . .
county   authority  . x x x x x x . x x x x x x . . .
bureau   other      . x . . . x . . . . x . . x . . .
bureau   authority  . x . . . x . . . . x . . x . . .
section  other      . x . . . x . . . . x . . . . . .
section  authority  . x . . . x . . . . x . . . . . .
town     other      . . . x . . x . . . . . x . . . .
town     authority  . . . x . . x . . . . . x . . . .
village  other      . . . x . . x . . . . . x . . . .
village  authority  . . . x . . x . . . . . x . . . .
stranger other      . . . . . . . . . . . . . . x . .
stranger authority  . . . . . . . x . . . . . . x . x
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# Gates, numbers and what becomes of a proposal: 主管部门 of the body or of one above, as with plans.
SETTLE = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . . . . . . . . . .
county   authority  . x x x x x x . . x x x x x . . .
bureau   other      . . . . . . . . . . . . . . . . .
bureau   authority  . . . . . x . . . . x . . x . . .
section  other      . . . . . . . . . . . . . . . . .
section  authority  . . . . . . . . . . . . . . . . .
town     other      . . . . . . . . . . . . . . . . .
town     authority  . . . . . . x . . . . . x . . . .
village  other      . . . . . . . . . . . . . . . . .
village  authority  . . . . . . . . . . . . . . . . .
stranger other      . . . . . . . . . . . . . . . . .
stranger authority  . . . . . . . x . . . . . . x . x
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# 三审三校, 合法性审查, 保密审查: a post that reviews, at the organisation itself or above it; being asked to answer
# for a bureau does not make a section's reviewer one of the bureau's.
SIGN = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . . . . . . . . . .
county   reviewing  . x x x . x x . x x x x x x . . .
bureau   other      . . . . . . . . . . . . . . . . .
bureau   reviewing  . x . . . x . . . . x . . x . . .
section  other      . . . . . . . . . . . . . . . . .
section  reviewing  . . . . . x . . . . . . . . . . .
town     other      . . . . . . . . . . . . . . . . .
town     reviewing  . . . x . . x . . . . . x . . . .
village  other      . . . . . . . . . . . . . . . . .
village  reviewing  . . . . . . x . . . . . . . . . .
stranger other      . . . . . . . . . . . . . . . . .
stranger reviewing  . . . . . . . x . . . . . . x . x
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# Drafts and versions that are not out: who answers for them, and who reviews them.
READ_RECORDS = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . x x . . . . . . .
county   reviewing  . x x x . x x . x x x x x x . . .
bureau   other      . x . . . x . . . . x . . x . . .
bureau   reviewing  . x . . . x . . . . x . . x . . .
section  other      . x . . . x . . . . x . . . . . .
section  reviewing  . x . . . x . . . . x . . . . . .
town     other      . . . x . . x . . . . . x . . . .
town     reviewing  . . . x . . x . . . . . x . . . .
village  other      . . . x . . x . . . . . x . . . .
village  reviewing  . . . x . . x . . . . . x . . . .
stranger other      . . . . . . . . . . . . . . x . .
stranger reviewing  . . . . . . . x . . . . . . x . x
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# What stood there before it was covered (个人信息保护法 第五十一条): 保密审查 at the organisation or above, nobody else.
ORIGINAL = """
                    - 1 2 3 4 5 6 7 8 a b c d e f g h
county   other      . . . . . . . . . . . . . . . . .
county   secrecy    . x x x . x x . x x x x x x . . .
bureau   other      . . . . . . . . . . . . . . . . .
bureau   secrecy    . x . . . x . . . . x . . x . . .
section  other      . . . . . . . . . . . . . . . . .
section  secrecy    . . . . . x . . . . . . . . . . .
town     other      . . . . . . . . . . . . . . . . .
town     secrecy    . . . x . . x . . . . . x . . . .
village  other      . . . . . . . . . . . . . . . . .
village  secrecy    . . . . . . x . . . . . . . . . .
stranger other      . . . . . . . . . . . . . . . . .
stranger secrecy    . . . . . . . x . . . . . . x . x
administrator       . . . . . . . . . . . . . . . . .
nobody              . . . . . . . . . . . . . . . . .
"""

# What a printed name means is said by the 主管部门, and by the administrator who keeps the tree.
ANSWER = GOVERN.replace("administrator       . . . . . . . . .", "administrator       x x x x x x x x x")

EXPECTED = {
    "orgs.answer": ANSWER,
    "orgs.read": WORK,
    "orgs.change": ADMINISTER,
    "people.change": ADMINISTER,
    "people.act": WORK,
    "plan.read": READ,
    "plan.import": GOVERN,
    "plan.withdraw": GOVERN,
    "task.read": READ,
    "task.change": GOVERN,
    "task.report": BEAR,
    "task.note": BEAR,
    "task.settle": GOVERN,
    "task.schedule": GOVERN,
    "record.read": READ_RECORDS,
    "record.write": WRITE,
    "record.sign": SIGN,
    "record.publish": ANSWERS_OR_GOVERNS,
    "record.withdraw": ANSWERS_OR_GOVERNS,
    "record.end": ANSWERS_OR_GOVERNS,
    "record.cleanup": ANSWERS_OR_GOVERNS,
    "record.import": ANSWERS_OR_GOVERNS,
    "record.settings": SETTLE,
    "record.original": ORIGINAL,
    "scheme.import": ANSWERS_OR_GOVERNS,
    "scheme.propose": ANSWERS_OR_GOVERNS,
    "scheme.decide": SETTLE,
    "evidence.decide": ANSWERS_OR_GOVERNS,
}


def viewer(county: dict[str, int], place: str, role: str) -> Viewer:
    """Somebody with one post there; the administrator and nobody have none."""
    held = (Held(county[PLACES[place]], Role(role)),) if place in PLACES else ()
    return Viewer(1, "某人", TODAY, tree_on(TODAY), held, place == "administrator")


def thing(county: dict[str, int], column: str) -> Thing | None:
    """What stands in a column."""
    if column == "-":
        return None
    body, bearer = {**THINGS, **OWN}[column]
    return Thing(county[body], frozenset({county[bearer]} if bearer else ()))


def rows(grid: str) -> dict[tuple[str, str], dict[str, bool]]:
    """A grid as (place, role) → column → whether."""
    head, *lines = grid.strip("\n").splitlines()
    out = {}
    for line in lines:
        words, marks = line[:20].split(), line[20:].split()
        assert set(marks) <= {"x", "."} and len(marks) == len(head.split())
        out[words[0], words[1] if len(words) > 1 else ""] = dict(
            zip(head.split(), [m == "x" for m in marks], strict=True)
        )
    return out


def row_of(made: Iterable[tuple[str, str]], place: str, role: str) -> tuple[str, str]:
    """The row of a role at a place: its own, that of the group, or that of all the others."""
    if place not in PLACES:
        return place, ""
    fitting = [which for at, which in made if at == place and (which == role or role in GROUPS.get(which, ()))]
    return place, min(fitting, key=lambda which: (which in GROUPS, which == "other"))


def test_the_table_is_whole() -> None:
    """Every right there is stands in the table, and none that is not; every grid has every row and column."""
    # Rights over cases are held by roles and offices, not by places alone: tests/cases/test_rights.py has their table.
    assert set(EXPECTED) == {right for right in RIGHTS if not right.startswith("case.")}
    for right, grid in EXPECTED.items():
        made = rows(grid)
        besides = {which for _, which in made} - {"", "other"}
        assert len(besides) == 1 and besides <= {"authority", "reviewing", "secrecy"}
        wanted = {(p, r) for p in PLACES for r in ("other", *besides)} | {("administrator", ""), ("nobody", "")}
        assert set(made) == wanted
        own = OWN if right.split(".")[0] in ("record", "scheme", "evidence") else {}
        assert all(set(columns) == {"-", *THINGS, *own} for columns in made.values())


@pytest.mark.parametrize("right", EXPECTED)
@pytest.mark.parametrize("role", [*Role.values])
def test_every_right_of_every_post(county: dict[str, int], right: str, role: str) -> None:
    wrong = []
    made = rows(EXPECTED[right])
    for place in (*PLACES, "administrator", "nobody"):
        for column, allowed in made[row_of(made, place, role)].items():
            if may(viewer(county, place, role), right, thing(county, column)) is not allowed:
                wrong.append(f"{role} at {place} × {column} should be {allowed}")
    assert not wrong


@pytest.mark.parametrize("right", EXPECTED)
def test_a_refusal_names_the_right_and_who_can(county: dict[str, int], right: str) -> None:
    with pytest.raises(Refused) as refused:
        demand(viewer(county, "nobody", ""), right, thing(county, "1"))
    (issue,) = refused.value.issues
    assert (
        issue.rule == right and issue.say.startswith("您的岗位不能办理这一步：") and issue == refusal(right).issues[0]
    )
    assert set(_SAY) <= set(RIGHTS)


def test_an_unknown_right_is_nobodys(county: dict[str, int]) -> None:
    """A verb that is not in the table is allowed to nobody, the administrator included."""
    for place in ("county", "administrator", "nobody"):
        assert not may(viewer(county, place, "authority"), "plan.burn", thing(county, "1"))
    with pytest.raises(Refused, match="请联系主管部门"):
        demand(viewer(county, "administrator", ""), "plan.burn")


def test_two_posts_add_up_and_do_not_multiply(county: dict[str, int]) -> None:
    """主管部门 of the town and clerk in the finance bureau: each right comes from a post, none from their meeting."""
    tree = tree_on(TODAY)
    both = Viewer(1, "某人", TODAY, tree, (Held(county["bailu"], Role.AUTHORITY), Held(county["czj-ys"], Role.CLERK)))
    allowed = {c: may(both, "task.report", thing(county, c)) for c in ("1", "2", "3", "5", "6", "7")}
    assert allowed == {"1": True, "2": False, "3": True, "5": True, "6": True, "7": False}
    settled = {c: may(both, "task.settle", thing(county, c)) for c in ("1", "3", "5", "6")}
    assert settled == {"1": False, "3": False, "5": False, "6": True}


@pytest.mark.parametrize(
    ("key", "bearer", "allowed"), [("scj", "gsj", True), ("lyj", "gtj", True), ("czj", "gsj", False)]
)
def test_heirs_answer_for_what_went_into_them(county: dict[str, int], key: str, bearer: str, allowed: bool) -> None:
    """A task of a bureau that was merged is reported by the bureau that it went into."""
    clerk = Viewer(1, "某人", TODAY, tree_on(TODAY), (Held(county[key], Role.CLERK),))
    assert may(clerk, "task.report", Thing(county["county"], frozenset({county[bearer]}))) is allowed


@pytest.mark.parametrize("right", ["record.read", "record.write", "record.withdraw", "record.end"])
def test_what_an_ended_organisation_left_is_its_heirs(county: dict[str, int], right: str) -> None:
    """A document of a bureau that was merged is withdrawn or repealed by the bureau that it went into: somebody must.

    The 工商局 went into the 市场监管局 in 2019; what it put out stays out under its own name.
    """
    tree = tree_on(TODAY)
    left = Thing(tree.body_of(county["gsj"]).id, frozenset({county["gsj"]}))
    assert may(Viewer(1, "某人", TODAY, tree, (Held(county["scj"], Role.CLERK),)), right, left)
    assert not may(Viewer(1, "某人", TODAY, tree, (Held(county["czj"], Role.CLERK),)), right, left)


@pytest.mark.parametrize("right", ["record.withdraw", "record.end", "record.cleanup", "record.settings"])
def test_what_an_ended_organisation_left_has_its_authority(county: dict[str, int], right: str) -> None:
    """扶贫办 was abolished without an heir: the county's 主管部门 is then the only one who can correct what it left."""
    tree = tree_on(TODAY)
    left = Thing(tree.body_of(county["fpb"]).id, frozenset({county["fpb"]}))
    assert may(Viewer(1, "某人", TODAY, tree, (Held(county["county"], Role.AUTHORITY),)), right, left)
    assert not may(Viewer(1, "某人", TODAY, tree, (Held(county["other"], Role.AUTHORITY),)), right, left)


@pytest.mark.parametrize(
    ("place", "role", "reached"),
    [
        ("bureau", "clerk", "czj czj-bg czj-ys czj-gk czj-ps czj-sf"),
        ("section", "clerk", "czj-ys"),
        ("village", "clerk", "hetang"),
        ("bureau", "signer", ""),
        ("nobody", "", ""),
    ],
)
def test_reach_is_below_posts_of_the_roles(county: dict[str, int], place: str, role: str, reached: str) -> None:
    made = viewer(county, place, role).reach(Role.CLERK, Role.REVIEWER)
    assert made == {county[k] for k in reached.split()}
