"""Ways to break a file, each a function of the project."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.project import Project

Edit = Callable[[Project], None]


def replaced(file: str, old: str, new: str) -> Edit:
    """The first `old` of a file becomes `new`."""
    return lambda project: project.replace(file, old, new)


def written(file: str, content: str | bytes) -> Edit:
    """The file holds this and nothing else."""
    return lambda project: project.write(file, content)


def appended(file: str, text: str) -> Edit:
    """The file ends with this."""
    return lambda project: project.write(file, project.read(file) + text)


def deleted(file: str) -> Edit:
    """The file is gone."""
    return lambda project: project.delete(file)


def assert_only_fault(project: Project, file: str, at: str | int, what: str, hint: str) -> None:
    """One fault is found: at the line that holds `at`, and saying `what` and `hint`."""
    found = project.faults()
    line = at if isinstance(at, int) else project.line(file, at)
    assert [f"{f.file}:{f.line}" for f in found] == [f"{file}:{line}"], "\n".join(map(str, found))
    assert what in found[0].what
    assert hint in found[0].hint
    assert str(found[0]) == f"{file}:{line}: {found[0].what}, {found[0].hint}"
