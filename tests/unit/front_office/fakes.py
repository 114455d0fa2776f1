"""The table of accepted trades in memory, and a desk that uses it."""

from collections.abc import Mapping
from typing import Any

from backoffice.front_office.accept_trade import PreviewTrade, TradeDesk
from backoffice.intake.capture import venue_zones
from backoffice.kernel.rulebook import default_rulebook

Item = Mapping[str, Any]
ZONES = venue_zones(default_rulebook())


class MemoryTable:
    """Items by key."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}

    def put_new(self, item: Item) -> bool:
        key = (item["pk"], item["sk"])
        is_new = key not in self.items
        self.items.setdefault(key, item)
        return is_new

    def get(self, pk: str, sk: str) -> Item | None:
        return self.items.get((pk, sk))

    def starting_with(self, pk: str, prefix: str) -> list[Item]:
        found = [key for key in self.items if key[0] == pk and key[1].startswith(prefix)]
        return [self.items[key] for key in sorted(found)]


def desk(table: MemoryTable, preview: PreviewTrade = lambda _trade: None) -> TradeDesk:
    """Return a desk that previews nothing unless told."""
    return TradeDesk(table, ZONES, preview)
