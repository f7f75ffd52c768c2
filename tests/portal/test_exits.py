"""Every way out of the house, walked at once: what is hidden shows at none of them, and no count has it in.

The table is held against the addresses of the whole site: one that is missing fails. The walk is proved against a leak:
with `visible` broken, it is caught at every exit that asks it.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from gongkai.base.actions import path_of
from gongkai.portal import article20, bulk, paper, press, sheet
from gongkai.portal.api import twins
from gongkai.portal.column import Column
from gongkai.records import reads as records
from gongkai.records.kinds import kinds
from gongkai.records.models import Record, Version
from gongkai.records.rules import topics
from gongkai.search import documents as indexing
from gongkai.search import reads as searching
from gongkai.search.follow import rebuild
from gongkai.site.commands import search as command
from tests.portal import County
from tests.portal.hidden import NUMBERED, SORTS, World, build, word, words


@dataclass(frozen=True)
class Exit:
    """The addresses of a route; whether a record that leaks shows there."""

    addresses: Callable[[World], Iterable[str]]
    leaks: bool = True


def asked(world: World) -> Iterator[str]:
    """The very words as queries; the first letters of their sound; what they all have in common."""
    for sort in SORTS:
        for place in ("title", "number", "body", "cell", "text", "said"):
            yield word(sort, place)
    yield from ("临溪县", "事项", "dibao", "补贴", "有关事项")


def searched(at: str) -> Callable[[World], Iterator[str]]:
    """An address with q."""
    join = "&" if "?" in at else "?"

    def made(world: World) -> Iterator[str]:
        for one in asked(world):
            yield f"{at}{join}q={quote(one)}"

    return made


def titled(at: str) -> Callable[[World], Iterator[str]]:
    """A list as it is, in pages, and narrowed by the words of titles and numbers."""

    def made(world: World) -> Iterator[str]:
        join = "&" if "?" in at else "?"
        yield at
        for number in (2, 99):
            yield f"{at}{join}page={number}"
        for sort in NUMBERED:
            yield f"{at}{join}q={word(sort, 'title')}"
            yield f"{at}{join}q={quote(word(sort, 'number') + '规〔2026〕')}"
        for sort in ("limited", "older", "narrowed"):
            yield f"{at}{join}q={word(sort, 'keywords')}"

    return made


def both(*parts: Callable[[World], Iterable[str]]) -> Callable[[World], Iterator[str]]:
    """One after the other."""

    def made(world: World) -> Iterator[str]:
        for part in parts:
            yield from part(world)

    return made


def these(*addresses: str) -> Callable[[World], Iterable[str]]:
    """Just these."""
    return lambda world: addresses


def everyone(pattern: str) -> Callable[[World], Iterator[str]]:
    """An address for every record there is, hidden or out."""

    def made(world: World) -> Iterator[str]:
        for pk in sorted({*world.hidden.values(), *world.public, 10**9, 10**30}):
            yield pattern.format(pk=pk)

    return made


def concealed(pattern: str, *, out: bool = False) -> Callable[[World], Iterator[str]]:
    """An address for every hidden record with each of its names: as attached, guessed, by digest, its tables."""

    def made(world: World) -> Iterator[str]:
        for sort, pk in world.hidden.items():
            digest = world.digests[sort]
            for name in (f"附件{word(sort, 'name')}.txt", "附件.txt", "table-payments.csv", digest, f"{digest}.txt"):
                for number in (1, 2, 3):
                    yield pattern.format(pk=pk, number=number, name=quote(name), key="payments")
                    if "{number}" not in pattern:
                        break

    return made


def bodies(pattern: str) -> Callable[[World], Iterator[str]]:
    """An address for every organisation."""

    def made(world: World) -> Iterator[str]:
        for pk in world.county.orgs.values():
            yield pattern.format(pk=pk)

    return made


def items(pattern: str) -> Callable[[World], Iterator[str]]:
    """An address for each item of the law, of the county and of the department."""

    def made(world: World) -> Iterator[str]:
        for name in ("county", "civil"):
            pk = world.county.orgs[name]
            for item in article20.items(Column(pk).body.kind):  # type: ignore[union-attr]
                yield pattern.format(pk=pk, code=item.code)
                yield pattern.format(pk=pk, code=item.code) + "?page=2"

    return made


def codes(pattern: str) -> Callable[[World], Iterator[str]]:
    """An address for each kind."""

    def made(world: World) -> Iterator[str]:
        for code in (*kinds(), "nothing"):
            yield pattern.format(code=code)

    return made


def filtered(at: str) -> Callable[[World], Iterator[str]]:
    """Every filter that narrows to what is hidden."""

    def made(world: World) -> Iterator[str]:
        join = "&" if "?" in at else "?"
        civil = world.county.orgs["civil"]
        for query in (
            f"owner={civil}",
            "year=2026",
            "order=formed",
            f"topic={quote('民政、扶贫、救灾')}",
            "kind=normative",
        ):
            yield f"{at}{join}{query}"
        for state in ("in-force", "repealed", "pending", "lapsed", "modified"):
            yield f"{at}{join}validity={state}"

    return made


def lists(suffix: str) -> Callable[[World], Iterator[str]]:
    """Lists of the kinds that hide something, and all others as they are."""
    return both(codes("/list/{code}" + suffix), *(titled(f"/list/{c}{suffix}") for c in ("normative", "subsidy")))


def limited_codes(pattern: str) -> Callable[[World], Iterator[str]]:
    """What a code opens, guessed from everything that is no code."""

    def made(world: World) -> Iterator[str]:
        for sort, pk in world.hidden.items():
            for guess in (str(pk), sort, world.digests[sort], "None", "null"):
                yield pattern.format(code=guess, name=quote(f"附件{word(sort, 'name')}.txt"))

    return made


API = "/api/records"
ASKING = ("", "amend/", "found/", "body/", "what/", "how/", "who/", "contact/")
ASKING += ("check/", "done/", "leave/", "progress/")
ASKING += tuple(f"progress/{at}/" for at in ("case", "correct", "reasons", "suggest", "withdraw", "follow"))
EXITS: dict[str, Exit] = {
    "": Exit(these("/", "/?page=2")),
    "search/": Exit(both(these("/search/"), searched("/search/"), searched("/search/?literal=1&order=date"))),
    "search/suggest/": Exit(searched("/search/suggest/")),
    "search.json": Exit(both(these("/search.json"), searched("/search.json"))),
    "search.csv": Exit(both(these("/search.csv"), searched("/search.csv"))),
    "data/": Exit(these("/data/")),
    "gk/": Exit(these("/gk/")),
    "gk/<int:pk>/": Exit(bodies("/gk/{pk}/")),
    "gk/<int:pk>.json": Exit(bodies("/gk/{pk}.json")),
    "gk/<int:pk>.csv": Exit(bodies("/gk/{pk}.csv")),
    "gk/<int:pk>/guide/": Exit(bodies("/gk/{pk}/guide/")),
    "gk/<int:pk>/systems/": Exit(bodies("/gk/{pk}/systems/")),
    "gk/<int:pk>/systems.json": Exit(bodies("/gk/{pk}/systems.json")),
    "gk/<int:pk>/systems.csv": Exit(bodies("/gk/{pk}/systems.csv")),
    "gk/<int:pk>/reports/": Exit(bodies("/gk/{pk}/reports/")),
    "gk/<int:pk>/reports.json": Exit(bodies("/gk/{pk}/reports.json")),
    "gk/<int:pk>/reports.csv": Exit(bodies("/gk/{pk}/reports.csv")),
    "gk/<int:pk>/apply/": Exit(bodies("/gk/{pk}/apply/")),
    "gk/<int:pk>/open/<slug:code>/": Exit(items("/gk/{pk}/open/{code}/")),
    "gk/<int:pk>/open/<slug:code>.json": Exit(items("/gk/{pk}/open/{code}.json")),
    "gk/<int:pk>/open/<slug:code>.csv": Exit(items("/gk/{pk}/open/{code}.csv")),
    "policy/": Exit(both(titled("/policy/"), filtered("/policy/"))),
    "policy.json": Exit(both(titled("/policy.json"), filtered("/policy.json"))),
    "policy.csv": Exit(both(titled("/policy.csv"), filtered("/policy.csv"))),
    "policy/rss/": Exit(both(titled("/policy/rss/"), filtered("/policy/rss/"))),
    "list/<slug:code>/": Exit(lists("/")),
    "list/<slug:code>.json": Exit(lists(".json")),
    "list/<slug:code>.csv": Exit(lists(".csv")),
    "p/<int:pk>.html": Exit(everyone("/p/{pk}.html")),
    "p/<int:pk>.json": Exit(everyone("/p/{pk}.json")),
    "p/<int:pk>/table-<slug:key>.csv": Exit(concealed("/p/{pk}/table-{key}.csv")),
    "p/<int:pk>/v<int:number>.html": Exit(concealed("/p/{pk}/v{number}.html")),
    "p/<int:pk>/v<int:number>.json": Exit(concealed("/p/{pk}/v{number}.json")),
    "p/<int:pk>/v<int:number>/<str:name>": Exit(concealed("/p/{pk}/v{number}/{name}")),
    "p/<int:pk>/<str:name>": Exit(concealed("/p/{pk}/{name}")),
    "live/<int:pk>.html": Exit(everyone("/live/{pk}.html")),
    "live/<int:pk>.json": Exit(everyone("/live/{pk}.json")),
    "live/<int:pk>/table-<slug:key>.csv": Exit(concealed("/live/{pk}/table-{key}.csv")),
    "live/<int:pk>/v<int:number>.html": Exit(concealed("/live/{pk}/v{number}.html")),
    "live/<int:pk>/v<int:number>.json": Exit(concealed("/live/{pk}/v{number}.json")),
    "live/<int:pk>/v<int:number>/<str:name>": Exit(concealed("/live/{pk}/v{number}/{name}")),
    "live/<int:pk>/<str:name>": Exit(concealed("/live/{pk}/{name}")),
    "x/<str:code>/": Exit(limited_codes("/x/{code}/"), leaks=False),  # asks `by_code`, not `visible`
    "x/<str:code>/<str:name>": Exit(limited_codes("/x/{code}/{name}"), leaks=False),
    "old/<path:path>": Exit(lambda w: [f"/old/was/{sort}.html" for sort in SORTS]),
    "sitemap/": Exit(these("/sitemap/")),
    "sitemap.json": Exit(these("/sitemap.json")),
    "sitemap.csv": Exit(these("/sitemap.csv")),
    "sitemap.xml": Exit(these("/sitemap.xml"), leaks=False),
    "sitemap-<int:number>.xml": Exit(these("/sitemap-0.xml", "/sitemap-1.xml")),
    "robots.txt": Exit(these("/robots.txt"), leaks=False),
    "rss/": Exit(these("/rss/")),
    "rss/<slug:code>/": Exit(codes("/rss/{code}/")),
    # What these show they show to one visitor who asked; without that they lead away (tests/portal/test_asking.py).
    **{f"ask/{at}": Exit(these(f"/ask/{at}"), leaks=False) for at in ASKING},
    "ask/progress/letter/<int:pk>.docx": Exit(everyone("/ask/progress/letter/{pk}.docx"), leaks=False),
    "ask/progress/letter/<int:pk>.pdf": Exit(everyone("/ask/progress/letter/{pk}.pdf"), leaks=False),
    "ask/progress/paper/<int:pk>/": Exit(everyone("/ask/progress/paper/{pk}/"), leaks=False),
    "api/": Exit(these("/api/"), leaks=False),
    "api/openapi.json": Exit(these("/api/openapi.json"), leaks=False),
    "api/records": Exit(both(titled(API), filtered(API), these(f"{API}?offset=9&limit=200"))),
    "api/records.csv": Exit(both(titled(f"{API}.csv"), filtered(f"{API}.csv"))),
    "api/records/<int:pk>": Exit(everyone("/api/records/{pk}")),
    "api/kinds": Exit(these("/api/kinds")),
    "api/organisations": Exit(these("/api/organisations")),
    "api/search": Exit(both(these("/api/search?q=&limit=50"), searched("/api/search?limit=50"))),
    "api/suggest": Exit(searched("/api/suggest")),
    "api/bulk/<slug:code>.jsonl": Exit(codes("/api/bulk/{code}.jsonl")),
    "api/bulk/<slug:code>.csv": Exit(codes("/api/bulk/{code}.csv")),
    "api/bulk/<slug:code>.zip": Exit(codes("/api/bulk/{code}.zip")),
}
"""Every route of the site but the desk's."""

COUNTS_ONLY = {"data/", "sitemap/", "sitemap.json", "sitemap.csv", "api/kinds", "api/organisations"}
COUNTS_ONLY |= {"gk/<int:pk>.json", "gk/<int:pk>.csv", "gk/", "gk/<int:pk>/"}
"""Where records show as a number only: held against the public set counted by hand."""


# -- looking -----------------------------------------------------------------------------------------------------------


def inside(data: bytes) -> str:
    """Everything that bytes say: a zip is opened, what is escaped is read as it is meant."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            return "\n".join(f"{n}\n{inside(archive.read(n))}" for n in archive.namelist())
    text = data.decode("utf-8", "replace")
    out = [text]
    if "%" in text:
        out.append(unquote(text))
    if "&" in text:
        out.append(html.unescape(text))
    if "\\u" in text:
        out.append(re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text))
    return "\n".join(out)


def body_of(answer: HttpResponseBase) -> bytes:
    if answer.streaming:
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.content  # type: ignore[attr-defined,no-any-return]


def said_by(answer: HttpResponseBase) -> str:
    return inside(body_of(answer)) + "\n" + unquote("\n".join(f"{k}: {v}" for k, v in answer.headers.items()))


@dataclass
class Watch:
    """What may not be seen, and where the little that may."""

    world: World

    def __post_init__(self) -> None:
        self.secrets: dict[str, str] = {w: sort for sort in SORTS for w in words(sort)}
        self.secrets |= {digest: sort for sort, digest in self.world.digests.items()}
        for sort, pk in self.world.hidden.items():
            held = Record.objects.get(pk=pk)
            if held.access_code:
                self.secrets[held.access_code] = sort
            if held.index_number and pk in self.world.gone:
                self.secrets[f"{held.index_number}"] = sort
        numbers = "|".join(str(pk) for pk in sorted(self.world.gone))
        self.link = re.compile(rf"/(?:p|live|records)/(?:{numbers})(?![0-9])")
        self.any = re.compile("|".join(re.escape(s) for s in sorted(self.secrets, key=len, reverse=True)))

    def caught(self, address: str, text: str) -> set[str]:
        """What of the hidden shows in a text. What was asked for is said back; a tombstone says its title."""
        asked_for = unquote(address)
        own = re.fullmatch(r"/(?:p|live)/(\d+)\.html", address)
        stone = own is not None and int(own[1]) == self.world.hidden["withdrawn"]
        path = asked_for.partition("?")[0]
        found = {m for m in self.any.findall(text) if m not in asked_for}
        if stone:
            found.discard(word("withdrawn", "title"))
        found |= {m for m in self.link.findall(text) if m != path.rpartition(".")[0] and not path.startswith(m)}
        return found

    def walk(self, client: Client, route: str) -> dict[str, set[str]]:
        """Every address of a route, as GET and as HEAD."""
        out: dict[str, set[str]] = {}
        for address in EXITS[route].addresses(self.world):
            answer = client.get(address)
            assert answer.status_code in (200, 301, 302, 404, 410, 422), (address, answer.status_code)
            if found := self.caught(address, said_by(answer)):
                out[address] = found
            head = client.head(address)
            refused = 405 if address.startswith("/api/") else answer.status_code  # the API answers GET alone
            assert head.status_code in (answer.status_code, refused), address
            assert not body_of(head), address
            if found := self.caught(address, said_by(head)):
                out[f"HEAD {address}"] = found
        return out


def routes() -> set[str]:
    """The whole URL configuration outside the desk."""

    def below(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
        for one in patterns:
            at = before + str(one.pattern)
            if isinstance(one, URLPattern):
                yield at
            else:
                yield from below(one.url_patterns, at)

    return {at for at in below(get_resolver().url_patterns) if not at.startswith("desk/")}


# -- fixtures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(county: County, press_folder: Path) -> Iterator[World]:
    made = build(county)
    for sort, pk in made.hidden.items():
        if sort not in ("older", "beside", "gate"):
            Record.objects.filter(pk=pk).update(old_address=f"/was/{sort}.html")
    rebuild()
    yield made
    searching.engine().rebuild([])
    searching._spelling.cache_clear()
    bulk._sizes.cache_clear()


def fresh() -> None:
    """Nothing remembered from before."""
    searching._spelling.cache_clear()
    bulk._sizes.cache_clear()
    indexing.attachment_text.cache_clear()


def everything_out(viewer: object = None) -> Any:
    """`visible` with a hole: whatever was ever put into a version that is named."""
    return Record.objects.exclude(published=None)


def leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the one gate, and the index with it."""
    monkeypatch.setattr(records, "visible", everything_out)
    monkeypatch.setattr(searching, "visible", everything_out)
    searching.engine().rebuild([replace(d, seen=("public",)) for d in indexing.documents()])
    fresh()


# -- the test ----------------------------------------------------------------------------------------------------------


def test_no_way_out_is_missing_from_the_table() -> None:
    assert routes() == set(EXITS)


def test_what_is_hidden_shows_nowhere(world: World, client: Client) -> None:
    fresh()
    watch = Watch(world)
    told = {route: found for route in EXITS if (found := watch.walk(client, route))}
    assert not told
    _counts(world, client)
    _pressed(world, watch)
    _tombstone(world, client)
    _limited(world, client)
    _command(world, watch)
    _static(watch)


def test_a_leak_is_caught_at_every_way_out(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a `visible` with a hole, then the walk sees it at each exit that shows records, and the counts are off."""
    watch = Watch(world)
    for number, (code, sort) in enumerate(
        (("guide", "internal"), ("institution", "on_request"), ("annual_report", "limited"))
    ):
        # One of the kinds that have pages of their own, so that these have something to leak.
        Record.objects.filter(pk=world.hidden[sort]).update(kind=code, first_published_at="2026-03-02T10:00:00+08:00")
        fields = {"application": word(sort, "field"), "remedy": word(sort, "cell"), "year": str(2000 + number)}
        Version.objects.filter(record=world.hidden[sort]).update(fields=fields)
    client.raise_request_exception = False
    leak(monkeypatch)
    blind = set()
    for route, way in EXITS.items():
        if not way.leaks or route in COUNTS_ONLY:
            continue
        for address in way.addresses(world):
            answer = client.get(address)
            text = said_by(answer) if answer.status_code < 500 else ""
            if watch.caught(address, text) or answer.status_code == 301:
                break
        else:
            blind.add(route)
    assert not blind
    with pytest.raises(AssertionError):
        _counts(world, client)
    press.press_all()
    with pytest.raises(AssertionError):
        _pressed(world, watch)
    with pytest.raises(AssertionError):
        _command(world, watch)


def test_a_leak_of_versions_and_codes_is_caught(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two other gates: which versions of what is out were public, and what a code opens."""
    watch = Watch(world)
    every = lambda record: list(record.versions.prefetch_related("statuses").order_by("-number"))  # noqa: E731
    monkeypatch.setattr(sheet, "public_versions", every)
    monkeypatch.setattr(twins, "public_versions", every)
    monkeypatch.setattr(
        records, "by_code", lambda code: Record.objects.filter(pk=code if code.isdigit() else 0).first()
    )
    blind = {
        route for route in EXITS if ("/v<int" in route or route.startswith("x/")) and not watch.walk(client, route)
    }
    assert not blind
    with pytest.raises(AssertionError):
        _pressed(world, watch)


@pytest.mark.parametrize("route", sorted(COUNTS_ONLY))
def test_a_leak_changes_each_number(world: World, client: Client, monkeypatch: pytest.MonkeyPatch, route: str) -> None:
    """Where only numbers show, a leak shows in them."""
    address = next(iter(EXITS[route].addresses(world)))
    before = body_of(client.get(address))
    leak(monkeypatch)
    assert body_of(client.get(address)) != before


# -- what is counted by hand -------------------------------------------------------------------------------------------


def _by_hand(world: World) -> list[Record]:
    """The public set as the test put it out: asked by number, without `visible`."""
    held = list(Record.objects.filter(pk__in=world.public))
    assert len(held) == len(set(world.public))
    return held


def _get(client: Client, address: str) -> Any:
    return json.loads(client.get(address).content)


def _counts(world: World, client: Client) -> None:
    out = _by_hand(world)
    of_kind = Counter(r.kind for r in out)
    of_owner = Counter(r.owner_id for r in out)
    numbers = {r.pk for r in out}
    assert _get(client, "/api/records?limit=1")["total"] == len(out)
    for form in ("/api/kinds", "/sitemap.json"):
        held = _get(client, form)
        rows = held["kinds"] if isinstance(held, dict) else held
        assert {k["code"]: k["count"] for k in rows if k["count"]} == dict(of_kind), form
    assert {o["id"]: o["count"] for o in _get(client, "/api/organisations")} == dict(of_owner)
    for code in kinds():
        listed = _get(client, f"/list/{code}.json")
        assert listed["total"] == of_kind[code] == len(listed["records"]), code
        assert f"共{of_kind[code]}条" in client.get(f"/list/{code}/").content.decode(), code
        lines = body_of(client.get(f"/api/bulk/{code}.jsonl")).splitlines()
        assert {json.loads(line)["id"] for line in lines} == {r.pk for r in out if r.kind == code}
        assert client.get(f"/rss/{code}/").content.count(b"<item>") == min(of_kind[code], 50)
        csv_lines = body_of(client.get(f"/api/bulk/{code}.csv")).decode().strip().splitlines()
        assert len(csv_lines) == 1 + of_kind[code]
        with zipfile.ZipFile(io.BytesIO(body_of(client.get(f"/api/bulk/{code}.zip")))) as archive:
            assert len(archive.read("list.csv").decode().strip().splitlines()) == 1 + of_kind[code]
            assert len(archive.read(f"{code}.jsonl").splitlines()) == of_kind[code]
            files = sum(len(r.published.attachments) for r in out if r.kind == code and r.published)
            assert sum(n.startswith("附件/") for n in archive.namelist()) == files
    policy = of_kind["normative"] + of_kind["policy"]
    library = client.get("/policy/").content.decode()
    assert f"共{policy}份" in library
    assert f"（{of_kind['normative']}）" in library
    civil = world.county.orgs["civil"]
    theirs = sum(r.owner_id == civil and r.kind in ("normative", "policy") for r in out)
    assert f'value="{civil}"' in library and f"临溪县民政局（{theirs}）" in library
    column = _get(client, f"/gk/{world.county.orgs['county']}.json")
    items = {i["code"]: i["count"] for i in column["items"]}
    article20_1 = [k.code for k in kinds().values() if k.article == "20(1)"]
    assert items["20-1"] == sum(of_kind[c] for c in article20_1)
    assert column["total"] == sum(n for code, n in items.items() if not code.startswith("21-"))
    assert f"已公开{column['total']}条" in client.get("/gk/").content.decode()
    maps = client.get("/sitemap-0.xml").content.decode()
    assert {int(n) for n in re.findall(r"/p/(\d+)\.html", maps)} == numbers
    assert f"{len(out)}条信息" in client.get("/data/").content.decode()
    everything = _get(client, "/api/search?q=&limit=50")
    assert everything["total"] == len(out)
    names = Counter(kinds()[k].name for k in of_kind.elements())
    assert {v["value"]: v["count"] for v in everything["facets"]["kind"]} == dict(names)
    assert sum(v["count"] for v in everything["facets"]["owner"]) == len(out)
    found = _get(client, "/api/search?q=有关事项")["total"]
    told = client.get("/search/?q=有关事项").content.decode()
    assert f"共{found}条" in told
    assert found == sum("有关事项" in (r.published.body if r.published else "") + r.title for r in out)
    for one in asked(world):
        if any(one == w for sort in SORTS for w in words(sort)):
            assert _get(client, f"/api/search?q={quote(one)}")["total"] == 0, one
            assert _get(client, f"/api/suggest?q={quote(one)}") == [], one
    first = next(iter(topics()))
    assert _get(client, f"/api/records?topic={quote(first)}")["total"] == sum(r.topic.startswith(first) for r in out)


# -- exits that are no address -----------------------------------------------------------------------------------------


def _pressed(world: World, watch: Watch) -> None:
    done = press.press_all(again=True)
    assert done.failed == 0
    stone = world.hidden["withdrawn"]
    seen = set()
    for path in sorted(paper.folder().rglob("*")):
        at = "/p/" + str(path.relative_to(paper.folder()))
        seen.add(int(re.findall(r"^/p/(\d+)", at)[0]))
        text = inside(path.read_bytes()) if path.is_file() else ""
        assert not watch.any.search(at) and not watch.caught(at, text), at
    assert seen == {*world.public, stone}
    assert not (paper.folder() / f"{stone}.json").exists() and not (paper.folder() / str(stone)).exists()


def _tombstone(world: World, client: Client) -> None:
    pk = world.hidden["withdrawn"]
    for at in (f"/p/{pk}.html", f"/live/{pk}.html"):
        answer = client.get(at)
        assert answer.status_code == 410
        text = answer.content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        plain = re.sub(r"<[^>]+>|\s", "", main)
        assert (
            plain
            == f"该信息已撤回标题临溪县{word('withdrawn', 'title')}事项撤回日期2026-03-02理由{world.reason}回到首页"
        )
    assert client.get(f"/p/{pk}.json").status_code == client.get(f"/api/records/{pk}").status_code == 404


def _limited(world: World, client: Client) -> None:
    held = world.record("limited")
    page = client.get(f"/x/{held.access_code}/")
    text = inside(page.content)
    for place in ("title", "summary", "body", "field", "cell", "name"):
        assert word("limited", place) in text, place
    assert f"/p/{held.pk}" not in text and "/api/records/" not in text and 'rel="alternate"' not in text
    others = {w for sort in SORTS if sort != "limited" for w in words(sort)}
    assert not [w for w in others if w in text]
    name = quote(f"附件{word('limited', 'name')}.txt")
    assert body_of(client.get(f"/x/{held.access_code}/{name}")) == path_of(world.digests["limited"]).read_bytes()
    assert word("limited", "said") not in text
    narrowed = world.record("narrowed")
    assert client.get(f"/x/{narrowed.access_code}/").status_code == 200
    assert client.get(f"/x/{narrowed.access_code}/v1.html").status_code == 404


def _command(world: World, watch: Watch) -> None:
    import contextlib
    from unittest.mock import patch

    base = Namespace(query="", format="json", limit=100, offset=0, order="relevance", rebuild=False)
    for facet in ("kind", "owner", "topic", "year", "validity"):
        setattr(base, facet, [])
    for one in (*asked(world), ""):
        for form in ("json", "text"):
            base.query, base.format = one, form
            out = io.StringIO()
            # It would migrate, and take in what the log says: here the index stands as the test made it.
            with patch.object(command, "migrate"), patch.object(command, "catch_up"), contextlib.redirect_stdout(out):
                assert command.run(base) == 0
            assert not watch.caught(f"?q={quote(one)}", inside(out.getvalue().encode())), (one, form)


def _static(watch: Watch) -> None:
    import gongkai.portal

    root = Path(gongkai.portal.__file__).parent / "static"
    for path in [*root.rglob("*"), *Path(settings.STATIC_ROOT).rglob("*")]:
        if path.is_file():
            assert not watch.caught("/static/", path.read_bytes().decode("utf-8", "replace")), path
