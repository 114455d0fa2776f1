"""Spoilt inputs: none crashes a step, each reject has its reason, and good rows are booked.

A failure names its seed; ``python -m tests.simulation.mutated_days SEED`` runs that day again.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import polars as pl
import pytest

from backoffice.formats.iso20022 import messages
from backoffice.intake import validate
from tests.simulation.mutated_days import INPUTS_A_DAY, MutantError, run_days, told
from tests.simulation.prepared import prepared

_SAMPLE: Final = 2_000
_SOAK: Final = 100_000
_SHARDS: Final = 20
_SEEDS_APART: Final = 1_000_000


def _run(first: int, inputs: int) -> "Counter[str]":
    fates = run_days(range(first, first + inputs // INPUTS_A_DAY))
    print(told(fates))  # noqa: T201 - shown with `-rP`, and when it fails
    return fates


@pytest.mark.parametrize("shard", range(4))
def test_thousands_of_spoilt_inputs_break_nothing(shard: int) -> None:
    assert _run(shard * _SEEDS_APART, _SAMPLE // 4).total() >= _SAMPLE // 4


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(_SHARDS))
def test_a_hundred_thousand_spoilt_inputs_break_nothing(shard: int) -> None:
    fates = _run((100 + shard) * _SEEDS_APART, _SOAK // _SHARDS)
    assert fates.total() >= _SOAK // _SHARDS
    for kind in ("trades", "status", "control", "movements", "accounts"):
        assert fates[f"{kind} COMMITTED"] > fates[f"{kind} REFUSED"] / 4 > 0


def _without_reason(real: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    def rejects(*given: Any) -> pl.DataFrame:  # noqa: ANN401 - whatever the real one takes
        return real(*given).with_columns(message=pl.lit("no"))

    return rejects


def _with_its_neighbour(real: Callable[..., Any]) -> Callable[..., Any]:
    def check(*given: Any) -> Any:  # noqa: ANN401
        checked = real(*given)
        if not checked.rejects.height:
            return checked
        return validate.Checked(checked.captured.head(-1), checked.rejects)

    return check


def _under_another_key(real: Callable[..., Any]) -> Callable[..., Any]:
    def check(texts: pl.DataFrame, kind: str, zones: object) -> Any:  # noqa: ANN401
        checked = real(texts, kind, zones)
        if kind != "trades" or not checked.rejects.height:
            return checked
        shifted = checked.captured.with_columns(trade_id=pl.col("trade_id") + "x")
        return validate.Checked(shifted, checked.rejects)

    return check


_BUGS: Final = {
    "a reject without a reason": ("_rejects", _without_reason),
    "rows do not add up": ("check", _with_its_neighbour),
    "good rows are lost": ("check", _under_another_key),
}


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("bug", _BUGS)
def test_a_bug_in_taking_rows_is_found_and_names_its_seed(
    bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared()  # without the bug
    name, broken = _BUGS[bug]
    real = getattr(validate, name)
    monkeypatch.setattr(validate, name, broken(real))
    monkeypatch.setattr("backoffice.intake.capture.check", validate.check)
    again = rf"{bug}.*seed 5: python -m tests.simulation.mutated_days 5"
    with pytest.raises(MutantError, match=again):
        run_days((5,))


@pytest.mark.usefixtures("forgetful")
def test_a_message_that_stops_its_file_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = messages.read_messages

    def stop(data: bytes) -> Any:  # noqa: ANN401 - what it stands in for
        if b"Odd" in data:
            raise ValueError("an element nobody knows")
        return real(data)

    monkeypatch.setattr("backoffice.formats.iso20022.documents.read_messages", stop)
    with pytest.raises(MutantError, match="capture_file ends as"):
        run_days(range(5, 15))
