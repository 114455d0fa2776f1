"""What revaluing a position changed, as an entry in the base currency."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.accounting import chart
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import format_exact, format_scaled

_RATE_SCALE: Final = 18


def revaluation_entry(
    pair: tuple[str, str], row: Mapping[str, Any], unrealised: int, realised: int, day: date
) -> Iterator[dict[str, Any]]:
    """Write the entry of one currency: its source names the position and the rate."""
    currency, base = pair
    position = format_exact(row["position_minor"], MINOR_UNITS[currency])
    rate = format_scaled(row["rate_e18"], _RATE_SCALE)
    lines = (
        (chart.REVALUATION, currency, unrealised + realised),
        (chart.FX_UNREALISED, "", -unrealised),
        (chart.FX_REALISED, "", -realised),
    )
    for book, ref, amount in lines:
        if amount:
            yield {
                "entry_id": f"{day}:V:{currency}",
                "effective_date": day,
                "recorded_on": day,
                "kind": "FX_REVALUATION",
                "source": f"{currency} {position} at {rate} {base} of {row['rate_date']}",
                "book": book,
                "ref": ref,
                "unit": base,
                "amount": amount,
                "reverses": None,
            }
