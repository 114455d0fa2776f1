"""Reads the answers and mixes of a market script."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from backoffice.kernel.errors import BadFileError
from cli.market import script_values as values
from cli.market.mix import WHOLE_E8, Mix
from cli.market.rules import (
    ACTS,
    DRAWN,
    FAIL,
    LATE,
    OUT_OF_ORDER,
    PARTIAL,
    REJECT,
    UNMATCHED,
    WRONG_AMOUNT,
    WRONG_INSTRUMENT,
    WRONG_QUANTITY,
    Rule,
)

_FILTERS: Final[values.Keys] = {
    name: (name, values.text) for name in ("isin", "counterparty", "direction")
}
_MANNER: Final[values.Keys] = {
    "share": ("share_e8", values.share),
    "off": ("off", values.difference),
    "other": ("other", values.text),
    "days": ("days", values.count),
    "reason": ("reason", values.text),
}
_ANSWER: Final[values.Keys] = {
    "do": ("do", values.one_of(ACTS)),
    "obligation": ("obligation", values.text),
    **_FILTERS,
    "on": ("on", values.days),
    "quantity": ("quantity_e8", values.part),
    "money": ("money", values.figure),
    "duplicate": ("duplicate", values.flag),
    **_MANNER,
}
_MANNERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "share_e8": (PARTIAL, OUT_OF_ORDER),
        "off": (WRONG_AMOUNT, WRONG_QUANTITY),
        "other": (WRONG_INSTRUMENT,),
        "days": (LATE, FAIL),
    }
)
"""The acts that a key says more about; in a mix it speaks of those alone."""

_MIX: Final[values.Keys] = {
    "seed": ("seed", values.seed),
    "rates": ("rates", lambda rates: rates),
    **_FILTERS,
    "on": ("on", values.days),
    **_MANNER,
}
_RATES: Final[values.Keys] = {act: (act, values.share) for act in DRAWN}
_PARTS: Final = frozenset({"quantity_e8", "share_e8"})
_REASONED: Final = (FAIL, REJECT, UNMATCHED)


def read_answer(named: str, table: object) -> Rule:
    """Read one `[[answer]]`.

    Raises
    ------
    BadFileError
        When it lacks a do, or says what does not go with it.
    """
    found = values.read_table(named, table, _ANSWER)
    act = found.get("do")
    has_part = not _PARTS.isdisjoint(found)
    if not act or (act != OUT_OF_ORDER and has_part != (act == PARTIAL)):
        raise BadFileError(
            f"{named} of the market script needs a do; partial, and only partial, "
            "a quantity or a share."
        )
    for key, acts in _MANNERS.items():
        if key in found and act not in acts:
            known = " or ".join(acts)
            raise BadFileError(f"{named} of the market script: {key} goes with {known}.")
    _check(named, found, act)
    return Rule(**found)


def _check(named: str, found: Mapping[str, Any], act: str) -> None:
    if act == LATE and "days" not in found:
        raise BadFileError(f"{named} of the market script needs the days it is late.")
    if act == WRONG_QUANTITY and found.get("off", "1").startswith("-"):
        raise BadFileError(f"{named} of the market script confirms too little: that is partial.")


def read_mix(named: str, table: object) -> Mix:
    """Read one `[[mix]]`.

    Raises
    ------
    BadFileError
        When it lacks a seed or rates, or says what does not go with them.
    """
    found = values.read_table(named, table, _MIX)
    rates = values.read_table(f"The rates of {named}", found.pop("rates", None), _RATES)
    seed = found.pop("seed", None)
    if seed is None or not rates or sum(rates.values()) > WHOLE_E8:
        raise BadFileError(
            f"{named} of the market script needs a seed, and rates that add up to at most 1."
        )
    shares = []
    for act in DRAWN:
        if act in rates:
            said = {k: v for k, v in found.items() if act in _MANNERS.get(k, (act,))}
            if act == PARTIAL:
                said.setdefault("share_e8", WHOLE_E8 // 2)
            if act not in _REASONED:
                said.pop("reason", None)
            _check(named, said, act)
            shares.append((rates[act], Rule(do=act, **said)))
    return Mix(seed, tuple(shares))
