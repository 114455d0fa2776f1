"""The tags that a trade is read from, those that say nothing of it, and the repeating groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

VERSION: Final = "FIX.4.4"
EXECUTION_REPORT: Final = "8"

TRADES: Final = ("F", "G", "H", "1", "2")
"""ExecType (150) of a trade, its correction, its cancel, and of fills as older senders say them."""

ORDER_STATES: Final = frozenset("03456789ABCDEI")
"""ExecType (150) of reports that tell of an order and of no trade."""

READ: Final = frozenset(
    {
        *("8", "9", "10", "35"),  # the frame
        *("17", "19", "20", "34", "150"),  # which trade, and what became of it
        *("1", "12", "13", "15", "22", "29", "30", "31", "32", "37", "48", "54", "60"),
        *("11", "159", "423", "479", "528", "5700"),
    }
)
"""Tags whose values are looked at; each may stand once."""

PASSED: Final = frozenset(
    {
        *("43", "49", "50", "52", "56", "57", "97", "115", "116", "122", "128", "129", "142"),
        *("143", "144", "145", "347", "369", "90", "91", "212", "213", "89", "93"),
        *("6", "14", "39", "55", "151"),  # every report has them, no trade is made of them
    }
)
"""Tags that say nothing of a trade: of the session, or of the order; each may stand once."""

DATA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "90": "91",
        "93": "89",
        "95": "96",
        "212": "213",
        "348": "349",
        "350": "351",
        "352": "353",
        "354": "355",
        "356": "357",
        "358": "359",
        "360": "361",
        "362": "363",
        "364": "365",
        "445": "446",
        "618": "619",
        "621": "622",
    }
)
"""The length that stands before each field of data, in bytes: separators in it are data."""


@dataclass(frozen=True, slots=True)
class Group:
    """A repeating group: each entry begins with `first`; `kept` are the members looked at.

    Of a group without any, every member is kept with the row as an unknown tag is.
    """

    name: str
    count: str
    first: str
    others: frozenset[str]
    kept: frozenset[str] = frozenset()

    @property
    def members(self) -> frozenset[str]:
        """Every tag of an entry."""
        return self.others | {self.first}


PARTIES: Final = Group(
    name="NoPartyIDs",
    count="453",
    first="448",
    others=frozenset({"447", "452", "802", "523", "803"}),
    kept=frozenset({"448", "447", "452"}),
)
ALTERNATIVES: Final = Group(
    name="NoSecurityAltID",
    count="454",
    first="455",
    others=frozenset({"456"}),
    kept=frozenset({"455", "456"}),
)
FEES: Final = Group(
    name="NoMiscFees", count="136", first="137", others=frozenset({"138", "139", "891"})
)
GROUPS: Final = MappingProxyType({each.count: each for each in (PARTIES, ALTERNATIVES, FEES)})
MEMBERS: Final = frozenset(tag for group in GROUPS.values() for tag in group.members)

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "trade_id": "ExecID 17; of a correction or cancel ExecRefID 19",
        "action": "ExecType 150",
        "version": "MsgSeqNum 34",
        "account_id": "Account 1",
        "side": "Side 54",
        "isin": "SecurityID 48 with SecurityIDSource 22=4, or SecurityAltID 455 with 456=4",
        "quantity": "LastQty 32",
        "price": "LastPx 31, PriceType 423",
        "currency": "Currency 15",
        "trade_time": "TransactTime 60",
        "venue": "LastMkt 30, or PartyID 448 with PartyRole 452=22",
        "counterparty": "PartyID 448 with PartyRole 452=17, 18 or 21",
        "capacity": "OrderCapacity 528, or LastCapacity 29",
        "commission": "Commission 12 with CommType 13=3, CommCurrency 479",
        "accrued": "AccruedInterestAmt 159",
        "order_id": "OrderID 37, or ClOrdID 11",
        "locate_id": "5700",
    }
)
"""How FIX names what each column of a trade is read from."""
