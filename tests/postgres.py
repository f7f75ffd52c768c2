"""A throw-away PostgreSQL cluster for tests and benches, started on entering and gone on leaving.

    with cluster() as url:  # postgresql://gongkai@/gongkai?host=/tmp/gongkai-pg-ab12cd&port=5432
        ...

    python -m tests.postgres -- COMMAND…  # runs COMMAND with GONGKAI_DATABASE_URL set; the exit status is COMMAND's

Nothing of the system's own PostgreSQL is used but its programs: the cluster lives in a temporary folder, listens on a
Unix socket in that folder only, and takes its whole configuration from here. The role `gongkai` is the cluster's
superuser, so it may create test databases; what a superuser skips (row-level security, grants) needs a role of its own.
"""

import argparse
import atexit
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

VARIABLE = "GONGKAI_DATABASE_URL"
NAME = "gongkai"  # the role and the database
PORT = 5432  # only a part of the socket's name: clusters differ by folder, so they never meet
PROGRAMS = ("postgres", "initdb", "pg_ctl")
UNPRIVILEGED = ("postgres", "nobody")
SOCKET_PATH_LIMIT = 103  # bytes in sockaddr_un.sun_path: 107 on Linux, 103 on macOS and the BSDs
START_TIMEOUT = 60

# The guard waits for a line or for the end of its input, which comes however its parent dies: SIGKILL runs neither
# `finally` nor atexit. "immediate" because nothing in the cluster is worth a last checkpoint.
GUARD = 'read -r _; "$1" stop -w -m immediate -D "$2/data"; rm -rf "$2"'


class PostgresAbsent(RuntimeError):
    """PostgreSQL's server programs are not on this machine, or nobody here may run them."""


class PostgresFailed(RuntimeError):
    """A PostgreSQL program ran and failed; the message carries what it said."""


def programs() -> Path:
    """The folder that holds `postgres`, `initdb` and `pg_ctl` of one version."""
    places: list[Path] = []
    for name in PROGRAMS:
        if found := shutil.which(name):
            # Often a link (or Debian's only one) into the version's own folder, where the others are.
            places += [Path(found).resolve().parent, Path(found).parent]

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(map(int, re.findall(r"\d+", folder.parent.name)))

    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    for place in places:
        if all(os.access(place / name, os.X_OK) for name in PROGRAMS):
            return place
    raise PostgresAbsent(
        f"no folder with {', '.join(PROGRAMS)} in PATH or /usr/lib/postgresql/*/bin; Debian: apt-get install postgresql"
    )


@dataclass(frozen=True)
class _Runner:
    """How to run PostgreSQL's programs on one folder: as whom, and in which environment."""

    binaries: Path
    folder: Path
    user: pwd.struct_passwd | None  # None: as ourselves

    @property
    def keywords(self) -> dict[str, Any]:
        """The keywords of every `subprocess` call on this folder."""
        # PGDATA, PGPORT, PGOPTIONS… of the caller must not reach these programs. C.UTF-8 keeps their messages in
        # English; a TZ spares initdb its search through every time zone.
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        # The caller's folder may be closed to that user, hence `cwd`.
        keywords = {"env": env | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}, "cwd": self.folder, "text": True}
        if self.user:
            # PostgreSQL refuses root. `user=` does in the child what setpriv does, without needing setpriv.
            keywords |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return keywords

    def run(self, program: str, *options: str, stdin: str = "") -> None:
        command = [str(self.binaries / program), *options]
        process = subprocess.run(
            command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **self.keywords
        )
        if process.returncode:
            log = self.folder / "log"
            told = log.read_text("utf-8", "replace")[-4000:] if log.exists() else ""
            raise PostgresFailed(f"{program} returned {process.returncode}: {process.stdout.strip()}\n{told}".strip())


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresAbsent(f"PostgreSQL refuses to run as root, and there is no user {' or '.join(UNPRIVILEGED)}")


def _folder(user: pwd.struct_passwd | None) -> Path:
    """A new folder that only its owner (and root) can enter: this is what makes `trust` safe."""
    base = tempfile.gettempdir()
    socket = Path(base) / "gongkai-pg-xxxxxxxx" / f".s.PGSQL.{PORT}"
    # A TMPDIR can be too long for a socket or have a comma, at which libpq splits hosts; root's own can be closed to
    # the user that will run the server.
    if user or "," in base or len(os.fsencode(socket)) > SOCKET_PATH_LIMIT:
        base = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-", dir=base))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def _settings(folder: Path, durable: bool) -> str:
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "port": str(PORT),
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
    }
    return "".join("{} = '{}'\n".format(key, value.replace("'", "''")) for key, value in values.items())


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start an empty cluster and yield the URL of its database; stop and delete it on leaving, whatever happened.

    `durable` keeps PostgreSQL's real promises about the disk, for benches that must not flatter themselves.
    """
    binaries, user = programs(), _user()
    folder = _folder(user)
    runner = _Runner(binaries, folder, user)
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(binaries / "pg_ctl"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # or whoever reads our output would wait for the guard too
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is for the tests, not for the guard
        **runner.keywords,
    )
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner and guard.poll() is None:  # a forked child has these too, and must not stop anything
            guard.communicate("\n")

    # Leaving the block is the rule; atexit is for a cluster entered by hand and never left.
    atexit.register(stop)
    try:
        data = str(folder / "data")
        sync = [] if durable else ["--no-sync"]
        encoding = ("--encoding=UTF8", "--locale=C.UTF-8")
        runner.run("initdb", "-D", data, "--username", NAME, "--auth=trust", *encoding, *sync)
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_settings(folder, durable))
        # Needs no `createdb`, which the client's package has. Single-user mode goes on after an error unless told not to.
        single = ("--single", "-D", data, "-c", "exit_on_error=true", "postgres")
        runner.run("postgres", *single, stdin=f"CREATE DATABASE {NAME}\n")
        runner.run("pg_ctl", "start", "-w", "-t", str(START_TIMEOUT), "-s", "-D", data, "-l", str(folder / "log"))
        yield f"postgresql://{NAME}@/{NAME}?host={quote(str(folder))}&port={PORT}"
    finally:
        stop()
        atexit.unregister(stop)


def _command(command: Sequence[str], environment: Mapping[str, str]) -> int:
    # Ctrl-C reaches COMMAND by itself, which decides what to do with it; we wait. (A handler, because SIG_IGN would be
    # inherited.) SIGTERM reaches only us: leaving through an exception takes COMMAND and the cluster along.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        status = subprocess.run(command, env=environment, check=False).returncode
    except OSError as error:
        print(f"tests.postgres: {error}", file=sys.stderr)
        return 127 if isinstance(error, FileNotFoundError) else 126
    return status if status >= 0 else 128 - status  # as a shell says "killed by a signal"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command with a cluster of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.postgres", description=main.__doc__)
    parser.add_argument("--durable", action="store_true", help="keep fsync and synchronous_commit on")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND…")
    given = parser.parse_args(arguments)
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    if not command:
        parser.error("no COMMAND")
    try:
        with cluster(durable=given.durable) as url:
            return _command(command, {**os.environ, VARIABLE: url})
    except (PostgresAbsent, PostgresFailed) as error:
        print(f"tests.postgres: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
