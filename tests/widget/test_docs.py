"""The documentation names what the widget has, and what is served is built from its source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.channels.web.assets import WIDGET, script
from bot.project import PROJECT

PAGE = (PROJECT / "docs" / "widget.md").read_text(encoding="utf-8")
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (WIDGET / "src").iterdir()}
ALL = "\n".join(SOURCES.values())


def documented(heading: str) -> str:
    """Gives a section of the page."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_pinned_tag_is_that_of_the_script() -> None:
    tag = script().tag("https://bot.example")

    assert tag in PAGE, f"`make widget` writes the tag into docs/widget.md: {tag}"


def test_every_option_is_documented() -> None:
    observed = re.search(r"observedAttributes = \[(.*?)\]", ALL, re.DOTALL)
    assert observed
    options = {*re.findall(r'"([\w-]+)"', observed[1]), "position", "theme"}

    assert set(re.findall(r"^\| `([\w-]+)` \|", documented("Options"), re.MULTILINE)) == options


def test_every_event_is_documented() -> None:
    told = set(re.findall(r'tell\("(\w+)"', ALL))
    told |= set(re.findall(r'isOpen \? "(\w+)" : "(\w+)"', ALL)[0])
    rows = re.findall(r"^\| (`.*?) \|", documented("Events"), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == told


def test_every_method_is_documented() -> None:
    public = re.findall(r"^  (?:async )?(\w+)\([\w, ]*\) \{$", SOURCES["element.js"], re.MULTILINE)
    own = {name for name in public if not name.endswith("Callback")} - {"constructor"}

    assert set(re.findall(r"`(\w+)\(", documented("Methods"))) == own


def test_every_property_and_part_is_documented() -> None:
    used = set(re.findall(r"var\((--sourcing-advisor-[\w-]+)", SOURCES["styles.css"]))
    looks = documented("Looks")

    assert set(re.findall(r"`(--sourcing-advisor-[\w-]+)`", looks)) == used
    parts = re.findall(r"`([a-z]+)`", looks.partition("Parts that stay:")[2].partition(".")[0])
    classes = " ".join(a or b for a, b in re.findall(r'class: "([^"]*)"|utton\("(\w+)"', ALL))
    assert set(parts) <= set(classes.split())


def test_every_test_that_is_named_exists() -> None:
    pages = PAGE + (PROJECT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    code = "\n".join(p.read_text(encoding="utf-8") for p in (PROJECT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)(?:_…)?`", pages))

    assert {name for name in named if f"def {name}" not in code} == set()


def test_the_script_is_built_from_its_source(tmp_path: Path) -> None:
    if not (WIDGET / "node_modules" / ".ready").exists():
        if os.environ.get("CI"):
            pytest.fail("CI has to install npm.")
        pytest.skip("There is no npm on this machine, or `make check` has not installed with it.")
    node = shutil.which("node")
    assert node
    built = tmp_path / "widget.js"
    subprocess.run([node, "build.js", str(built)], cwd=WIDGET, check=True, capture_output=True)

    served = (WIDGET / "dist" / "widget.js").read_bytes()
    assert built.read_bytes() == served, "run `make widget` and commit what it writes"
