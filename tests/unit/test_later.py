"""A module that is loaded only when something of it is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.later import load_later


@pytest.fixture
def package(tmp_path: Path) -> Iterator[str]:
    """A package with a module that tells when it is loaded."""
    folder = tmp_path / "heavy_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "module.py").write_text("import sys\nsys.heavy_loads += 1\nvalue = 7\n")
    sys.path.insert(0, str(tmp_path))
    sys.heavy_loads = 0  # type: ignore[attr-defined]
    yield "heavy_package.module"
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("heavy_package")]:
        del sys.modules[name]


def _loads() -> int:
    return sys.heavy_loads  # type: ignore[attr-defined, no-any-return]


def test_importing_does_not_load_it(package: str) -> None:
    load_later(package)
    importlib.import_module(package)
    importlib.import_module(package)
    assert _loads() == 0


def test_using_it_loads_it_once(package: str) -> None:
    load_later(package)
    before = importlib.import_module(package)
    assert before.value == 7
    assert importlib.import_module(package).value == 7
    assert before.value == 7
    assert _loads() == 1


def test_what_it_does_not_have_is_an_error(package: str) -> None:
    load_later(package)
    with pytest.raises(AttributeError, match="nothing"):
        importlib.import_module(package).nothing  # noqa: B018 (reading it is what is tested)


def test_one_that_is_loaded_is_left_alone(package: str) -> None:
    loaded = importlib.import_module(package)
    load_later(package)
    assert sys.modules[package] is loaded
