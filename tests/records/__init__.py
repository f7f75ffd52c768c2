"""What tests of records have in common: a small county and how a version is carried through its gates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gongkai.orgs.models import Kind, Name, Organisation, Person, Place, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, life
from gongkai.records.models import Record, Version

DAY = dt.date(2026, 3, 2)
FOUNDED = dt.date(2020, 1, 1)


@dataclass
class Town:
    """Organisations and people by short names."""

    orgs: dict[str, int]
    people: dict[str, int]

    def who(self, name: str, day: dt.date = DAY) -> Viewer:
        return viewer_of(Person.objects.get(pk=self.people[name]), day)


def found(name: str, kind: Kind, parent: Organisation | None) -> Organisation:
    made = Organisation.objects.create(kind=kind)
    Name.objects.create(organisation=made, text=name, since=FOUNDED)
    Place.objects.create(organisation=made, parent=parent, since=FOUNDED)
    return made


def hold(username: str, name: str, *posts: tuple[Organisation, Role]) -> Person:
    person = Person.objects.create(username=username, name=name)
    for organisation, role in posts:
        Post.objects.create(person=person, organisation=organisation, role=role, since=FOUNDED)
    return person


def begun(town: Town, values: dict[str, object], kind: str = "normative") -> Record:
    return actions.begin_record(kind, town.orgs["civil"], values, actor=town.who("clerk"), on=DAY)


def pass_gate(town: Town, version: Version, person: str, comment: str = "") -> Version:
    gate = life.next_gate(Version.objects.get(pk=version.pk))
    assert gate is not None
    said = comment or ("不涉及国家秘密和工作秘密，可以公开" if gate.code == "secrecy" else "")
    return actions.decide(version.pk, "pass", actor=town.who(person), on=DAY, comment=said, checked=gate.asks)


def all_gates(town: Town, version: Version) -> Version:
    keepers = {"first": "chief", "second": "deputy", "legal": "legal", "secrecy": "secrecy", "third": "head"}
    while (gate := life.next_gate(Version.objects.get(pk=version.pk))) is not None:
        pass_gate(town, version, keepers[gate.code])
    return Version.objects.get(pk=version.pk)
