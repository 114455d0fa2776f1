"""Closed days of so many clients, for the statements that are made of them."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.population import Population, write_day
from tests.simulation.house import House

DAYS: Final = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5))
_HOUSE_ACCOUNTS: Final = 3
_TRADES_A_DAY_AND_CLIENT: Final = 3
_INSTRUMENTS: Final = 300


def close_days(clients: int) -> House:
    """Close a few days on which every client has money, and trades three times a day on average."""
    accounts = clients + _HOUSE_ACCOUNTS
    population = Population(
        trades=clients * _TRADES_A_DAY_AND_CLIENT, accounts=accounts, instruments=_INSTRUMENTS
    )
    house = House()
    with TemporaryDirectory(prefix="bench-days-") as name:
        for number, day in enumerate(DAYS):
            house.day(write_day(Path(name) / str(day), population, day, number), day)
    return house
