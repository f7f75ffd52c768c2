"""Bodies and people at the desk: the tree, one organisation, one person, and the table that brings them in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.reads import timeline
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest, needs
from gongkai.desk.forms import day_of, number_of
from gongkai.orgs import actions, imports
from gongkai.orgs.models import Acting, Kind, Name, Organisation, Person, Post, Role, Succession
from gongkai.orgs.reads import holders, in_office
from gongkai.orgs.rules import may
from gongkai.orgs.tree import Tree


def _lines(tree: Tree) -> list[dict[str, Any]]:
    """The tree as lines with their depth, in order."""
    out: list[dict[str, Any]] = []

    def walk(pk: int, depth: int) -> None:
        node = tree[pk]
        out.append({"node": node, "depth": depth, "kind": Kind(node.kind).label})
        for child in node.children:
            walk(child, depth + 1)

    for root in tree.roots():
        walk(root.id, 0)
    return out


@require_safe
@needs("orgs.read")
def orgs(request: DeskRequest) -> HttpResponse:
    """机构人员: the tree with who holds which post."""
    return _orgs(request)


def _orgs(request: DeskRequest, issues: Sequence[Issue] = (), values: dict[str, str] | None = None) -> HttpResponse:
    viewer = request.viewer
    tree = viewer.tree
    lines = _lines(tree)
    at: dict[int, list[Post]] = defaultdict(list)
    for post in holders({n["node"].id for n in lines}, viewer.day).order_by("role"):
        at[post.organisation_id].append(post)
    for line in lines:
        line["posts"] = at[line["node"].id]
    text = request.GET.get("q", "").strip()
    if text:
        lines = [x for x in lines if text in x["node"].name or any(text in p.person.name for p in x["posts"])]
    return render(
        request,
        "desk/orgs.html",
        {
            "lines": lines,
            "q": text,
            "kinds": Kind.choices,
            "roles": Role.choices,
            "may_change": may(viewer, "orgs.change"),
            "founded": f"{viewer.day.year - 3}-01-01",
            "issues": issues,
            "values": values or {},
            "people": Person.objects.filter(posts__isnull=True).order_by("name") if viewer.administrator else [],
            "no_body": not lines and not text,
        },
        status=422 if issues else 200,
    )


@require_POST
def orgs_act(request: DeskRequest, verb: str) -> HttpResponse:
    """Add a body or a person, or bring in the table of both."""
    viewer, post = request.viewer, request.POST
    try:
        day = day_of(post.get("on", ""), "日期", field="on", empty=viewer.day) or viewer.day
        if verb == "found":
            actions.found_organisation(
                post.get("name", ""),
                post.get("kind", ""),
                parent=number_of(post, "parent"),
                actor=viewer,
                on=day,
                aliases=[a for a in post.get("aliases", "").replace("，", "、").split("、") if a.strip()],
                openness_office=post.get("openness_office") == "1",
            )
        elif verb == "person":
            made = actions.add_person(
                post.get("username", ""),
                post.get("name", ""),
                post.get("password") or None,
                actor=viewer,
                on=day,
                phone=post.get("phone", ""),
            )
            return redirect("desk:orgs-person", made.pk)
        else:
            file = request.FILES.get("file")
            if file is None:
                raise refuse("orgs.file", "请选一个xlsx文件；可以先下载样表，填好再传。", "file")
            report = imports.import_table(file.read(), actor=viewer, on=day)
            return render(request, "desk/orgs_imported.html", {"report": report})
    except Refused as error:
        return _orgs(request, error.issues, {k: str(v) for k, v in post.items()})
    return redirect("desk:orgs")


@require_safe
@needs("orgs.change")
def table(request: DeskRequest) -> HttpResponse:
    """The table of bodies and people, as it stands, to be filled and brought back."""
    return downloads.table(imports.table_of(request.viewer.tree, request.viewer.day), "xlsx", "organisations")


@require_safe
@needs("orgs.read")
def org(request: DeskRequest, pk: int) -> HttpResponse:
    """One organisation: its names, where it stands, who works there, what happened."""
    return _org(request, pk)


def _org(request: DeskRequest, pk: int, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    tree = viewer.tree
    if pk not in tree:
        raise Http404
    found = Organisation.objects.prefetch_related("names", "aliases").get(pk=pk)
    context = {
        "found": found,
        "node": tree[pk],
        "path": tree.path(pk),
        "kind": Kind(found.kind).label,
        "names": list(Name.objects.filter(organisation=pk)),
        "heirs": [(s, tree[s.new_id].name) for s in Succession.objects.filter(old=pk)],
        "before": [(s, tree[s.old_id].name) for s in Succession.objects.filter(new=pk)],
        "children": [tree[c] for c in tree[pk].children],
        "posts": holders({pk}, viewer.day).order_by("role"),
        "former": Post.objects.filter(organisation=pk).exclude(in_office(viewer.day)).select_related("person"),
        "events": timeline("organisation", pk)[::-1][:30],
        "may_change": may(viewer, "orgs.change"),
        "everything": [(n.id, tree.path(n.id)) for n in tree.live() if n.id != pk] if viewer.administrator else [],
        "people": Person.objects.filter(is_active=True) if viewer.administrator else [],
        "roles": Role.choices,
        "issues": issues,
        "today_iso": viewer.day.isoformat(),
    }
    return render(request, "desk/org.html", context, status=422 if issues else 200)


@require_POST
def org_act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Rename, move, end, add an alias, appoint."""
    viewer, post = request.viewer, request.POST
    if pk not in viewer.tree:
        raise Http404
    try:
        day = day_of(post.get("on", ""), "日期", field="on", empty=viewer.day) or viewer.day
        reason = post.get("reason", "")
        if verb == "rename":
            actions.rename_organisation(pk, post.get("name", ""), actor=viewer, on=day, reason=reason)
        elif verb == "move":
            actions.move_organisation(pk, number_of(post, "parent") or 0, actor=viewer, on=day, reason=reason)
        elif verb == "end":
            into = [int(x) for x in post.getlist("into") if x.isdigit()]
            actions.end_organisation(pk, into=into, actor=viewer, on=day, reason=reason)
        elif verb == "alias":
            actions.add_alias(pk, post.get("alias", ""), actor=viewer, on=day)
        else:
            person = Person.objects.filter(pk=number_of(post, "person") or 0).first()
            if person is None:
                raise refuse("people.who", "请选任职的人；名单里没有的，先在机构人员页添加。", "person")
            actions.appoint(person, pk, post.get("role", ""), actor=viewer, on=day)
    except Refused as error:
        return _org(request, pk, error.issues)
    return redirect("desk:orgs-org", pk)


@require_safe
@needs("orgs.read")
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One person: posts, who acts for them, what happened."""
    return _person(request, pk)


def _person(request: DeskRequest, pk: int, issues: Sequence[Issue] = (), done: str = "") -> HttpResponse:
    viewer = request.viewer
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    posts = [
        (p, viewer.tree[p.organisation_id].name, p.until is None or p.until >= viewer.day)
        for p in found.posts.order_by("-since")
    ]
    context = {
        "found": found,
        "posts": posts,
        "acting": Acting.objects.filter(absent=found).select_related("person").order_by("-since")[:10],
        "acts_for": Acting.objects.filter(person=found).select_related("absent").order_by("-since")[:10],
        "colleagues": Person.objects.filter(is_active=True).exclude(pk=pk),
        "own": viewer.person_id == pk,
        "may_change": may(viewer, "people.change"),
        "events": timeline("person", pk)[::-1][:30],
        "issues": issues,
        "done": done,
        "today_iso": viewer.day.isoformat(),
    }
    return render(request, "desk/person.html", context, status=422 if issues else 200)


@require_POST
def person_act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Relieve of a post, arrange who acts, set a password."""
    viewer, post = request.viewer, request.POST
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        if verb == "relieve":
            held = found.posts.filter(pk=number_of(post, "post") or 0).first()
            if held is None:
                raise Http404
            day = day_of(post.get("on", ""), "离任日期", field="on", empty=viewer.day) or viewer.day
            actions.relieve(held, actor=viewer, on=day)
        elif verb == "act_for":
            colleague = Person.objects.filter(pk=number_of(post, "person") or 0).first()
            since = day_of(post.get("since", ""), "开始日期", field="since")
            until = day_of(post.get("until", ""), "截止日期", field="until")
            if colleague is None or since is None or until is None:
                raise refuse("people.acting", "请选代理的同事，并填写起止日期。", "person")
            actions.act_for(colleague, found, since, until, actor=viewer, on=viewer.day)
        elif verb == "close":
            actions.close_account(found, actor=viewer, on=viewer.day)
        elif verb == "open":
            actions.open_account(found, actor=viewer, on=viewer.day)
        elif verb == "administrator":
            actions.make_administrator(found, actor=viewer, on=viewer.day)
        else:
            actions.change_password(found, post.get("password", ""), actor=viewer, on=viewer.day)
            return _person(request, pk, done="密码已经改好；本人登录后要再改一次。")
    except Refused as error:
        return _person(request, pk, error.issues)
    return redirect("desk:orgs-person", pk)
