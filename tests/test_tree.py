"""The tree itself: what the READMEs promise exists, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.tree
PAGES = ["README.md", "README.zh-CN.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_two_commands_come_first(page: str) -> None:
    first = re.search(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    assert first is not None
    assert [line.split("#")[0].strip() for line in first.group(1).splitlines()] == ["make demo", "make test"]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert {"demo", "test"} <= set(targets)


def test_ci_runs_what_the_readme_says() -> None:
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("make test")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page} → {target}"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/manual.zh-CN.md"])
def test_commands_in_the_pages_are_understood(page: str) -> None:
    """Every `gongkai …` line names a command and options that the command line knows."""
    from gongkai.site.cli import main

    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    for line in re.findall(r"^gongkai (.+)$", "\n".join(blocks), re.M):
        command = line.split("#")[0].split()[0]
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0


def test_constraints_name_no_registry() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines and all(re.fullmatch(r"[A-Za-z0-9_.\-]+==[\w.]+", line) for line in lines if line.strip())
