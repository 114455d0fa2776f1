"""The trade rules as a pydantic model: what a careful service in plain Python would do.

Shapes and enumerations are checked by pydantic in Rust; Python is called for what those cannot
say, and asks for each identifier once. The model is a typed dictionary, which is built faster than
an object.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationInfo
from pydantic_core import PydanticCustomError, SchemaValidator
from typing_extensions import TypedDict

SHAPES: Final = {
    "trade_id": r"^[A-Za-z0-9._-]{1,52}$",
    "account_id": r"^[A-Za-z0-9._-]{1,40}$",
    "isin": r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$",
    "currency": r"^[A-Z]{3}$",
    "venue": r"^[A-Z0-9]{4}$",
    "counterparty": r"^[A-Z0-9]{18}[0-9]{2}$",
}
_WHOLE: Final = r"^0*[0-9]{1,18}"
_YEAR: Final = "(167[89]|16[89][0-9]|1[7-9][0-9]{2}|2[01][0-9]{2}|22[0-5][0-9]|226[01])"
_TIME: Final = (
    f"^{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[Tt]([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]+)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_LARGEST_NOTIONAL: Final = 10**37  # 10^21, quantity and price each at 10^8
_MICROSECONDS: Final = 6
_LEI_MODULUS: Final = 97


def trade_validator(currencies: Mapping[str, int], venues: frozenset[str]) -> SchemaValidator:
    """Build the model for the currencies (with their decimals) and the venues there are."""

    def minor(text: str, info: ValidationInfo) -> int:
        whole, _, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        digits = currencies.get(info.data.get("currency", ""))
        if digits is None:  # the row is refused for its currency, if for nothing before
            return 0
        if len(fraction) > digits:
            raise _refused("BAD_FORMAT", info.field_name)
        return int(whole + fraction.ljust(digits, "0"))

    amount: Any = Annotated[_text(_WHOLE + r"(\.[0-9]+)?$"), AfterValidator(minor)]
    number = _text(_WHOLE + r"(\.[0-9]{1,8}0*)?$")
    free = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    fields: dict[str, Any] = {
        "trade_id": _text(SHAPES["trade_id"]),
        "action": NotRequired[Literal["NEW", "CANCEL", "AMEND"]],
        "version": NotRequired[Annotated[_text(_WHOLE + "$"), AfterValidator(int)]],
        "account_id": _text(SHAPES["account_id"]),
        "side": Literal["BUY", "SELL", "SHORT"],
        "isin": Annotated[_text(SHAPES["isin"]), AfterValidator(_isin)],
        "quantity": Annotated[number, AfterValidator(_quantity)],
        "price": Annotated[number, AfterValidator(_price)],
        "currency": Literal[*currencies],
        "trade_time": Annotated[_text(_TIME), AfterValidator(_instant)],
        "venue": Literal[*venues],
        "counterparty": Annotated[_text(SHAPES["counterparty"]), AfterValidator(_lei)],
        "capacity": Literal["AGENCY", "PRINCIPAL"],
        "commission": NotRequired[amount],
        "accrued": NotRequired[amount],
        "order_id": NotRequired[free],
        "locate_id": NotRequired[free],
    }
    adapter: TypeAdapter[Any] = TypeAdapter(TypedDict("Trade", fields))  # type: ignore[operator]
    validator = adapter.validator
    assert isinstance(validator, SchemaValidator)
    return validator


def _text(pattern: str) -> Any:  # noqa: ANN401 - an annotated type
    return Annotated[str, StringConstraints(pattern=pattern)]


def _refused(code: str, field: str | None) -> PydanticCustomError:
    return PydanticCustomError("rule", "refused", {"code": code, "field": field})


def _isin(text: str) -> str:
    if _isin_is_valid(text):
        return text
    raise _refused("BAD_ISIN", "isin")


def _lei(text: str) -> str:
    if _lei_is_valid(text):
        return text
    raise _refused("BAD_LEI", "counterparty")


@cache
def _isin_is_valid(text: str) -> bool:
    digits = "".join(str(int(character, 36)) for character in text)
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0


@cache
def _lei_is_valid(text: str) -> bool:
    return int("".join(str(int(character, 36)) for character in text)) % _LEI_MODULUS == 1


def _e8(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.rstrip("0").ljust(8, "0"))


def _quantity(text: str) -> int:
    if value := _e8(text):
        return value
    raise _refused("BAD_FORMAT", "quantity")


def _price(text: str, info: ValidationInfo) -> int:
    value = _e8(text)
    if not value:
        raise _refused("BAD_FORMAT", "price")
    if info.data.get("quantity", 0) * value >= _LARGEST_NOTIONAL:
        raise _refused("BAD_FORMAT", "quantity")
    return value


def _instant(text: str) -> tuple[datetime, int]:
    """Read the time, and the nanoseconds that a datetime has no room for."""
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise _refused("BAD_FORMAT", "trade_time") from None
    fraction = text[20:].rstrip("Zz").partition("+")[0].partition("-")[0]
    finer = int(fraction[_MICROSECONDS:9].ljust(3, "0")) if len(fraction) > _MICROSECONDS else 0
    return moment.astimezone(UTC), finer
