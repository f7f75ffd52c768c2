"""Coverage-guided fuzzing of the readers: `python tests/fuzz/fuzz_reading.py [TARGET] [CORPUS] [libFuzzer options]`.

Needs the extra `fuzz`. Not collected by pytest; `make fuzz` runs it for a bounded time, all targets by turns:

    python tests/fuzz/fuzz_reading.py -max_total_time=600
    python tests/fuzz/fuzz_reading.py docx -max_total_time=60

Targets: docx, xlsx, ofd (the XML inside a sound package), html, text, any (raw bytes of any format). Each begins with
small valid files; input that fails is written to `crash-…` or `timeout-…` in the current folder. With a corpus folder
after the target, what was found is kept there.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["gongkai"]):
    # The readers are imported when first needed; here they must be there to be instrumented.
    from gongkai.papers import PaperRefused, excel, ofd, pdf, read_bytes, text, web, word, wordnumbers  # noqa: F401
    from gongkai.plans.reading import plan_of

from tests.papers import made

_DEFAULTS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=20000", "-len_control=20")


def _read(data: bytes, name: str) -> None:
    try:
        plan = plan_of(read_bytes(data, name))
        if not plan.tasks:
            raise AssertionError("a plan without tasks came out")
        plan.to_json()
    except PaperRefused as refusal:
        if "\n" in str(refusal):
            raise AssertionError("a refusal of several lines") from refusal


def _inside(parts: dict[str, str | bytes], part: str, name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        _read(made.package({**parts, part: data}, stored=True), name)

    return run


def _targets() -> dict[str, tuple[Callable[[bytes], None], list[bytes]]]:
    docx, xlsx = made.docx_parts(""), made.xlsx_parts("")
    page = "Doc_0/Pages/Page_0/Content.xml"
    ofd_parts = _parts(made.plan_ofd())
    return {
        "docx": (
            _inside(docx, "word/document.xml", "a.docx"),
            [_parts(made.plan_docx())["word/document.xml"]],
        ),
        "xlsx": (
            _inside(xlsx, "xl/worksheets/sheet1.xml", "a.xlsx"),
            [_parts(made.plan_xlsx())["xl/worksheets/sheet1.xml"]],
        ),
        "ofd": (_inside(dict(ofd_parts), page, "a.ofd"), [ofd_parts[page]]),
        "html": (lambda data: _read(data, "a.html"), [made.plan_html().encode(), made.plan_mht()]),
        "text": (
            lambda data: _read(data, "a.txt"),
            [made.plan_tabs().encode(), made.plan_tabs().replace("\t", "|").encode("gb18030")],
        ),
        "any": (
            lambda data: _read(data, "a"),
            [made.plan_docx(), made.plan_xlsx(), made.plan_ofd(), made.plan_pdf(), made.plan_html().encode()],
        ),
    }


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def _all(targets: list[str], flags: list[str]) -> int:
    """Each target in a process of its own (libFuzzer ends its process), with its share of the time."""
    shared = []
    for flag in flags:
        total = re.fullmatch(r"-max_total_time=(\d+)", flag)
        shared.append(f"-max_total_time={max(int(total.group(1)) // len(targets), 1)}" if total else flag)
    if shared == flags:
        shared.append("-max_total_time=60")
    failed = 0
    for target in targets:
        print(f"== {target}", flush=True)
        failed |= subprocess.run([sys.executable, __file__, target, *shared], check=False).returncode
    return 1 if failed else 0


def main() -> None:
    """Fuzz one target, or all of them."""
    targets = _targets()
    given = sys.argv[1:]
    flags = [g for g in given if g.startswith("-")]
    words = [g for g in given if not g.startswith("-")]
    if not words:
        sys.exit(_all(list(targets), flags))
    if words[0] not in targets:
        sys.exit(f"usage: fuzz_reading.py [{'|'.join(targets)}] [CORPUS] [-max_total_time=SECONDS …]")
    # Libraries warn about nearly every mutation.
    warnings.simplefilter("ignore")
    # Without LibreOffice in reach: a process for each mutation that looks like an old file would be all there is.
    os.environ["PATH"] = ""
    run, seeds = targets[words[0]]
    with tempfile.TemporaryDirectory() as folder:
        for i, seed in enumerate(seeds):
            (Path(folder) / f"seed-{i}").write_bytes(seed)
        options = [o for o in _DEFAULTS if not any(f.startswith(o.split("=")[0] + "=") for f in flags)]
        # The first folder is the one that libFuzzer writes to.
        atheris.Setup([sys.argv[0], *options, *flags, *words[1:], folder], run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
