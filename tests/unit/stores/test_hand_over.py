"""What steps hand over comes back as it was, in the workflow's order."""

import json

from backoffice.intake.documents import ByteRange
from backoffice.stores.hand_over import hand_over, take_over
from tests.simulation.memory import WorkMemory

A_WORKFLOWS_STATE = 256 * 1024


def test_documents_come_back_in_order_and_the_workflow_carries_their_places_alone() -> None:
    work = WorkMemory("work")
    ranges = [ByteRange(index=n, start=n, end=n + 1, first_row=n) for n in range(2_000)]
    carried = [hand_over(work, f"captured/{each.index:04d}.json", each) for each in ranges]
    assert take_over(work, carried, ByteRange) == ranges
    assert len(json.dumps(carried)) < A_WORKFLOWS_STATE
