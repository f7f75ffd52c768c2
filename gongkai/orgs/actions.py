"""Verbs on bodies, people and posts: the only writers of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from gongkai.base.actions import SYSTEM, Actor, begin_chain, record_event
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.orgs.binding import plain
from gongkai.orgs.models import Acting, Alias, Answer, Kind, Name, Organisation, Person, Place, Post, Role, Succession
from gongkai.orgs.reads import set_up, tree_on
from gongkai.orgs.rules import Thing, Viewer, demand


def found_organisation(
    name: str,
    kind: str,
    *,
    parent: int | None,
    actor: Viewer,
    on: dt.date,
    aliases: Iterable[str] = (),
    openness_office: bool = False,
) -> Organisation:
    """Enter a body or section that stands from `on`."""
    demand(actor, "orgs.change")
    text = _named(name)
    if kind not in Kind.values:
        raise refuse("orgs.kind", f"类别“{kind}”不认得，可取：{'、'.join(Kind.labels)}。", "kind")
    others = [plain(_named(a, "orgs.alias")) for a in aliases if a.strip()]
    with transaction.atomic():
        if parent is not None:
            _standing(parent, on, "orgs.parent", "上级机构")
        _free(text, parent, on)
        made = Organisation.objects.create(
            kind=kind, openness_office=openness_office, position=Organisation.objects.count()
        )
        Name.objects.create(organisation=made, text=text, since=on)
        Place.objects.create(organisation=made, parent_id=parent, since=on)
        for alias in dict.fromkeys(others):
            if alias != plain(text):
                Alias.objects.create(organisation=made, text=alias)
        record_event(
            "found",
            "organisation",
            made.pk,
            actor=actor,
            on=on,
            payload={"name": text, "kind": kind, "parent": parent, "aliases": others},
        )
    return made


def rename_organisation(pk: int, name: str, *, actor: Viewer, on: dt.date, reason: str = "") -> Name:
    """Give an organisation a new name from `on`; what happened before keeps the old one."""
    demand(actor, "orgs.change")
    _reasoned(reason)
    text = _named(name)
    with transaction.atomic():
        last = Name.objects.select_for_update().filter(organisation_id=pk).order_by("-since").first()
        if last is None:
            raise refuse("orgs.unknown", "没有这个机构。")
        if last.text == text:
            raise refuse("orgs.same_name", f"现在的名称就是“{text}”。", "name")
        if on <= last.since:
            raise refuse("orgs.order", f"改名日期须晚于现名启用的日期{last.since:%Y-%m-%d}。", "on")
        _standing(pk, on, "orgs.gone", "这个机构")
        _free(text, tree_on(on)[pk].parent, on)
        last.until = on
        last.save(update_fields=["until"])
        made = Name.objects.create(organisation_id=pk, text=text, since=on, reason=reason)
        record_event(
            "rename", "organisation", pk, actor=actor, on=on, reason=reason, payload={"from": last.text, "to": text}
        )
    return made


def move_organisation(pk: int, parent: int, *, actor: Viewer, on: dt.date, reason: str = "") -> Place:
    """Put an organisation under another from `on`."""
    demand(actor, "orgs.change")
    _reasoned(reason)
    with transaction.atomic():
        last = Place.objects.select_for_update().filter(organisation_id=pk).order_by("-since").first()
        if last is None or last.until is not None:
            raise refuse("orgs.gone", "这个机构已经撤销，不能再调整隶属。")
        if on <= last.since:
            raise refuse("orgs.order", f"调整日期须晚于现隶属开始的日期{last.since:%Y-%m-%d}。", "on")
        _standing(parent, on, "orgs.parent", "新的上级")
        # A move entered ahead of its day counts too: no day from this one on may have a loop.
        days = {on, *Place.objects.filter(since__gt=on).values_list("since", flat=True)}
        if any(parent in tree_on(day).subtree(pk) for day in days):
            raise refuse("orgs.loop", "不能把机构放到它自己或它的下级之下。", "parent")
        last.until = on
        last.save(update_fields=["until"])
        made = Place.objects.create(organisation_id=pk, parent_id=parent, since=on)
        record_event(
            "move",
            "organisation",
            pk,
            actor=actor,
            on=on,
            reason=reason,
            payload={"from": last.parent_id, "to": parent},
        )
    return made


def end_organisation(pk: int, *, into: Iterable[int], actor: Viewer, on: dt.date, reason: str = "") -> None:
    """Let an organisation end on `on`; its work and its people go to `into` (合并、拆分), if to any."""
    demand(actor, "orgs.change")
    _reasoned(reason)
    heirs = list(dict.fromkeys(into))
    with transaction.atomic():
        place = Place.objects.select_for_update().filter(organisation_id=pk, until__isnull=True).first()
        if place is None:
            raise refuse("orgs.gone", "这个机构已经撤销。")
        if pk in heirs:
            raise refuse("orgs.loop", "不能并入它自己。", "into")
        for heir in heirs:
            _standing(heir, on, "orgs.into", "并入的机构")
        days = {on, *Place.objects.filter(parent_id=pk, since__gt=on).values_list("since", flat=True)}
        below = list(dict.fromkeys(t[c].name for t in map(tree_on, sorted(days)) for c in t[pk].children))
        if below:
            raise refuse("orgs.below", f"下面还有{'、'.join(below[:5])}，请先调整它们的隶属。")
        if on <= place.since:
            raise refuse("orgs.order", f"撤销日期须晚于成立日期{place.since:%Y-%m-%d}。", "on")
        place.until = on
        place.save(update_fields=["until"])
        for heir in heirs:
            Succession.objects.create(old_id=pk, new_id=heir, on=on, reason=reason)
        record_event("end", "organisation", pk, actor=actor, on=on, reason=reason, payload={"into": heirs})


def add_alias(pk: int, text: str, *, actor: Viewer, on: dt.date) -> None:
    """Enter another way in which an organisation is printed."""
    demand(actor, "orgs.change")
    name = plain(_named(text))
    with transaction.atomic():
        if not Organisation.objects.filter(pk=pk).exists():
            raise refuse("orgs.unknown", "没有这个机构。")
        _, new = Alias.objects.get_or_create(organisation_id=pk, text=name)
        if new:
            record_event("alias", "organisation", pk, actor=actor, on=on, payload={"alias": name})


def remember_answer(body: int, printed: str, organisations: Iterable[int], *, actor: Viewer, on: dt.date) -> Answer:
    """Keep what a person said a printed name means within a body, so that it is asked once only."""
    demand(actor, "orgs.answer", Thing(body))
    chosen = sorted(set(organisations))
    if not chosen or Organisation.objects.filter(pk__in=chosen).count() != len(chosen):
        raise refuse("orgs.nobody", f"请选“{printed}”指哪个单位。", "organisations")
    if not 1 <= len(plain(printed)) <= 120:
        raise refuse("orgs.name", "印出的名称须为1至120个字。", "printed")
    with transaction.atomic():
        answer, _ = Answer.objects.get_or_create(body_id=body, printed=plain(printed))
        answer.organisations.set(chosen)
        record_event("answer", "organisation", body, actor=actor, on=on, payload={"printed": printed, "means": chosen})
    return answer


def first_administrator(username: str, name: str, password: str, *, on: dt.date) -> Person:
    """The first start: make the administrator. Refused once anybody can sign in."""
    with transaction.atomic():
        begin_chain()  # two first starts at once take turns here
        if set_up():
            raise refuse("people.set_up", "系统已经有人可以登录，请用已有账号登录。")
        return _person(username, name, password, actor=SYSTEM, on=on, administrator=True)


def add_person(
    username: str,
    name: str,
    password: str | None,
    *,
    actor: Viewer,
    on: dt.date,
    phone: str = "",
    must_change: bool = True,
) -> Person:
    """Enter somebody with an account. Without a password they cannot sign in until one is set."""
    demand(actor, "people.change")
    with transaction.atomic():
        return _person(username, name, password, actor=actor, on=on, phone=phone, must_change=must_change)


def _person(
    username: str,
    name: str,
    password: str | None,
    *,
    actor: Actor,
    on: dt.date,
    phone: str = "",
    must_change: bool = False,
    administrator: bool = False,
) -> Person:
    username, name = username.strip().lower(), name.strip()
    issues = []
    if not username:
        issues.append(Issue("people.username", "请填写账号。", "username"))
    elif Person.objects.filter(username=username).exists():
        issues.append(Issue("people.taken", f"账号“{username}”已经有人用了，请换一个。", "username"))
    if not name:
        issues.append(Issue("people.name", "请填写姓名。", "name"))
    for text, label, most, field in (
        (username, "账号", 60, "username"),
        (name, "姓名", 60, "name"),
        (phone, "电话", 40, "phone"),
    ):
        if len(text) > most:
            issues.append(Issue("people.long", f"{label}最多{most}个字。", field))
    person = Person(username=username, name=name, phone=phone, administrator=administrator)
    person.must_change_password = must_change
    if password is not None:
        issues += _weak(password, person)
    if issues:
        raise Refused(*issues)
    person.set_password(password)
    person.save()
    record_event(
        "add",
        "person",
        person.pk,
        actor=actor,
        on=on,
        payload={"username": username, "name": name, "admin": administrator},
    )
    return person


def change_password(person: Person, password: str, *, actor: Viewer, on: dt.date) -> None:
    """One's own password, or another's by the administrator, who thereby asks them to change it."""
    own = actor.person_id == person.pk
    if not own:
        demand(actor, "people.change")
    if issues := _weak(password, person):
        raise Refused(*issues)
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = not own
        person.save(update_fields=["password", "must_change_password"])
        record_event("password", "person", person.pk, actor=actor, on=on)


def close_account(person: Person, *, actor: Viewer, on: dt.date) -> None:
    """停用账号: nobody signs in with it any more; what they did stays. The last administrator keeps theirs."""
    demand(actor, "people.change")
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        others = Person.objects.filter(administrator=True, is_active=True).exclude(pk=person.pk)
        if held.administrator and not others.exists():
            raise refuse("people.last", "这是唯一的系统管理员；先另设一位，再停用。")
        held.is_active = False
        held.save(update_fields=["is_active"])
        record_event("close", "person", person.pk, actor=actor, on=on)


def open_account(person: Person, *, actor: Viewer, on: dt.date) -> None:
    """恢复账号."""
    demand(actor, "people.change")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=True)
        record_event("open", "person", person.pk, actor=actor, on=on)


def make_administrator(person: Person, *, actor: Viewer, on: dt.date) -> None:
    """设为系统管理员."""
    demand(actor, "people.change")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(administrator=True)
        record_event("administrator", "person", person.pk, actor=actor, on=on)


def reset_by_operator(person: Person, password: str, *, on: dt.date) -> None:
    """A new password set at the machine itself, for an administrator who forgot theirs; asked to be changed."""
    if issues := _weak(password, person):
        raise Refused(*issues)
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        record_event("password", "person", person.pk, actor=SYSTEM, on=on, reason="在服务器上重设")


def appoint(person: Person, organisation: int, role: str, *, actor: Viewer, on: dt.date) -> Post:
    """Let somebody hold a role at an organisation from `on`."""
    demand(actor, "people.change")
    if role not in Role.values:
        raise refuse("people.role", f"岗位“{role}”不认得，可取：{'、'.join(Role.labels)}。", "role")
    with transaction.atomic():
        _standing(organisation, on, "orgs.gone", "这个机构")
        held = Post.objects.filter(
            Q(until=None) | Q(until__gte=on), person=person, organisation_id=organisation, role=role
        )
        if held.exists():
            raise refuse("people.holds", f"{person.name}已经担任这个岗位。")
        post = Post.objects.create(person=person, organisation_id=organisation, role=role, since=on)
        record_event(
            "appoint", "person", person.pk, actor=actor, on=on, payload={"organisation": organisation, "role": role}
        )
    return post


def relieve(post: Post, *, actor: Viewer, on: dt.date) -> None:
    """Let a post end; `on` is its last day."""
    demand(actor, "people.change")
    if on < post.since:
        raise refuse("people.order", f"离任日期不能早于任职日期{post.since:%Y-%m-%d}。", "on")
    with transaction.atomic():
        post.until = on
        post.save(update_fields=["until"])
        record_event(
            "relieve",
            "person",
            post.person_id,
            actor=actor,
            on=on,
            payload={"organisation": post.organisation_id, "role": post.role},
        )


def act_for(person: Person, absent: Person, since: dt.date, until: dt.date, *, actor: Viewer, on: dt.date) -> Acting:
    """Let somebody act for an absent colleague; the colleague themself or the administrator arranges it."""
    if actor.person_id != absent.pk:
        demand(actor, "people.change")
    if person.pk == absent.pk:
        raise refuse("people.self", "不能代理自己，请选一位同事。", "person")
    if until < since:
        raise refuse("people.order", "代理的截止日期不能早于开始日期。", "until")
    with transaction.atomic():
        made = Acting.objects.create(person=person, absent=absent, since=since, until=until)
        record_event(
            "act_for",
            "person",
            person.pk,
            actor=actor,
            on=on,
            payload={"absent": absent.pk, "since": since, "until": until},
        )
    return made


def _reasoned(reason: str) -> None:
    if len(reason) > 200:
        raise refuse("orgs.reason", "缘由最多200个字。", "reason")


def _named(name: str, rule: str = "orgs.name") -> str:
    text = "".join(name.split())
    if not 2 <= len(text) <= 100:
        raise refuse(rule, "名称须为2至100个字。", "name")
    return text


def _standing(pk: int, on: dt.date, rule: str, what: str) -> None:
    """Refuse what is not there on a day: unknown, ended, or not yet begun."""
    tree = tree_on(on)
    if pk not in tree:
        raise refuse(rule if rule != "orgs.gone" else "orgs.unknown", f"{what}不存在，请先添加。")
    if tree[pk].gone:
        raise refuse(rule, f"{what}“{tree[pk].name}”在{on:%Y-%m-%d}还没有成立或已经撤销，请另选或改日期。")


def _free(name: str, parent: int | None, on: dt.date) -> None:
    tree = tree_on(on)
    siblings = [tree[c] for c in tree[parent].children] if parent is not None and parent in tree else tree.roots()
    if any(s.name == name for s in siblings):
        raise refuse("orgs.taken", f"同一上级下已有“{name}”。", "name")


def _weak(password: str, person: Person) -> list[Issue]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [Issue("people.password", message, "password") for message in error.messages]
    return []
