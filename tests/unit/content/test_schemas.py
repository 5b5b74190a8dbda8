"""An editor checks each content file while it is typed, as `validate` does afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.project import PROJECT

SETTINGS = json.loads((PROJECT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
SCHEMAS = sorted((PROJECT / "data" / "schema").glob("*.json"))
CONTENT = [
    *sorted((PROJECT / "data").rglob("*.yml")),
    *(
        f
        for k in ("nlu", "advice", "dialogues")
        for f in sorted((PROJECT / "tests" / k).glob("*.yml"))
    ),
    PROJECT / "tests" / "known_failures.yml",
    PROJECT / "domain.yml",
    PROJECT / "config.yml",
]


def name(file: Path) -> str:
    """How a file is called in a test's id."""
    return file.relative_to(PROJECT).as_posix()


def schemas_of(file: Path) -> list[str]:
    """The schemas that the settings of VS Code give a file."""
    given = SETTINGS["yaml.schemas"].items()
    patterns = [(s, p) for s, ps in given for p in ([ps] if isinstance(ps, str) else ps)]
    return [schema for schema, pattern in patterns if file in PROJECT.glob(pattern)]


def as_an_editor_reads_it(file: Path) -> Any:
    """YAML 1.2, where `null` is none."""
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", CONTENT, ids=name)
def test_each_file_has_one_schema_and_is_sound_by_it_in_an_editor(file: Path) -> None:
    schemas = schemas_of(file)
    assert len(schemas) == 1
    schema = json.loads((PROJECT / schemas[0]).read_text(encoding="utf-8"))
    data = as_an_editor_reads_it(file)
    assert [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(data)] == []


@pytest.mark.parametrize("file", SCHEMAS, ids=name)
def test_each_schema_is_sound_and_used(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert name(file) in SETTINGS["yaml.schemas"]
