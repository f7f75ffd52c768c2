"""Every address of the desk × every kind of visitor: what opens, what is refused in words, what does not exist.

What is missing from the table fails. `open` answers with a page, `moved` sends somewhere else, `said` is a refusal in
words (422), `none` is 404: the visitor learns nothing; `door` sends to the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.desk.urls import urlpatterns
from gongkai.ledger.models import Matter, Report
from gongkai.orgs.models import Person
from gongkai.plans.models import Draft, Plan

VISITORS = ("chen.yu", "jiang.ruoxi", "tian.jiaxin", "admin", None)
"""主管部门 of the county · 经办 of 县司法局 · 主管部门 of 白露镇 · administrator · nobody."""

ALL = "open open open open door"
ROOM = "open none open none door"  # whoever oversees a body
COUNTY = "open open open none door"  # the county's plan: all below the county may read it
# A POST with nothing in it: told what is missing by those who may see the thing, 404 for the others.
GET_TABLE = {
    "today": ALL,
    "mine": ALL,
    "mine-ics": ALL,
    "sign-in": "open open open open open",
    "first": "moved moved moved moved moved",
    "password": ALL,
    "ledger": ALL,
    "ledger-export": ALL,
    "ledger-matter": COUNTY,
    "plans": ROOM,
    "plans-source": COUNTY,
    "plans-original": COUNTY,
    "plans-withdraw": "open none none none door",
    "plans-draft": "open none none none door",
    "plans-row": "open none none none door",
    "orgs": ALL,
    "orgs-org": ALL,
    "orgs-person": ALL,
    "orgs-table": "none none none open door",
}
POST_TABLE = {
    "sign-out": "moved moved moved moved door",
    "password": "said said said said door",
    "sign-in": "said said said said said",
    "first": "moved moved moved moved moved",
    "ledger-batch": "said said said said door",
    "ledger-undo": "none none none none door",
    "ledger-report": "said said said none door",
    "ledger-note": "said said said none door",
    "ledger-settle": "said said said none door",
    "ledger-reopen": "said said said none door",
    "ledger-return": "said said said none door",
    "ledger-happen": "said said said none door",
    "ledger-review": "moved said said none door",
    "ledger-bind": "said said said none door",
    "ledger-change": "moved said said none door",
    "plans-upload": "said none said none door",
    "plans-withdraw": "said none none none door",
    "plans-row-act": "moved none none none door",
    "plans-draft-act": "moved none none none door",
    "orgs-act": "said said said said door",
    "orgs-org-act": "said said said said door",
    "orgs-person-act": "said said said said door",
}
WORDS = {200: "open", 302: "moved", 422: "said", 404: "none"}


def _addresses() -> dict[str, str]:
    plan = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案")
    matter = Matter.objects.filter(sheet=plan.pk, position=5).get()
    draft = Draft.objects.filter(plan=None).first()
    report = Report.objects.filter(source_id=matter.source_id).first() or Report(pk=1)
    person = Person.objects.get(username="luo.jing").pk
    at = [matter.source, matter.source_id]
    names: dict[str, list[object]] = {
        "ledger-matter": at,
        **{f"ledger-{v}": at for v in ("report", "note", "settle", "reopen", "happen", "review", "bind", "change")},
        "ledger-return": [*at, report.pk],
        "ledger-export": ["xlsx"],
        "plans-source": [plan.pk],
        "plans-original": [plan.pk],
        "plans-withdraw": [plan.pk],
        "plans-draft": [draft.pk if draft else 0],
        "plans-row": [draft.pk if draft else 0, draft.rows[0]["key"] if draft else "x"],
        "plans-row-act": [draft.pk if draft else 0, draft.rows[0]["key"] if draft else "x", "accept"],
        "plans-draft-act": [draft.pk if draft else 0, "accept-all"],
        "orgs-act": ["found"],
        "orgs-org": [plan.body_id],
        "orgs-org-act": [plan.body_id, "alias"],
        "orgs-person": [person],
        "orgs-person-act": [person, "act_for"],
    }
    return {p.name: reverse(f"desk:{p.name}", args=names.get(p.name, [])) for p in urlpatterns}  # type: ignore[misc]


def _draft(client: Client) -> None:
    body = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    text = "青禾县2027年政务公开工作要点分工方案\n1.公开办事指南。（责任单位：县司法局）\n2.公开预算。（责任单位：县财政局）\n"
    assert client.post(reverse("desk:plans-upload"), {"body": body, "pasted": text, "kind": "new"}).status_code == 302


def test_the_tables_name_every_address() -> None:
    assert {p.name for p in urlpatterns} == GET_TABLE.keys() | POST_TABLE.keys()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("column", "who"), list(enumerate(VISITORS)))
def test_every_address_for_every_visitor(
    method: str, column: int, who: str | None, signed_in: Callable[[str], Client]
) -> None:
    _draft(signed_in("chen.yu"))
    addresses = _addresses()
    wrong = []
    for name, line in (GET_TABLE if method == "get" else POST_TABLE).items():
        expected = line.split()[column]
        client = signed_in(who) if who else Client()
        answer = getattr(client, method)(addresses[name])
        got = WORDS.get(answer.status_code, str(answer.status_code))
        if got == "moved" and "/sign-in/" in answer["Location"] and name not in ("sign-out", "first"):
            got = "door"
        if name == "sign-out" and who is None:
            got = "door" if "/sign-in/" in answer["Location"] else got
        if got != expected:
            wrong.append(f"{method} {name}: {got}, expected {expected}")
    assert not wrong


def test_another_method_is_not_allowed(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("chen.yu")
    addresses = _addresses()
    for name in POST_TABLE.keys() - GET_TABLE.keys():
        assert client.get(addresses[name]).status_code == 405, name
    for name in GET_TABLE.keys() - POST_TABLE.keys():
        assert client.post(addresses[name]).status_code == 405, name


def test_every_page_has_its_guards(signed_in: Callable[[str], Client]) -> None:
    """Strict content security policy, no framing, no sniffing, nothing kept by caches in between."""
    client = signed_in("chen.yu")
    for name in GET_TABLE:
        answer = client.get(_addresses()[name])
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy, name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name


def test_pages_of_the_desk_are_not_kept(signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("chen.yu").get(reverse("desk:today"))
    assert "private" in answer.headers["Cache-Control"] and "no-store" in answer.headers["Cache-Control"]


def test_onward_leads_nowhere_else(county: None) -> None:
    """`next` of the sign-in leads to this site only."""
    client = Client()
    from gongkai.demo.county import PASSWORD

    answer = client.post(
        reverse("desk:sign-in"), {"username": "chen.yu", "password": PASSWORD, "next": "https://example.org/"}
    )
    assert answer["Location"] == reverse("desk:today")
