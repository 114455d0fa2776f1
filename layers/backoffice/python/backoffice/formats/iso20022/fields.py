"""The fields of one flattened message: exact values, or a problem that names the path."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from backoffice.formats.iso20022.layouts import Document, Layout
from backoffice.formats.iso20022.text import MAX_TEXT
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.scaled import E8, parse_scaled

MISSING_FIELD: Final = "MISSING_FIELD"
BAD_FORMAT: Final = "BAD_FORMAT"
BAD_CURRENCY: Final = "BAD_CURRENCY"
_ORDER: Final = (MISSING_FIELD, BAD_FORMAT, BAD_CURRENCY)

# xs:decimal may say +5, .5 and 5.; kernel decimals may not.
_XML_DECIMAL: Final = re.compile(r"\+?([0-9]{0,40})(?:\.([0-9]{0,40}))?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
# A date may carry a zone, a time always stands after its T: the date is the one written down.
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2}|T.{1,40})?")
_QUANTITIES: Final = (
    "Qty/Unit",
    "Qty/FaceAmt",
    "Qty/AmtsdVal",
    "Qty/DgtlTknUnit",
    "OrgnlAndCurFace/FaceAmt",
)
_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_SHOWN: Final = 40
_SURELY_BELOW_LIMIT: Final = 18
"""So few digits before the point are below 10^18: nothing is left for the kernel to refuse."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message cannot be taken: the path, a reject code, one sentence."""

    field: str
    code: str
    message: str


class Fields:
    """Reads fields by path, remembers which were read and what was wrong with them."""

    __slots__ = ("_layout", "_problems", "_read", "_texts")

    def __init__(self, document: Document) -> None:
        self._layout, texts = document
        self._texts = texts + self._layout.own_texts
        self._read: tuple[str, ...] = ()
        self._problems: list[Problem] = []

    @property
    def problem(self) -> Problem | None:
        """The first problem, in the order of the codes, then of the fields."""
        return min(self._problems, key=lambda p: _ORDER.index(p.code), default=None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in the order it was met."""
        return tuple(self._problems)

    def text(self, *paths: str, longest: int = MAX_TEXT) -> str | None:
        """Return the one text found at the first of `paths` that has any, or None."""
        return self._text(paths, longest)

    def _text(self, paths: tuple[str, ...], longest: int) -> str | None:
        found, places = self._layout.chosen(paths)
        if not found:
            return None
        self._read += found
        if len(places) > 1:
            self._fail(found[0], "stands more than once")
            return None
        text = self._texts[places[0]]
        if len(text) > longest:
            self._fail(found[0], f"has more than {longest} characters")
            return None
        return text

    def required(self, *paths: str, longest: int = MAX_TEXT) -> str | None:
        """Return a text as `text` does; its absence is a problem."""
        text = self._text(paths, longest)
        if text is None and not self._layout.chosen(paths)[0]:
            self.missing(paths[0])
        return text

    def choice(self, path: str, allowed: Iterable[str]) -> str | None:
        """Return a required code that must be one of `allowed`."""
        code = self.required(path)
        if code is not None and code not in allowed:
            self._fail(path, f"{_shown(code)} is not one of {', '.join(allowed)}")
            return None
        return code

    def missing(self, path: str) -> None:
        """Note that a field is absent."""
        self._problems.append(Problem(path, MISSING_FIELD, f"{path} is missing"))

    def quantity_e8(self, base: str) -> int | None:
        """Return a required quantity at 10^8, zero or more, from whichever choice states it."""
        paths = quantity_paths(base)
        stated, _ = self._layout.chosen(paths)
        if not stated:
            self.missing(paths[0])
            return None
        if len(stated) > 1:
            self._fail(base, "states more than one quantity")
            return None
        text = self._text(stated, 2 * _SHOWN)
        return None if text is None else self._decimal(stated[0], text, E8)

    def money(self, base: str) -> tuple[int, str] | None:
        """Return (minor units, currency), positive when we receive; None when it is not stated."""
        path = f"{base}/Amt"
        text = self.text(path, longest=2 * _SHOWN)
        if text is None:
            return None
        currency = self.required(f"{path}@Ccy")
        sign = self.choice(f"{base}/CdtDbtInd", _SIGNS)
        if currency is None:
            return None
        if not _CURRENCY.fullmatch(currency):
            self._fail(f"{path}@Ccy", f"{_shown(currency)} is no currency code")
            return None
        if currency not in MINOR_UNITS:
            message = f"{currency} is no ISO 4217 currency"
            self._problems.append(Problem(f"{path}@Ccy", BAD_CURRENCY, message))
            return None
        minor = self._decimal(path, text, MINOR_UNITS[currency])
        return None if minor is None or sign is None else (minor * _SIGNS[sign], currency)

    def required_money(self, base: str) -> tuple[int, str] | None:
        """Return money as `money` does; its absence is a problem."""
        before = len(self._problems)
        money = self.money(base)
        if money is None and len(self._problems) == before:
            self.missing(f"{base}/Amt")
        return money

    def day(self, base: str, *, required: bool = True) -> date | None:
        """Return a date, from a date or a time, as it is written."""
        path = f"{base}/Dt/Dt"
        take = self.required if required else self.text
        text = take(path, f"{base}/Dt/DtTm", f"{base}/Dt", longest=_SHOWN)
        if text is None:
            return None
        day, problem = _date(text)
        if problem is not None:
            self._fail(base, problem)
        return day

    @property
    def layout(self) -> Layout:
        """The message's structure, which messages laid out alike share."""
        return self._layout

    def there(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `paths` where a text stands."""
        return self._layout.chosen(paths)[0]

    def has(self, path: str) -> bool:
        """Whether an element is there, even empty, or anything below it."""
        return self._layout.decided(((path, path),)) is not None

    def decide(self, choices: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
        """Return the first (prefix, meaning) whose element is there, even empty."""
        return self._layout.decided(choices)

    def reason(self, prefix: str, longest: int) -> str | None:
        """Return codes and narrative below a status, in their order, as one text."""
        words = self._layout.ending(prefix, _REASON_WORDS)
        self._read += tuple(path for path, _ in words)
        return " ".join([self._texts[place] for _, place in words])[:longest] or None

    def unread_json(self, echoes: tuple[str, ...]) -> str | None:
        """Return what no one read and is no echo, as JSON: path to its text, or list of texts."""
        left = self._layout.left(self._read, echoes)
        if not left:
            return None
        places, texts = self._layout.places, self._texts
        return _as_json(tuple((path, texts[at]) for path in left for at in places[path]))

    def _decimal(self, path: str, text: str, scale: int) -> int | None:
        match = _XML_DECIMAL.fullmatch(text)
        if match is None or not (match[1] or match[2]):
            self._fail(path, f"{_shown(text)} is no decimal of zero or more")
            return None
        whole, fraction = match[1] or "0", match[2] or ""
        if len(whole) <= _SURELY_BELOW_LIMIT and len(fraction) <= scale:
            return int(whole + fraction.ljust(scale, "0"))
        try:
            return parse_scaled(f"{whole}.{fraction}" if fraction else whole, scale)
        except BackofficeError as error:
            self._fail(path, str(error))
            return None

    def _fail(self, path: str, message: str) -> None:
        self._problems.append(Problem(path, BAD_FORMAT, f"{path}: {message}"))


@lru_cache(maxsize=4096)
def _as_json(told: tuple[tuple[str, str], ...]) -> str:
    """Write paths with their texts: what many messages say alike is written once."""
    rest: dict[str, list[str]] = {}
    for path, text in told:
        rest.setdefault(path, []).append(text)
    shown = {path: texts[0] if len(texts) == 1 else texts for path, texts in rest.items()}
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)


_REASON_WORDS: Final = frozenset({"Cd", "Id", "NoSpcfdRsn", "AddtlRsnInf"})


def _shown(text: str) -> str:
    """Quote a partner's text, cut short: it goes into a sentence."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


@lru_cache(maxsize=64)
def quantity_paths(base: str) -> tuple[str, ...]:
    """Return where a quantity may stand below an element: it is a choice."""
    return tuple(f"{base}/{choice}" for choice in _QUANTITIES)


@lru_cache(maxsize=1024)
def _date(text: str) -> tuple[date | None, str | None]:
    """Return the date a text says, or why it says none: thousands of messages share a day."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None, f"{_shown(text)} is no date"
    try:
        return date.fromisoformat(match[1]), None
    except ValueError:
        return None, f"{match[1]} is no date"
