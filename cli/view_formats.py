"""How a view is written."""

from enum import StrEnum


class Format(StrEnum):
    """How a view is written."""

    CSV = "csv"
    JSON = "json"
    BEANCOUNT = "beancount"
    HLEDGER = "hledger"
    XLSX = "xlsx"
