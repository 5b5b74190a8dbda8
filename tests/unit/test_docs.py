"""The documentation names every setting, every `make` target and every command, and links work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.main import _parser
from bot.project import PROJECT
from bot.settings import SETTINGS, Setting

PAGES = [
    *PROJECT.glob("*.md"),
    *sorted((PROJECT / "docs").rglob("*.md")),
]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
TARGETS = re.findall(
    r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)
COMMANDS = next(a.choices for a in _parser()._actions if isinstance(a.choices, dict))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_table_as_the_code_has_it(setting: Setting) -> None:
    table = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    default = f"`{setting.default}`" if setting.default else "unset"

    assert f"| `{setting.name}` | {default} | {setting.help} |" in table


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_documented(target: str) -> None:
    assert re.search(rf"\bmake {target}(?![\w-])", TEXT)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"python -m bot {command}(?![\w-])", TEXT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
