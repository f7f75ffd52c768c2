"""The press: every public record as a finished file under the data folder's `press/`, served as /p/.

A record's file is written when something about it, or about a record linked with it, changes; a withdrawal puts the
tombstone there. Files are replaced in one step, so a reader has the old page or the new one, never half of one; the
same bytes are not written twice. A press reads and writes under one lock for all processes, so a page drawn before a
withdrawal cannot be written after it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gongkai import __version__
from gongkai.base.actions import path_of
from gongkai.base.clock import today
from gongkai.base.files import NEW, write_whole
from gongkai.base.models import Event
from gongkai.portal import about, paper, sheet, waiting
from gongkai.portal.api import twins
from gongkai.portal.frame import base
from gongkai.portal.record import page_of, tomb_of
from gongkai.records import reads
from gongkai.records.kinds import kinds
from gongkai.records.models import Link, Record, State, Version

_log = logging.getLogger(__name__)
CHUNK = 20
AT_ONCE = 60
"""More records than these are pressed aside: the transaction that moves the cursor does not wait for them."""
VERBS = frozenset({"publish", "withdraw", "validity", "import"})
_PAGE = re.compile(r"(\d+)(?:\.html|\.json)?")


@dataclass
class Done:
    """What a press has done."""

    records: int = 0
    written: int = 0
    removed: int = 0
    failed: int = 0

    def add(self, other: Done) -> None:
        """Add up."""
        self.records += other.records
        self.written += other.written
        self.removed += other.removed
        self.failed += other.failed


def press(ids: Iterable[int], *, lasting: bool = True) -> Done:
    """Bring the files of these records in step with what the public may see now."""
    done = Done()
    todo = sorted(set(ids))
    for at in range(0, len(todo), CHUNK):
        with paper.alone():
            done.add(_press(todo[at : at + CHUNK], lasting))
            if lasting:
                paper.settle()
    return done


def _press(ids: list[int], lasting: bool) -> Done:
    paper.make_folder()
    done = Done(records=len(ids))
    seen = {r.pk: r for r in reads.visible(None).filter(pk__in=ids).select_related("published", "owner")}
    tombs = {r.pk: r for r in reads.tombs().filter(pk__in=ids)}
    for pk in ids:
        try:
            if pk in seen:
                _page(seen[pk], done, lasting)
            elif pk in tombs:
                done.written += paper.write(_path(pk), tomb_of(tombs[pk]).encode(), lasting=lasting)
                _path(pk).with_suffix(".json").unlink(missing_ok=True)
                done.removed += paper.keep_only(paper.folder() / str(pk), set())
            else:
                done.removed += _remove(pk)
        except Exception:
            # One that cannot be drawn must not hold up the others; what may not be seen any more goes all the same.
            _log.exception("press %s", pk)
            done.failed += 1
            if pk not in seen:
                done.removed += _remove(pk)
    return done


def _path(pk: int) -> Path:
    return paper.folder() / f"{pk}.html"


def _remove(pk: int) -> int:
    gone = paper.keep_only(paper.folder() / str(pk), set())
    for path in (_path(pk), _path(pk).with_suffix(".json")):
        if path.exists():
            path.unlink()
            gone += 1
    return gone


def _page(record: Record, done: Done, lasting: bool) -> None:
    made = sheet.sheets([record], base())
    if not made:  # its kind is no longer declared
        done.removed += _remove(record.pk)
        return
    root = paper.folder()
    wanted: set[Path] = set()
    for one in made[0]:
        below = root / one.files_at.removeprefix("/p/").rstrip("/")
        for attachment in one.attachments:
            kept, path = path_of(attachment.digest), below / attachment.name
            if kept.exists():
                done.written += paper.place(path, kept)
                wanted.add(path)
            else:
                _log.error("press %s: %s is not in the store", record.pk, attachment.name)
        path = root / one.address.removeprefix("/p/")
        done.written += paper.write(path, page_of(one).encode(), lasting=lasting)
        wanted.add(path)
    for name, data in twins.files_of(record, made[0][0].versions).items():
        done.written += paper.write(root / name, data, lasting=lasting)
        wanted.add(root / name)
    done.removed += paper.keep_only(root / str(record.pk), wanted)


def touched(ids: Iterable[int]) -> set[int]:
    """Records whose pages show something of these: linked with them now or by an earlier version, or ended by them."""
    own = set(ids)
    out: set[int] = set()
    for at in range(0, len(own), 500):
        some = sorted(own)[at : at + 500]
        links = Link.objects.filter(Q(source__in=some) | Q(target__in=some), live=True)
        for source, target in links.values_list("source_id", "target_id"):
            out |= {source, target}
        out |= set(Record.objects.filter(endings__by__in=some).values_list("pk", flat=True))
        # What a version before pointed to: its row of the link is gone, its page shows the link still.
        was_out = [State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN]
        wanted = [k.code for k in kinds().values() if any(f.type == "record" for f in k.fields)]
        before = Version.objects.filter(record__in=some, record__kind__in=wanted, state__in=was_out)
        for version in before.select_related("record").defer("body"):
            out |= {target for _, target in reads.links_of(version.record.kind, version)}
    return out - own


def stamp() -> str:
    """What every page depends on beside its record: the program, its templates, what the site says of itself."""
    digest = hashlib.sha256(__version__.encode())
    for folder in ("templates/portal", "static/portal"):
        for one in sorted((Path(str(files("gongkai.portal"))) / folder).iterdir()):
            if one.is_file():  # what lies in a folder is of pages that are drawn for one visitor, never pressed
                digest.update(one.read_bytes())
    if about.path().exists():
        digest.update(about.path().read_bytes())
    digest.update(f"{base()}{getattr(settings, 'GONGKAI_SITE_URL', '')}".encode())
    for kind in kinds().values():
        digest.update(repr(kind).encode())
    return digest.hexdigest()[:16]


def _state_path() -> Path:
    return Path(settings.GONGKAI_DATA_DIR) / "press.json"


def _state() -> dict[str, str | int]:
    try:
        held: dict[str, str | int] = json.loads(_state_path().read_text())
    except (OSError, ValueError):
        return {}
    return held


def _say(**changes: str | int) -> None:
    with paper.alone("press-state"):
        write_whole(_state_path(), json.dumps({**_state(), **changes}).encode(), mode=0o644)


def everybody() -> list[int]:
    """The numbers of all that has a page: public records and tombstones."""
    out = set(reads.visible(None).order_by().values_list("pk", flat=True))
    return sorted(out | set(reads.tombs().order_by().values_list("pk", flat=True)))


def pressed() -> set[int]:
    """The numbers of which something lies in the folder."""
    if not paper.folder().is_dir():
        return set()
    return {int(m[1]) for p in paper.folder().iterdir() if (m := _PAGE.fullmatch(p.name))}


def out_of_date() -> bool:
    """Whether pages were drawn with other templates or another description of the site."""
    return _state().get("stamp") != stamp()


def press_all(told: Callable[[int, int], None] | None = None, *, again: bool = False) -> Done:
    """Press everything and take away what belongs to nobody. `told` hears (done, all).

    Stopped in between, the next call goes on where it was, unless the templates have changed or `again`.
    """
    mark, day = stamp(), today().isoformat()
    state = _state()
    going_on = state.get("pressing") == mark and not again
    after = int(state.get("after", 0)) if going_on else 0
    ids = everybody()
    done = Done()
    if not going_on:
        _say(pressing=mark, after=0)
    at = sum(pk <= after for pk in ids)
    if told is not None:
        told(at, len(ids))
    while at < len(ids):
        chunk = ids[at : at + CHUNK]
        with paper.alone():
            done.add(_press(chunk, False))
        at += len(chunk)
        _say(after=chunk[-1])
        if told is not None:
            told(at, len(ids))
    done.add(sweep())
    paper.settle()
    _say(stamp=mark, pressing="", after=0, day=day)
    return done


def sweep() -> Done:
    """Take away files of records that have no page, and what killed presses have left lying."""
    done = press(pressed() - set(everybody()))
    with paper.alone():
        for path in paper.folder().rglob(f"{NEW}*") if paper.folder().is_dir() else ():
            path.unlink(missing_ok=True)
            done.removed += 1
    return Done(removed=done.removed, failed=done.failed)


def missing() -> list[int]:
    """The numbers of public records that have no page yet."""
    have = (
        {int(p.stem) for p in paper.folder().glob("*.html") if p.stem.isdigit()} if paper.folder().is_dir() else set()
    )
    return [pk for pk in everybody() if pk not in have]


def press_missing(told: Callable[[int, int], None] | None = None) -> Done:
    """Before serving: a page for whatever has none, none for whatever should have none, and what the days changed."""
    done = Done()
    ids = missing()
    for at in range(0, len(ids), CHUNK):
        done.add(press(ids[at : at + CHUNK], lasting=False))
        if told is not None:
            told(min(at + CHUNK, len(ids)), len(ids))
    done.add(sweep())
    turn_of_day()
    return done


def turn_of_day() -> int:
    """Press what another day says otherwise: documents that came into force, ended or lapsed since it was last asked."""
    day = today()
    since = str(_state().get("day") or "")
    if since == day.isoformat():
        return 0
    before = dt.date.fromisoformat(since) if since else dt.date.min
    first, last = min(before, day), max(before, day)
    changed = (
        Q(expires__gte=first, expires__lt=last)
        | Q(effective__gt=first, effective__lte=last)
        | Q(ended_on__gt=first, ended_on__lte=last)
        | Q(amended_on__gt=first, amended_on__lte=last)
    )
    codes = [k.code for k in kinds().values() if k.validity]
    ids = set(reads.visible(None).filter(changed, kind__in=codes).values_list("pk", flat=True)) if since else set()
    done = press(ids | touched(ids)).records if ids else 0
    _say(day=day.isoformat())
    return done


class PressFollower:
    """Keeps the files in step with the log."""

    name = "press"
    batch = 25

    def follow(self, events: Sequence[Event]) -> None:
        """Press what the events are about and what shows something of it; the many aside, once this is committed."""
        now: set[int] = set()
        later: set[int] = set()
        for event in events:
            if event.subject == "record" and event.verb in VERBS:
                data = event.data
                if event.subject_id != "0":
                    now.add(int(event.subject_id))
                later |= {int(pk) for pk in data.get("records", ())}
            elif event.subject == "organisation" and event.verb not in ("alias", "answer"):
                later |= _of_organisation(event)
        beside = touched(now)
        if len(now) + len(beside) + len(later) <= AT_ONCE:
            now |= later
            beside |= touched(later)
            later = set()
        else:
            later |= beside | touched(later)
            beside = set()
        # Noted before the commit, drawn after it: nobody waits for the database while pages are drawn, and what a kill
        # leaves undone is on the note.
        notes = waiting.put(now | beside)
        waiting.put(later - now)

        def draw_them() -> None:
            waiting.work_off_these(notes, press)
            turn_of_day()
            waiting.work_off_aside(press)

        transaction.on_commit(draw_them)

    def reset(self) -> None:
        """The pages are true whatever was read before; they are all drawn again, aside."""
        waiting.put([*everybody(), *pressed()])
        transaction.on_commit(lambda: waiting.work_off_aside(press))


def _of_organisation(event: Event) -> set[int]:
    if not event.subject_id.isdigit():
        return set()
    owned = Record.objects.filter(owner=int(event.subject_id)).exclude(first_published_at=None)
    return set(owned.values_list("pk", flat=True))
