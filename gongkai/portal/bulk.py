"""All of one kind at once, sent as it is made: lines of JSON, and a zip with the list and the attachments.

Long answers take time in which something may be withdrawn: `visible` is asked again for every handful.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gongkai.base.actions import path_of
from gongkai.base.clock import ZONE, now, today
from gongkai.base.models import Event
from gongkai.portal.about import about
from gongkai.portal.api.values import as_csv, rows, whole
from gongkai.portal.attached import attached
from gongkai.records import reads
from gongkai.records.kinds import Kind
from gongkai.records.models import Record

AT_A_TIME = 50
PIECE = 256 * 1024


def records(code: str) -> Iterator[Record]:
    """Everything that is out of a kind, in the order of its numbers."""
    last = 0
    while True:
        seen = reads.visible(None).filter(kind=code, pk__gt=last, published__isnull=False)
        some = list(seen.select_related("published").order_by("pk")[:AT_A_TIME])
        yield from some
        if len(some) < AT_A_TIME:
            return
        last = some[-1].pk


def lines(code: str) -> Iterator[bytes]:
    """A line of JSON for each record."""
    for record in records(code):
        yield json.dumps(whole(record), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Sink(io.RawIOBase):
    """What a zip is written to: kept until it is taken, never sought in."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._held.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since."""
        held = b"".join(self._held)
        self._held.clear()
        return held


def packed(kind: Kind, root: str) -> Iterator[bytes]:
    """The zip of a kind: 说明.txt, list.csv, the records as lines of JSON, the attachments by record."""
    sink = _Sink()
    moment = now().astimezone(ZONE)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def entry(name: str, *, small: bool) -> zipfile.ZipInfo:
        made = zipfile.ZipInfo(name, stamp)
        made.compress_type = zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED
        made.external_attr = 0o644 << 16
        return made

    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(entry("说明.txt", small=True), _note(kind, root, f"{moment:%Y-%m-%d %H:%M}"))
        with archive.open(entry("list.csv", small=True), "w", force_zip64=True) as out:
            for text in as_csv(rows(records(kind.code), root)):
                out.write(text.encode())
                yield sink.take()
        with archive.open(entry(f"{kind.code}.jsonl", small=True), "w", force_zip64=True) as out:
            for line in lines(kind.code):
                out.write(line)
                yield sink.take()
        for record in records(kind.code):
            assert record.published is not None
            for one in attached(record.published):
                try:
                    held = path_of(one.digest).open("rb")
                except OSError:
                    continue
                with (
                    held,
                    archive.open(entry(f"附件/{record.pk}/{one.name}", small=False), "w", force_zip64=True) as out,
                ):
                    while piece := held.read(PIECE):
                        out.write(piece)
                        yield sink.take()
                yield sink.take()
    yield sink.take()


def _note(kind: Kind, root: str, moment: str) -> str:
    site = about()
    said = [f"{site.name}：{kind.name}", f"取得时间：{moment}（北京时间）", f"来源：{root}/list/{kind.code}/"]
    if site.licence:
        said.append(f"使用条件：{site.licence}{' ' + site.licence_url if site.licence_url else ''}")
    said.append("list.csv 是目录；jsonl 文件每行一条信息的全部内容；附件按信息的编号分文件夹。")
    said.append("信息可能随后修改、撤回，引用时以网站上的为准。")
    return "\r\n".join(said) + "\r\n"


def sizes() -> dict[str, tuple[int, int]]:
    """For each kind how many are out, and how many bytes their attachments have."""
    last = Event.objects.order_by("-seq").values_list("hash", flat=True).first() or ""
    return dict(_sizes(last, today().isoformat()))


@lru_cache(maxsize=2)
def _sizes(state: str, day: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    made: dict[str, tuple[int, int]] = {}
    held = reads.visible(None).order_by().values_list("kind", "published__attachments")
    for code, attachments in held.iterator(chunk_size=2000):
        count, total = made.get(code, (0, 0))
        made[code] = (count + 1, total + _bytes(attachments or ()))
    return tuple(made.items())


def _bytes(attachments: Sequence[dict[str, object]]) -> int:
    return sum(int(str(a.get("size") or 0)) for a in attachments)
