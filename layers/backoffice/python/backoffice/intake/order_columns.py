"""What a partner's order log says: every order placed, changed, filled and cancelled."""

from typing import Final

from backoffice.intake.codes import ACCOUNT_ID, CURRENCY, ISIN, TRADE_ID, VENUE, choice
from backoffice.intake.column import Column
from backoffice.intake.column import may as _may
from backoffice.intake.column import need as _need
from backoffice.intake.forms import Number, Text
from backoffice.intake.times import Instant

_POSITIVE: Final = Number(scale=8, above_zero=True)

ORDERS: Final[tuple[Column, ...]] = (
    _need("order_id", Text()),
    _need("event", choice("NEW", "REPLACE", "FILL", "CANCEL")),
    _may("parent_id", Text()),
    _need("account_id", ACCOUNT_ID),
    _need("side", choice("BUY", "SELL", "SHORT")),
    _need("isin", ISIN),
    _need("quantity", _POSITIVE),
    _may("limit_price", _POSITIVE),
    _may("currency", CURRENCY),
    _need("venue", VENUE),
    _need("event_time", Instant("event_at")),
    _may("trade_id", TRADE_ID),
)
"""`quantity` is what the order is for from the event on; of a FILL what was filled by it, of a
CANCEL what was left. `trade_id` names the execution of a FILL."""
