"""Reads a market script: a TOML file, described in docs/contracts/market.md."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from backoffice.kernel.currencies import minor_units
from backoffice.kernel.errors import BackofficeError, BadFileError
from backoffice.kernel.scaled import E8, parse_scaled
from cli.market import script_values as values
from cli.market.script import (
    CASH,
    DELAY,
    FILE_ACTS,
    SETTLE_ALL,
    SILENT,
    STATEMENT_ACTS,
    STATEMENT_KINDS,
    WRONG,
    FileRule,
    Opening,
    Script,
    StatementRule,
)
from cli.market.script_answers import read_answer, read_mix

_Read = TypeVar("_Read")

_DEFAULTS: Final = ("settle", "none")
_NAMED: Final[Mapping[str, Script]] = MappingProxyType({"settle-all": SETTLE_ALL, "none": SILENT})
_OPENING: Final[values.Keys] = {
    "isin": ("isin", values.text),
    "quantity": ("quantity", values.figure),
    "currency": ("currency", values.text),
    "amount": ("amount", values.figure),
    "from": ("since", values.day),
}
_STATEMENT: Final[values.Keys] = {
    "kind": ("kind", values.one_of(STATEMENT_KINDS)),
    "do": ("do", values.one_of(STATEMENT_ACTS)),
    "on": ("on", values.days),
    "days": ("days", values.count),
    "isin": ("isin", values.text),
    "currency": ("currency", values.text),
    "off": ("off", values.difference),
}
_FILE: Final[values.Keys] = {
    "do": ("do", values.one_of(FILE_ACTS)),
    "on": ("on", values.days),
    "of": ("of", values.day),
}


def load_script(name: str) -> Script:
    """Return `settle-all`, `none`, or the script in the file of that name.

    Raises
    ------
    BadFileError
        When the file cannot be read or is no script.
    """
    if name in _NAMED:
        return _NAMED[name]
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadFileError(f"The market script {name!r} cannot be read.") from None
    return parse_script(text)


def parse_script(text: str) -> Script:
    """Read a market script.

    Raises
    ------
    BadFileError
        When it is no TOML, or names a key, an act or a value a script does not have.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFileError(f"The market script is no TOML: {error}.") from None
    default = content.pop("default", "settle")
    if default not in _DEFAULTS:
        raise BadFileError(f"The market script's default is {default!r}, not settle or none.")
    script = Script(
        default,
        rules=_each(content, "answer", read_answer),
        mixes=_each(content, "mix", read_mix),
        openings=_each(content, "opening", _opening),
        statements=_each(content, "statement", _statement),
        files=_each(content, "file", _file),
    )
    if content:
        raise BadFileError(
            "The market script holds more than a default and [[answer]], [[mix]], [[opening]], "
            f"[[statement]] and [[file]] tables: {', '.join(sorted(content))}."
        )
    return script


def _each(
    content: dict[str, Any], name: str, read: Callable[[str, object], _Read]
) -> tuple[_Read, ...]:
    tables = content.pop(name, [])
    if not isinstance(tables, list):
        raise BadFileError(f"The market script holds more than a default and tables: {name}.")
    return tuple(read(f"{name.title()} {n}", table) for n, table in enumerate(tables, start=1))


def _opening(named: str, table: object) -> Opening:
    found = values.read_table(named, table, _OPENING)
    since = found.pop("since", None)
    try:
        if set(found) == {"isin", "quantity"}:
            return Opening(found["isin"], parse_scaled(found["quantity"], E8), since)
        if set(found) == {"currency", "amount"}:
            amount = parse_scaled(found["amount"], minor_units(found["currency"]))
            return Opening(found["currency"], amount, since)
    except BackofficeError as error:
        raise BadFileError(f"{named} of the market script: {error}.") from None
    raise BadFileError(
        f"{named} of the market script needs isin and quantity, or currency and amount."
    )


def _statement(named: str, table: object) -> StatementRule:
    found = values.read_table(named, table, _STATEMENT)
    unit = "currency" if found.get("kind") == CASH else "isin"
    found["unit"] = found.pop(unit, None)
    is_wrong, is_late = found.get("do") == WRONG, found.get("do") == DELAY
    fits = is_wrong == bool(found["unit"]) == ("off" in found) and is_late == ("days" in found)
    if "kind" not in found or "isin" in found or "currency" in found or not fits:
        raise BadFileError(
            f"{named} of the market script needs a kind; late its days; wrong, and only wrong, "
            "an isin (of cash a currency) and how far it is off."
        )
    if is_late and "on" not in found:
        raise BadFileError(f"{named} of the market script needs the days whose statement is late.")
    return StatementRule(**found)


def _file(named: str, table: object) -> FileRule:
    found = values.read_table(named, table, _FILE)
    if not {"do", "on"} <= set(found):
        raise BadFileError(f"{named} of the market script needs a do and the days it is done on.")
    return FileRule(**found)
