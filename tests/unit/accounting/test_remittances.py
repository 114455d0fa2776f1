"""The rulebook says all of a payment that it says anything of."""

from datetime import date

from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook

TODAY = date(2026, 10, 7)


def _codes(prefix: str) -> set[str]:
    names = {rule.name for rule in default_rulebook().rules() if rule.holds(TODAY)}
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def test_a_fee_with_a_period_has_an_authority_and_a_due_day_and_the_house_names_the_account() -> (
    None
):
    codes = _codes("remittance_period.")
    assert codes == {"SEC31", "TAF", "TAX-IS", "TAX-US"}
    for rule in ("remittance_authority.", "remittance_due_days."):
        assert _codes(rule) == codes
    assert _codes("remittance_account.") == set()


def test_a_currency_with_a_cut_off_has_a_calendar_with_a_time_zone() -> None:
    currencies = _codes("payment_cut_off.")
    assert _codes("payment_calendar.") == currencies
    for currency in currencies:
        venue = str(default_rulebook().value(f"payment_calendar.{currency}", TODAY))
        assert default_rulebook().venue_time_zone(venue)
        assert default_calendar().first_settlement_day_after(venue, TODAY)
