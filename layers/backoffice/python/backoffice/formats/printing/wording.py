"""What a document holds, put into the words and figures of its language: contents to a sheet.

Contents are plain JSON without a language: blocks of typed values. A type says how a value is
written: `day`, `long`, `month`, `year` (ISO dates or the start of one), `time` and `clock`
(nanoseconds, UTC; without the day),
`text`, `short` (text of one line), `quantity`, `price`, `money` (of the block's currency),
`amount` ([money, currency]), `phrase` ([key, [[field, type, value], …]]) and `code:<group>` (a code
the catalogue has a word for). None is shown as nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from backoffice.formats.printing.catalogue import Catalogue, catalogue
from backoffice.formats.printing.languages import time_of
from backoffice.formats.printing.sheet import (
    Block,
    Column,
    Facts,
    Group,
    Heading,
    Note,
    Sheet,
    Table,
)

_FIGURES: Final = frozenset({"quantity", "price", "money", "amount"})
_KEPT: Final = frozenset({*_FIGURES, "day", "time", "clock", "short"})
_SCALED: Final = frozenset({"quantity", "price"})

Contents = Mapping[str, Any]


def sheet_of(contents: Contents) -> Sheet:
    """Put a document's contents into its language.

    Raises
    ------
    KeyError
        When the contents lack something, or the catalogue a text.
    """
    words = Words(catalogue(contents["language"]))
    account, kind = contents.get("account"), contents["kind"]
    period = words.value(contents["period_type"], contents["period"])
    title = words.say(f"title.{kind}")
    page = words.say("page.of", page="\0", pages="\0").split("\0")
    whose = account["account_id"] if account else ""
    return Sheet(
        language=words.language.tag,
        title=title,
        subtitle=period,
        mark=words.say(f"mark.{contents['mark']}") if contents.get("mark") else "",
        sender=contents["firm"]["name"],
        sender_lines=tuple(words.firm_lines(contents["firm"])),
        addressee=words.addressee(account),
        facts=tuple(words.facts(contents["facts"])),
        blocks=tuple(map(words.block, contents["blocks"])),
        running=" · ".join(filter(None, (title, period, whose, contents["document_id"]))),
        footer=words.say("footer", firm=contents["firm"]["name"], id=contents["document_id"]),
        page_words=(page[0], page[1], page[2]),
        dated=date.fromisoformat(contents["as_of"]),
    )


class Words:
    """One language's words and figures for typed values."""

    def __init__(self, words: Catalogue) -> None:
        self.language = words.language
        self.say = words.say
        self._code = words.code
        say = self.language
        self._plain: Mapping[str, Callable[[Any], str]] = {
            "text": str,
            "short": str,
            "day": lambda value: say.short(date.fromisoformat(value)),
            "long": lambda value: say.long(date.fromisoformat(value)),
            "month": lambda value: say.month(date.fromisoformat(f"{value}-01")),
            "year": str,
            "time": self._time,
            "clock": lambda value: time_of(value)[1],
            "quantity": say.number,
            "price": say.number,
            "amount": lambda value: say.money(*value),
            "phrase": self._phrase,
        }

    def value(self, kind: str, value: Any, currency: str = "") -> str:  # noqa: ANN401 - as typed
        """Write a value of a type."""
        if value is None:
            return ""
        if kind == "money":
            return self.language.in_column(value, currency)
        if kind.startswith("code:"):
            return self._code(kind.removeprefix("code:"), value)
        return self._plain[kind](value)

    def firm_lines(self, firm: Mapping[str, str]) -> Iterable[str]:
        """Say what the firm is known by; what it has not is left out."""
        for name in ("address", "registration", "lei", "website"):
            if firm.get(name):
                yield self.say(f"firm.{name}", value=firm[name])

    def addressee(self, account: Mapping[str, str] | None) -> tuple[str, ...]:
        """Say whom it is to; a document of the firm's own is to nobody."""
        if account is None:
            return ()
        return account["name"], self.say("to.account", account=account["account_id"])

    def facts(self, items: Iterable[Sequence[Any]]) -> Iterable[tuple[str, str]]:
        """Write labels and values; what is not known is left out."""
        for name, kind, value in items:
            if value is not None:
                yield self.say(f"fact.{name}"), self.value(kind, value)

    def block(self, block: Mapping[str, Any]) -> Block:
        """Write a block."""
        if block["block"] == "group":
            return Group(blocks=tuple(map(self._simple, block["blocks"])))
        return self._simple(block)

    def _simple(self, block: Mapping[str, Any]) -> Heading | Facts | Table | Note:
        kind = block["block"]
        if kind == "heading":
            return Heading(text=self._said(block), level=block.get("level", 2))
        if kind == "facts":
            strong = tuple(self.say(f"fact.{name}") for name in block.get("strong", ()))
            return Facts(items=tuple(self.facts(block["items"])), strong=strong)
        if kind == "note":
            return Note(text=self._said(block), strong=bool(block.get("strong")))
        return self._table(block)

    def _table(self, block: Mapping[str, Any]) -> Table:
        kinds = [kind for _, kind in block["columns"]]
        currency = block.get("currency") or ""
        rows = [*block["rows"], *block.get("totals", ())]
        decimals = [_decimals(kind, [row[at] for row in rows]) for at, kind in enumerate(kinds)]

        def written(row: Sequence[Any]) -> tuple[str, ...]:
            cells = zip(kinds, row, decimals, strict=True)
            return tuple(self._cell(kind, value, currency, few) for kind, value, few in cells)

        return Table(
            columns=tuple(self._column(name, kind, currency) for name, kind in block["columns"]),
            rows=tuple(map(written, block["rows"])),
            totals=tuple(map(written, block.get("totals", ()))),
            caption=self.say(f"table.{block['name']}"),
        )

    def _column(self, name: str, kind: str, currency: str) -> Column:
        head = self.say(f"column.{name}")
        if kind == "money" and currency and not (currency == "ISK" and self.language.kronur):
            head = f"{head}, {currency}"
        align = "end" if kind in _FIGURES else "start"
        return Column(head=head, align=align, breaks=not _is_kept(kind))  # type: ignore[arg-type]

    def _cell(self, kind: str, value: Any, currency: str, decimals: int) -> str:  # noqa: ANN401
        if kind in _SCALED and value is not None and not isinstance(value, list):
            return self.language.number(value, decimals)
        if isinstance(value, list) and kind not in {"phrase", "amount"}:
            # a cell that is of another type than its column says so
            return self.value(value[0], value[1], currency)
        return self.value(kind, value, currency)

    def _said(self, block: Mapping[str, Any]) -> str:
        return self._phrase((block["say"], block.get("with", ())))

    def _phrase(self, phrase: Sequence[Any]) -> str:
        key, fields = phrase
        return self.say(key, **{name: self.value(kind, value) for name, kind, value in fields})

    def _time(self, nanoseconds: int) -> str:
        day, clock = time_of(nanoseconds)
        return self.say("time.utc", day=self.language.short(day), clock=clock)


def _is_kept(kind: str) -> bool:
    """Tell whether a column's cells are short enough to stay on one line."""
    return kind in _KEPT or kind.startswith("code:")


def _decimals(kind: str, values: Iterable[Any]) -> int:
    """Return how many decimals the finest figure of a column has: they stand under each other."""
    if kind not in _SCALED:
        return 0
    return max((len(v.partition(".")[2]) for v in values if isinstance(v, str)), default=0)
