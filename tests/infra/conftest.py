"""The synthesized templates, read once; the same cached assembly that `make check` lints."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.assembly import assembly

Resources = dict[str, dict[str, Any]]


class Synthesized:
    """The resources of every stack of a stage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates = {
            path.name.removesuffix(".template.json"): json.loads(path.read_text())
            for path in sorted(folder.glob("*.template.json"))
        }

    def of_type(self, kind: str) -> Resources:
        """Return the resources of one type by stack and logical id."""
        return {
            f"{stack}/{logical_id}": resource
            for stack, template in self.templates.items()
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] == kind
        }

    def properties(self, kind: str, name: str) -> dict[str, dict[str, Any]]:
        """Return the properties of one type's resources by the property that names them."""
        found = (resource["Properties"] for resource in self.of_type(kind).values())
        return {flat(each[name]): each for each in found}


def flat(value: Any) -> str:  # noqa: ANN401 - a template's JSON
    """Write a template's value as text, references in angle brackets."""
    if isinstance(value, str):
        return value
    (function, argument), *_ = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(flat(part) for part in argument[1])
    if function == "Ref":
        return f"<{argument}>"
    return f"<{'.'.join(argument) if isinstance(argument, list) else argument}>"


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="session")
def prod() -> Synthesized:
    """Synthesize production; what cdk-nag finds fails it."""
    return Synthesized(assembly("prod", _ignore, checked=True))


@pytest.fixture(scope="session")
def local() -> Synthesized:
    """Synthesize the local stage; what cdk-nag finds fails it."""
    return Synthesized(assembly("local", _ignore, checked=True))
