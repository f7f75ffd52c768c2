"""What is said of a content as it stands among the others: what `rules` says of it alone, links that lead nowhere, an
interpretation that is not there yet. Reads only."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import Resolver404, resolve

from gongkai.records import rules
from gongkai.records.checks import Finding, links
from gongkai.records.kinds import Kind
from gongkai.records.models import Content, Link, Record
from gongkai.records.reads import tombs, visible

_PAGE = re.compile(r"/p/(\d+)(?:\.html|\.json|/)")


def examine(kind: Kind, content: Content, record: Record | None = None) -> list[Finding]:
    """Everything that blocks or warns before a content goes before the gates, what blocks first."""
    found = [*rules.examine(kind, content), *dead_links(kind, content), *_unready(kind, content, record)]
    return sorted(found, key=lambda f: f.level != "block")


def dead_links(kind: Kind, content: Content) -> list[Finding]:
    """Links within the site that the public could not follow: withdrawn, not public, or to no address at all."""
    places = [("body", "正文", content.body)]
    places += [
        (f"fields.{f.key}", f.label, str(content.fields.get(f.key) or "")) for f in kind.fields if f.type == "rich"
    ]
    hosts = frozenset(h for h in settings.ALLOWED_HOSTS if h not in ("*", "localhost", "127.0.0.1", "[::1]"))
    out: list[Finding] = []
    for field, label, markup in places:
        for address in links.local_links(markup, hosts) if "<a" in markup else []:
            why = _dead(address)
            if why:
                say = f"站内链接“{address}”{why}，读者点开是空的；请改正或者去掉链接。"
                out.append(Finding("dead_link", "warn", say, label, field, address))
    return out


def _dead(address: str) -> str:
    path = re.sub(r"^https?://[^/]+", "", address).partition("#")[0].partition("?")[0] or "/"
    page = _PAGE.match(path)
    if page:
        pk = int(page[1])
        if visible(None).filter(pk=pk).exists():
            return ""
        return "指向的信息已经撤回" if tombs().filter(pk=pk).exists() else "指向的信息没有公开"
    if path.startswith("/desk/"):
        return "指向工作台，公众打不开"
    if not path.startswith("/") or path.startswith(("/static/", "/p/")):
        return "" if path.startswith("/static/") else "不是完整的地址"
    try:
        resolve(path)
    except Resolver404:
        return "没有这个页面"
    return ""


def _unready(kind: Kind, content: Content, record: Record | None) -> list[Finding]:
    """三同步, told while writing: it stops the last gate and publication, not the writing."""
    if not rules.interpretation_wanted(kind, content):
        return []
    there = record is not None and Link.objects.filter(target=record, relation="interprets").exists()
    if there:
        return []
    say = "标了“应解读”，还没有关联的政策解读：签发以前要提交解读方案和解读材料，发布时一并发布；不作解读的写明理由。"
    return [Finding("interpretation", "warn", say, "", "interpret")]
