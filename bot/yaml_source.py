"""YAML files with line numbers, checked against a JSON Schema, so that faults name their line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from bot.errors import ContentError

Place = tuple[str | int, ...]
"""The way to a value inside a document: keys and list indices from the top."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
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
    """Read one YAML file. Raises ContentError for what is missing, broken, empty or no UTF-8.

    Plain scalars stay text, but for whole numbers and true/false, so that a level named
    `no` or `yes` needs no quotes.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is None:
            raise ContentError(shown_as, 1, "this file is empty", "fill it or delete it")
        lines: dict[Place, int] = {}
        return Document(shown_as, _value(node, (), lines, shown_as), lines)
    except OSError as error:
        missing = not path.exists()
        what = "this file is missing" if missing else "this file cannot be read"
        hint = "restore it" if missing else "check what it is and who may read it"
        raise ContentError(shown_as, 1, what, hint) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentError(shown_as, line, "this is not UTF-8 text", "save it as UTF-8") from error
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        what = f"an invisible character stands here (U+{int(error.character):04X})"
        raise ContentError(shown_as, line, what, "delete it") from error
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text, shown_as) from error
    except RecursionError as error:
        hint = "write it out without so many levels"
        raise ContentError(shown_as, 1, "this is nested too deeply", hint) from error


def _not_yaml(error: yaml.MarkedYAMLError, text: str, file: str) -> ContentError:
    mark, problem = error.problem_mark, str(error.problem)
    assert mark is not None
    rest = text.splitlines()[mark.line : mark.line + 1]
    found = rest[0][mark.column :] if rest else ""
    if "tab character" in problem or found.startswith("\t"):
        what, hint = "a tab stands where spaces should", "indent with spaces"
    elif "quoted scalar" in str(error.context) and "end of stream" in problem:
        mark = error.context_mark or mark
        what, hint = "a quoted text is not closed", "put the same quote at its end"
    elif "cannot start any token" in problem:
        what, hint = f"a text cannot begin with “{found[:1]}”", "put it in quotes"
    elif "mapping values" in problem:
        what, hint = "a colon is not expected here", "put the text around it in quotes"
    elif "undefined alias" in problem:
        what, hint = "a text cannot begin with “*”", "put it in quotes"
    elif "another document" in problem:
        what, hint = "a second document begins here", "delete the line “---”"
    else:
        what, hint = f"this is not valid YAML: {problem}", "check indents, quotes and brackets"
    return ContentError(file, mark.line + 1, what, hint)


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
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise ContentError(
                file, line, "a list or mapping cannot be a key", "put the text in quotes"
            )
        key = str(key_node.value)
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
def _schema(file: Path) -> Mapping[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))


def schema_faults(document: Document, schema: Path | Mapping[str, Any]) -> Iterator[ContentError]:
    """Yield what is wrong with a document by a JSON Schema, in the words of an editor."""
    wanted = _schema(schema) if isinstance(schema, Path) else schema
    for error in jsonschema.Draft7Validator(wanted).iter_errors(document.data):
        place = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            for key in _unknown_keys(error):
                yield document.fault((*place, key), *_unknown(key, error))
        elif "propertyNames" in error.absolute_schema_path:
            what = f"“{_short(error.instance)}” is not a valid id"
            yield document.fault((*place, str(error.instance)), what, _ID)
        elif not _is_misspelt(error):
            yield document.fault(place, *_in_words(error))


def _in_words(error: jsonschema.ValidationError) -> tuple[str, str]:
    name = _name(tuple(error.absolute_path))
    explain = _EXPLANATIONS.get(str(error.validator))
    if explain is None:
        return f"{name}: {_short(error.message)}", _LOOK
    return explain(name, error)


def _name(place: Place) -> str:
    if not place:
        return "the file"
    if isinstance(place[-1], str):
        return f"“{place[-1]}”"
    return f"entry {place[-1] + 1} of {_name(place[:-1])}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


_LONGEST_QUOTE = 60
_LOOK = "look at a neighbouring entry for the form"
_ID = "use letters, digits and _, beginning with a letter"
_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def _is_misspelt(error: jsonschema.ValidationError) -> bool:
    """Whether a key that is missing stands there misspelt, which is told of that key."""
    if error.validator != "required":
        return False
    missing = _missing(error)
    known = error.schema.get("properties", {})
    unknown = [key for key in error.instance if key not in known]
    is_strict = error.schema.get("additionalProperties") is False
    return is_strict and any(
        get_close_matches(key, list(known), n=1) == [missing] for key in unknown
    )


def _missing(error: jsonschema.ValidationError) -> str:
    return next(k for k in error.validator_value if error.message.startswith(repr(k)))


def _unknown_keys(error: jsonschema.ValidationError) -> Iterator[str]:
    known = error.schema.get("properties", {})
    return (key for key in error.instance if key not in known)


def _unknown(key: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    known = list(error.schema.get("properties", {}))
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(known)}"
    return f"“{_short(key)}” is not a known key", hint


def _explain_missing(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    missing = _missing(error)
    inside = "" if name == "the file" else f" in {name}"
    return f"“{missing}” is missing{inside}", f"add `{missing}:`"


def _explain_choice(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    choices = ", ".join(map(str, error.validator_value))
    return f"“{_short(error.instance)}” is not possible for {name}", f"use one of: {choices}"


def _explain_kind(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    what = f"{name} should be {' or '.join(_KINDS.get(k, k) for k in kinds)}"
    if "string" in kinds and isinstance(error.instance, int):  # true and false are int as well
        return what, f'put it in quotes: "{str(error.instance).lower()}"'
    return what, _LOOK


def _explain_long(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    what = f"{name} is too long ({len(error.instance)} characters)"
    return what, f"keep it to {error.validator_value}"


def _explain_empty(name: str, _: jsonschema.ValidationError) -> tuple[str, str]:
    return f"{name} is empty", "fill it, or delete it where it may be left out"


def _explain_number(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    schema = error.schema
    hint = f"use {schema.get('minimum', 'anything')} to {schema.get('maximum', 'anything')}"
    return f"{error.instance} is not possible for {name}", hint


def _explain_pattern(name: str, error: jsonschema.ValidationError) -> tuple[str, str]:
    what = f"“{_short(error.instance)}” is not a valid {name.strip('“”')}"
    if "://" in str(error.validator_value):
        return what, "begin it with https:// and leave out spaces"
    return what, _ID


_EXPLANATIONS: Mapping[str, Callable[[str, jsonschema.ValidationError], tuple[str, str]]] = {
    "required": _explain_missing,
    "enum": _explain_choice,
    "type": _explain_kind,
    "maxLength": _explain_long,
    "minLength": _explain_empty,
    "minItems": _explain_empty,
    "minProperties": _explain_empty,
    "minimum": _explain_number,
    "maximum": _explain_number,
    "pattern": _explain_pattern,
}
