"""Where an erased client can still be read: known, and not mended yet."""

import pytest

from tests.simulation.plain_names import names_found
from tests.simulation.reporting import MONDAY, PERSON, dealt, opened, report
from tests.simulation.test_erasure import Eraser


@pytest.mark.xfail(strict=True, reason="the outbox is swept of the days the account dealt on alone")
def test_the_number_of_who_decided_for_others_is_swept_from_the_outbox() -> None:
    told = "PERSON:C-1"
    made = opened(dealt("T-1", "BUY", "10", MONDAY, account_id="H-1", investment_decision=told))
    report(made)
    Eraser(made).sweep(None)  # C-1 dealt on no day
    assert names_found(made.outbox.objects, [PERSON["national_id"]]) == set()
