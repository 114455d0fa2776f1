"""Where an erased client can still be read: known, and not mended yet."""

import pytest

from tests.simulation.house import House
from tests.simulation.plain_names import names_found
from tests.simulation.reporting import MONDAY, PERSON, dealt, opened, report
from tests.simulation.test_erasure import Eraser, erased
from tests.simulation.test_erasure import house as house  # noqa: PLC0414 - a fixture
from tests.simulation.test_plain_names import objects_of


@pytest.mark.xfail(strict=True, reason="an Icelandic IBAN ends with its owner's national id")
def test_the_account_that_a_client_was_paid_to_is_sealed_too(house: House) -> None:
    assert names_found(objects_of(erased(house)), ["IS140159260076545510730339"]) == set()


@pytest.mark.xfail(strict=True, reason="the outbox is swept of the days the account dealt on alone")
def test_the_number_of_who_decided_for_others_is_swept_from_the_outbox() -> None:
    told = "PERSON:C-1"
    made = opened(dealt("T-1", "BUY", "10", MONDAY, account_id="H-1", investment_decision=told))
    report(made)
    Eraser(made).sweep(None)  # C-1 dealt on no day
    assert names_found(made.outbox.objects, [PERSON["national_id"]]) == set()
