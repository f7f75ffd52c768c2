"""For which bodies somebody may do a thing with requests, and which of them an address or a form means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404

from gongkai.cases.actions.common import of_body
from gongkai.desk.forms import number_of
from gongkai.orgs.rules import Viewer, may
from gongkai.orgs.tree import BODIES


def bodies_for(viewer: Viewer, *rights: str) -> list[tuple[int, str]]:
    """Bodies for which somebody has one of the rights, in the order of the tree."""
    tree, out = viewer.tree, []

    def walk(pk: int) -> None:
        node = tree[pk]
        if node.kind in BODIES and not node.gone and any(may(viewer, r, of_body(pk, viewer)) for r in rights):
            out.append((pk, node.name))
        for child in node.children:
            walk(child)

    if viewer.held:
        for root in tree.roots():
            walk(root.id)
    return out


def chosen(values: Mapping[str, str], bodies: Sequence[tuple[int, str]], near: Viewer | None = None) -> int:
    """The body that an address names, or the first: of the viewer's own before the others. 404 for one not theirs."""
    named = number_of(values, "body")
    if named is None:
        own = {near.tree.body_of(h.organisation).id for h in near.held} if near is not None else set()
        return next((pk for pk, _ in bodies if pk in own), bodies[0][0])
    if named not in {pk for pk, _ in bodies}:
        raise Http404
    return named
