"""The paths and templates by which states hand data on."""

from collections.abc import Mapping
from typing import Any


class FailedError(Exception):
    """A state failed, by the error's name."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


def at(path: str, data: Any, context: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Read a JSONPath of names alone, from the data or, after `$$`, from the context."""
    found: Any = context if path.startswith("$$") else data
    for name in path.lstrip("$").split(".")[1:]:
        assert name.isidentifier(), f"{path} is not interpreted"
        if not isinstance(found, Mapping) or name not in found:
            raise FailedError("States.ParameterPathFailure", f"there is no {path}")
        found = found[name]
    return found


def filled(template: Any, data: Any, context: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Fill a payload template: a name that ends in `.$` has a path for its value."""
    if not isinstance(template, Mapping):
        return template
    return {
        name.removesuffix(".$"): at(value, data, context)
        if name.endswith(".$")
        else filled(value, data, context)
        for name, value in template.items()
    }


def placed(path: str | None, data: Any, result: Any) -> Any:  # noqa: ANN401
    """Put a result into the data where a ResultPath says; nowhere when it is null."""
    if path is None:
        return data
    if path == "$":
        return result
    names = path.split(".")[1:]
    whole = dict(data)
    inner = whole
    for name in names[:-1]:
        inner[name] = dict(inner.get(name, {}))
        inner = inner[name]
    inner[names[-1]] = result
    return whole
