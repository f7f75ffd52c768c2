"""The data beside the pages: types, exact numbers, the same records in the same order, and the description of the API."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from gongkai.portal import about, bulk, paper, press
from gongkai.records import actions
from gongkai.records.kinds import kind_of, kinds
from gongkai.records.models import Draft, Record
from tests.portal import DAY, County, filled, lawful, out, through


def data(client: Client, address: str, media: str = "application/json") -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer["Content-Type"].startswith(media), (address, answer["Content-Type"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def rows(client: Client, address: str) -> list[list[str]]:
    held = data(client, address, "text/csv")
    assert held.startswith(b"\xef\xbb\xbf"), address
    return list(csv.reader(io.StringIO(held.decode("utf-8-sig"))))


def linked(page: str) -> list[int]:
    """The records of a page's list, in order."""
    main = page[page.index("<main") : page.index("</main>")]
    held = main[main.index('class="lines"') :] if 'class="lines"' in main else main[main.index("grid stack") :]
    return [int(n) for n in re.findall(r'href="/p/(\d+)\.html"', held)]


LISTS = ["/list/normative/", "/list/budget/", "/list/notice/?q=宅基地", "/policy/", "/policy/?year=2026&kind=normative"]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_and_its_twins_say_the_same(county: County, client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    found = {
        media: re.search(rf'<link rel="alternate" type="{media}" href="([^"]+)">', page)
        for media in ("application/json", "text/csv")
    }
    assert all(found.values())
    addresses = {media: m[1].replace("&amp;", "&") for media, m in found.items() if m}
    for one in addresses.values():
        assert f'<a href="{one.replace("&", "&amp;")}">' in page
    listed = json.loads(data(client, addresses["application/json"]))
    assert [r["id"] for r in listed["records"]] == linked(page) and listed["total"] == len(listed["records"])
    table = rows(client, addresses["text/csv"])
    assert [r[0] for r in table[1:]] == [r["title"] for r in listed["records"]]
    assert [r[-1] for r in table[1:]] == [f"http://testserver{r['url']}" for r in listed["records"]]


def test_lists_of_the_column(county: County, client: Client) -> None:
    top, civil = county.orgs["county"], county.orgs["civil"]
    for at in (f"/gk/{top}/open/20-1", f"/gk/{civil}/systems", f"/gk/{civil}/reports"):
        listed = json.loads(data(client, f"{at}.json"))
        assert [r["id"] for r in listed["records"]] == linked(client.get(f"{at}/").content.decode())
        assert len(rows(client, f"{at}.csv")) == 1 + listed["total"]
    front = json.loads(data(client, f"/gk/{top}.json"))
    assert front["guide"] == f"/p/{county.records['guide']}.json" and front["body"] == "临溪县人民政府"
    for item in front["items"]:
        assert json.loads(data(client, item["url"]))["total"] == item["count"]
    assert len(rows(client, f"/gk/{top}.csv")) == 1 + len(front["items"])


def test_a_record_says_what_its_page_says(county: County, client: Client) -> None:
    for code, pk in county.records.items():
        page = client.get(f"/p/{pk}.html").content.decode()
        assert f'<link rel="alternate" type="application/json" href="/p/{pk}.json">' in page
        said = json.loads(data(client, f"/p/{pk}.json"))
        assert said == json.loads(data(client, f"/api/records/{pk}")) and said["id"] == pk
        assert said["title"] in page and said["index_number"] in page, code
        for address in said["tables"].values():
            assert f'href="{address}"' in page, code
        for one in said["attachments"]:
            assert f'href="{one["url"]}"' in page and client.get(one["url"]).status_code == 200


def test_numbers_are_the_text_that_was_typed(county: County, client: Client) -> None:
    payments = [{**row, "amount": "90071992547409931.10"} for row in filled("subsidy")["payments"]]
    record = out(county, "subsidy", "金额很大的发放结果", fields={"payments": payments}, name="big")
    said = json.loads(data(client, f"/p/{record.pk}.json"))
    assert {row["amount"] for row in said["fields"]["payments"]["value"]} == {"90071992547409931.10"}
    table = rows(client, f"/p/{record.pk}/table-payments.csv")
    at = next(n for n, head in enumerate(table[0]) if head.startswith("金额"))
    assert {row[at] for row in table[1:-1]} == {"90071992547409931.10"}
    assert table[-1][at] == "360287970189639724.40" and table[-1][0] == "合计"  # four of them, by hand
    page = client.get(f"/p/{record.pk}.html").content.decode()
    assert "360,287,970,189,639,724.40" in page


@pytest.mark.parametrize("bad", ["=1+1", "@SUM(A1)", "+86 13", "-2+3", " =1", "＝1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(county: County, client: Client, bad: str) -> None:
    payments = [{**row, "person": bad} for row in filled("subsidy")["payments"]]
    record = out(county, "subsidy", f"{bad}发放结果", fields={"payments": payments}, name="bad")
    for address in (f"/p/{record.pk}/table-payments.csv", "/list/subsidy.csv", "/api/bulk/subsidy.csv"):
        for row in rows(client, address):
            assert not [
                c for c in row if c.lstrip(" ")[:1] in tuple("=@＝") or (c[:1] in tuple("+-") and not _number(c))
            ]
    assert json.loads(data(client, f"/p/{record.pk}.json"))["title"].startswith(bad.strip())


def _number(cell: str) -> bool:
    return re.fullmatch(r"[+-][\d,.]+", cell) is not None


def test_negative_amounts_stay_numbers() -> None:
    from gongkai.portal.api.values import as_csv

    assert "".join(as_csv([["-12.50", "+3", "-1,200", "-x"]])) == '\ufeff-12.50,+3,"-1,200",\'-x\r\n'


def test_older_versions_have_their_own(county: County, client: Client, press_folder: Path) -> None:
    record = lawful(county)
    actions.revise(record.pk, actor=county.who("clerk"), on=DAY)
    draft = Draft.objects.get(record=record)
    change = {"body": "第一条 新的内容。"}
    actions.write_draft(record.pk, change, revision=draft.revision, actor=county.who("clerk"), on=DAY)
    through(county, Record.objects.get(pk=record.pk), "提高了标准")
    old = json.loads(data(client, f"/p/{record.pk}/v1.json"))
    assert "规范帮扶工作" in old["body"] and old["version"] == 1 and old["url"] == f"/p/{record.pk}/v1.html"
    assert "新的内容" in json.loads(data(client, f"/p/{record.pk}.json"))["body"]
    assert client.get(f"/p/{record.pk}/v2.json").status_code == 404
    press.press([record.pk])
    for name in ("v1.json", "../" + f"{record.pk}.json"):
        path = (paper.folder() / str(record.pk) / name).resolve()
        assert path.read_bytes() == data(client, "/p/" + str(path.relative_to(paper.folder())))
    page = client.get(f"/p/{record.pk}/v1.html").content.decode()
    assert f'href="/p/{record.pk}/v1.json"' in page


def test_files_of_the_twins_are_not_taken_by_attachments(county: County, client: Client) -> None:
    files = [
        ("table-payments.csv", b"1,2", "text/csv"),
        ("v1.json", b"{}", "application/json"),
        ("同名.txt", b"1", "text/plain"),
    ]
    record = out(county, "subsidy", "附件名很巧", files=[*files, ("同名.txt", b"2", "text/plain")], name="clash")
    said = json.loads(data(client, f"/p/{record.pk}.json"))
    addresses = [a["url"] for a in said["attachments"]]
    assert len(set(addresses)) == 4
    held = [b"".join(client.get(a).streaming_content) for a in addresses]  # type: ignore[attr-defined]
    assert held == [b"1,2", b"{}", b"1", b"2"]
    assert "姓名" in rows(client, f"/p/{record.pk}/table-payments.csv")[0]


def test_the_zip_holds_everything_and_is_sent_in_pieces(county: County, client: Client, press_folder: Path) -> None:
    about.path().write_text(
        'name = "临溪县"\nlicence = "署名使用"\nlicence_url = "https://www.linxi.example/licence"\n', "utf-8"
    )
    large = b"%PDF-1.4 " + bytes(3 * bulk.PIECE)
    out(county, "notice", "有大附件的公告", files=[("大.pdf", large, "application/pdf")], name="large")
    held = list(bulk.packed(kinds()["notice"], "https://www.linxi.example"))
    assert max(len(p) for p in held) < 2 * bulk.PIECE  # never the whole of it in memory
    with zipfile.ZipFile(io.BytesIO(b"".join(held))) as archive:
        assert archive.testzip() is None
        assert archive.read(f"附件/{county.records['large']}/大.pdf") == large
        assert "署名使用 https://www.linxi.example/licence" in archive.read("说明.txt").decode()
        lines = [json.loads(line) for line in archive.read("notice.jsonl").splitlines()]
        table = list(csv.reader(io.StringIO(archive.read("list.csv").decode("utf-8-sig"))))
        assert [r["title"] for r in lines] == [r[0] for r in table[1:]]
    page = client.get("/data/").content.decode()
    assert "署名使用" in page and 'href="/api/bulk/notice.zip"' in page and "768 KB" in page
    whole = data(client, "/api/bulk/notice.zip", "application/zip")
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None


def test_withdrawn_in_the_middle_of_a_zip_it_is_not_sent(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_A_TIME", 1)
    pdf = [("名单.pdf", b"%PDF secret", "application/pdf")]
    for n in range(3):
        out(county, "news", f"动态第{n}条", files=pdf, name=f"n{n}")
    pieces = bulk.packed(kind_of("news"), "")
    held = [next(pieces)]
    Record.objects.filter(pk=county.records["n2"]).update(audience="internal")
    held += list(pieces)
    with zipfile.ZipFile(io.BytesIO(b"".join(held))) as archive:
        assert not [n for n in archive.namelist() if f"/{county.records['n2']}/" in n]
        assert "动态第2条" not in archive.read("news.jsonl").decode()


@pytest.mark.parametrize(
    "address",
    [
        "/api/records?owner=99999999999999999999",
        "/api/records?year=99999999",
        "/api/records?year=0",
        "/api/records?offset=99999999999999999999999&limit=-4",
        "/api/records?kind=nothing",
        "/api/records?validity=nonsense",
        "/api/records?q=%00",
        "/api/search?q=%00&offset=99999999999999999999",
        "/api/search?q=&kind=%00&limit=100000",
        "/api/suggest?q=%00",
        "/search/?q=%00&page=99999999999999999999&kind=%00",
        "/search/?q=" + quote('"（《' * 40),
        "/search/suggest/?q=%F0%9F%98%80",
        "/search.csv?q=a&order=nonsense&page=x",
        "/list/notice.json?owner=99999999999999999999",
        "/gk/99999999999999999999.json",
        "/p/99999999999999999999999.json",
        "/api/records/99999999999999999999999",
    ],
)
def test_nonsense_is_answered_in_order(county: County, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (200, 404, 422), address
    if "/api/records?" in address and (
        "nothing" in address or "nonsense" in address or "year" in address or "owner" in address
    ):
        assert json.loads(answer.content)["total"] == 0, address


# -- OpenAPI -----------------------------------------------------------------------------------------------------------


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """What of a value its schema does not allow: as much of JSON Schema as the description uses."""
    if "$ref" in schema:
        return fits(value, root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], root, at)
    if "anyOf" in schema:
        tried = [fits(value, one, root, at) for one in schema["anyOf"]]
        return [] if any(not t for t in tried) else tried[0]
    told = schema.get("type")
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "null": type(None),
        "boolean": bool,
    }
    if told and (not isinstance(value, types[told]) or (isinstance(value, bool) and told in ("integer", "number"))):
        return [f"{at}: {value!r:.60} is no {told}"]
    out: list[str] = []
    if isinstance(value, dict):
        known = schema.get("properties", {})
        out += [f"{at}.{key} is missing" for key in schema.get("required", []) if key not in value]
        for key, one in value.items():
            more = schema.get("additionalProperties", {})
            if key not in known and (known and not more):
                out.append(f"{at}.{key} is not described")
            out += fits(one, known.get(key, more if isinstance(more, dict) else {}), root, f"{at}.{key}")
    if isinstance(value, list):
        for n, one in enumerate(value):
            out += fits(one, schema.get("items", {}), root, f"{at}[{n}]")
    if schema.get("format") == "date" and isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        out.append(f"{at}: {value} is no date")
    return out


def test_the_description_is_whole_and_true(county: County, client: Client) -> None:
    said = json.loads(data(client, "/api/openapi.json"))
    assert said["openapi"].startswith("3.") and said["info"]["title"] and said["info"]["version"]
    for one in nodes(said):
        if isinstance(ref := one.get("$ref"), str):
            assert ref.startswith("#/components/schemas/") and ref.rsplit("/", 1)[1] in said["components"]["schemas"]
    names: list[str] = []
    for path, verbs in said["paths"].items():
        for verb, one in verbs.items():
            assert verb == "get" and one["summary"] and one["description"]
            names.append(one["operationId"])
            inside = {p["name"] for p in one.get("parameters", []) if p["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path)) and all(
                p["required"] for p in one.get("parameters", []) if p["in"] == "path"
            )
            assert all("schema" in p for p in one.get("parameters", []))
            content = one["responses"]["200"]["content"]
            assert content and all("schema" in c for c in content.values())
            address = path.format(pk=county.records["normative"], code="notice") + (
                "?q=办法" if path.endswith(("search", "suggest")) else ""
            )
            ((media, told),) = content.items()
            held = data(client, address, media)
            if media == "application/json":
                assert not fits(json.loads(held), told["schema"], said, path), path
    assert len(names) == len(set(names))
    assert fits({"total": "1"}, {"$ref": "#/components/schemas/Listing"}, said)  # the reader of schemas can fail
    for code in kinds():
        pk = county.records[code]
        assert not fits(
            json.loads(data(client, f"/api/records/{pk}")), {"$ref": "#/components/schemas/Whole"}, said, code
        )


def test_every_page_leads_to_its_data(county: County, client: Client) -> None:
    civil = county.orgs["civil"]
    for address in (
        "/",
        "/policy/",
        "/sitemap/",
        "/data/",
        "/gk/",
        f"/gk/{civil}/",
        f"/gk/{civil}/systems/",
        "/list/notice/",
    ):
        page = client.get(address).content.decode()
        found = re.findall(r'<link rel="alternate" type="(?:application/json|text/csv)" href="([^"]+)">', page)
        assert found and '<a href="/data/">数据接口</a>' in page, address
        for one in found:
            data(client, one.replace("&amp;", "&"), "text/csv" if ".csv" in one else "application/json")
