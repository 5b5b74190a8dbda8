"""YAML files with line numbers, checked against a JSON Schema, so that faults name their line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from bot.errors import ContentError

Place = tuple[str | int, ...]
"""The way to a value inside a document: keys and list indices from the top."""

_INTEGER = re.compile(r"[-+]?\d+")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Document:
    """A YAML file's data and the line of every value in it."""

    file: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, what: str, hint: str) -> ContentError:
        """Return an error that points at a value of this document."""
        return ContentError(self.file, self.line(place), what, hint)


def read(path: Path, shown_as: str) -> Document:
    """Read one YAML file. Raises ContentError for broken YAML, duplicate keys or bad encoding.

    Plain scalars stay text, but for whole numbers and true/false, so that a level named
    `no` or `yes` needs no quotes.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(
            shown_as, line, f"this is not valid YAML: {error.problem}", "check indents and quotes"
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(
            shown_as, 1, "this file is not readable text", "save it as UTF-8"
        ) from error
    lines: dict[Place, int] = {}
    data = _value(node, (), lines, shown_as) if node is not None else {}
    return Document(shown_as, data, lines)


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], file: str) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, file)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*place, i), lines, file) for i, child in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], file: str
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in data:
            raise ContentError(
                file, line, f"“{key}” is given twice here", "merge the two or rename one"
            )
        inner = (*place, key)
        lines[inner] = line
        data[key] = _value(value_node, inner, lines, file)
    return data


def _scalar(node: yaml.Node) -> str | int | bool:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted or folded
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return _BOOLEANS.get(text, text)


@cache
def _validator(schema: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))


def schema_faults(document: Document, schema: Path) -> Iterator[ContentError]:
    """Yield what is wrong with a document by its JSON Schema, in the words of an editor."""
    for error in _validator(schema).iter_errors(document.data):
        place = tuple(error.absolute_path)
        what, hint = _in_words(error)
        if error.validator == "additionalProperties":
            place = (*place, _unknown_key(error))
        yield document.fault(place, what, hint)


def _unknown_key(error: jsonschema.ValidationError) -> str:
    known = set(error.schema.get("properties", {}))
    return next((key for key in error.instance if key not in known), "")


def _in_words(error: jsonschema.ValidationError) -> tuple[str, str]:
    name = str(error.absolute_path[-1]) if error.absolute_path else "the file"
    explain = _EXPLANATIONS.get(str(error.validator))
    if explain is None:
        return f"“{name}”: {error.message}", _LOOK
    return explain(name, error)


_LOOK = "look at a neighbouring entry for the form"
_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a number",
    "boolean": "true or false",
}


def _explain_unknown(_: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    known = ", ".join(error.schema.get("properties", {}))
    return f"“{_unknown_key(error)}” is not a known key", f"known here: {known}"


def _explain_missing(_: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    missing = next(key for key in error.validator_value if key not in error.instance)
    return f"“{missing}” is missing", f"add `{missing}:`"


def _explain_choice(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    choices = ", ".join(map(str, error.validator_value))
    return f"“{error.instance}” is not possible for “{name}”", f"use one of: {choices}"


def _explain_kind(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    return f"“{name}” should be {_KINDS.get(str(error.validator_value), 'something else')}", _LOOK


def _explain_long(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    what = f"“{name}” is too long ({len(error.instance)} characters)"
    return what, f"keep it to {error.validator_value}"


def _explain_short(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    return f"“{name}” is empty or too short", f"it needs at least {error.validator_value}"


def _explain_pattern(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    return f"“{error.instance}” is not a valid {name}", f"it must match {error.validator_value}"


_EXPLANATIONS: Mapping[str, Callable[[str, jsonschema.ValidationError], tuple[str, str]]] = {
    "additionalProperties": _explain_unknown,
    "required": _explain_missing,
    "enum": _explain_choice,
    "type": _explain_kind,
    "maxLength": _explain_long,
    "minLength": _explain_short,
    "minItems": _explain_short,
    "minProperties": _explain_short,
    "pattern": _explain_pattern,
}
