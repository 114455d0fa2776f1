"""The sample days as they come with the project: their reports need nobody."""

from lxml import etree

from tests.simulation.conftest import SampleDays
from tests.simulation.examiner import sent
from tests.simulation.reporting import of_kind, report
from tests.unit.market.samples import assert_valid


def test_every_transaction_of_the_sample_days_is_reported_and_valid(
    sample_days: SampleDays,
) -> None:
    house = sample_days.house.copy()
    made = of_kind(report(house))
    assert len(made) == 3
    for one in made:
        figures = one.figures
        assert figures["blotter_records"] == figures["reported_records"] != "0"
        assert (figures["missing_records"], one.differences, one.causes) == ("0", (), ())
    for _, content in sent(house, "regulator", "RTS22"):
        assert_valid(etree.tostring(etree.fromstring(content)[1]), "auth.016.001.03")
