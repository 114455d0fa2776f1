"""The service desk's pages and the home locations', as people of several groups use them."""

from datetime import date, timedelta
from functools import cache

from backoffice.clearance.act_rules import Person
from backoffice.console.pages import File, Move
from backoffice.records.verify_store import verify_store
from backoffice.remote_operations.watch import watch_locations
from backoffice.service_desk.access_carry_out import keep_access
from backoffice.service_desk.configuration_records import configuration_now, record_configuration
from backoffice.service_desk.recertification import review_id
from backoffice.service_desk.registers import Registers
from tests.simulation.console_pages import Browser
from tests.simulation.desk import NOW, Desk
from tests.simulation.house import House
from tests.simulation.small_days import FILES, FIRST, SECOND
from tests.unit.service_desk.desk import RULEBOOK, MemoryPool

ASKER = Person(name="anna", groups=("access-makers",))
GIVER = Person(name="bjorn", groups=("access-checkers",))
EINAR = Person(name="einar", groups=("case-makers",))
SUPERVISOR = Person(name="dora", groups=("supervisors",))
JOIN = {
    "person": "einar",
    "kind": "JOIN",
    "group.case-makers": "on",
    "effective_on": "2026-10-05",
    "reason": "new at the desk",
}
MET = (
    *("one-household", "not-held-out", "no-customers", "sales-as-allowed", "no-funds"),
    *("assigned-to-branch", "correspondence-supervised", "firms-systems", "records-elsewhere"),
    *("surveillance-fits", "risk-assessed"),
)
HOME = {
    "person": "einar",
    "kind": "RSL",
    "since": "2026-10-01",
    "branch": "Reykjavik",
    "supervisor": "dora",
    "address": "Laufásvegur 1",
    **{f"met.{name}": "on" for name in MET},
}


@cache
def _closed() -> House:
    house = House()
    _drop(house, FIRST)
    house.business_day(FIRST)
    return house


def _drop(house: House, day: date) -> None:
    for name, body in FILES[day].items():
        house.drop("local", day, name, body)


def _desk() -> Desk:
    return Desk(_closed().copy())


def _moved(browser: Browser, place: str, form: dict[str, str]) -> str:
    shown = browser.ask(place, form)
    assert isinstance(shown, Move), shown
    return shown.to.partition("?")[0]


def test_one_asks_another_approves_and_it_is_carried_out() -> None:
    desk = _desk()
    asker, giver = Browser(desk, ASKER), Browser(desk, GIVER)
    place = _moved(asker, "access", JOIN)
    assert "somebody else decides" in asker.see(place)
    assert "APPROVE" not in asker.see(place)
    assert "APPROVE" in giver.see(place)
    _moved(giver, f"{place}/acts", {"verb": "APPROVE"})
    assert giver.started == [place.partition("/")[2]]
    pool = MemoryPool()
    keep_access(Registers(desk.house.records), pool, RULEBOOK, NOW)
    assert pool.people["einar"].groups == {"case-makers"}
    assert "Carried out" in giver.see(place)
    assert "The pool holds what was approved" in giver.see("access")


def test_what_is_refused_is_told_on_the_page_and_what_was_typed_stays() -> None:
    asker = Browser(_desk(), ASKER)
    page = asker.see("access", {**JOIN, "group.case-checkers": "on"})
    assert "who proposes does not decide" in page
    assert "new at the desk" in page
    assert "only access-makers propose" in Browser(_desk(), EINAR).see("access", JOIN)


def test_a_quarter_is_answered_line_by_line_by_others() -> None:
    desk = _desk()
    asker, giver = Browser(desk, ASKER), Browser(desk, GIVER)
    _moved(giver, f"{_moved(asker, 'access', JOIN)}/acts", {"verb": "APPROVE"})
    pool = MemoryPool()
    keep_access(Registers(desk.house.records), pool, RULEBOOK, NOW)
    assert "einar" in giver.see("recertification")
    place = f"recertification/{review_id(NOW.date())}/answers"
    line = {"person": "einar", "group": "case-makers", "verb": "REVOKE"}
    assert "only access-checkers" in asker.see(place, line)
    _moved(giver, place, line)
    keep_access(Registers(desk.house.records), pool, RULEBOOK, NOW)
    assert pool.people["einar"].groups == set()


def test_a_change_is_asked_for_approved_and_recorded_with_what_changed() -> None:
    desk = _desk()
    asker, giver = Browser(desk, ASKER), Browser(desk, GIVER)
    form = {"title": "T+1", "what": "settle a day sooner", "planned_on": "2026-10-06"}
    place = _moved(asker, "configuration", form)
    _moved(giver, f"{place}/acts", {"verb": "APPROVE"})
    book, request = Registers(desk.house.records), place.partition("/")[2]
    found = configuration_now(RULEBOOK, "0.1.0", {}, {})
    record_configuration(book, found, NOW, "dora", "")
    later = found.model_copy(update={"version": "0.2.0"})
    record_configuration(book, later, NOW, "dora", request)
    links = [link for link in giver.links("configuration") if "CFG-" in link]
    assert "0.2.0" in giver.see(links[0])
    assert "Approved" in giver.see(links[0])


def test_a_home_is_registered_inspected_and_its_address_known_to_few() -> None:
    desk = _desk()
    einar, supervisor = Browser(desk, EINAR), Browser(desk, SUPERVISOR)
    place = _moved(einar, "locations", HOME)
    _moved(supervisor, f"{place}/acts", {"verb": "APPROVE"})
    assert "Laufásvegur" in supervisor.see(place)
    assert "Laufásvegur" in einar.see(place)
    assert "Laufásvegur" not in Browser(desk, GIVER).see(place)
    read = desk.house.records.keys("accesses/")
    assert len(read) == 2
    form = {"verb": "INSPECT", "on": "2026-10-05", "text": "in order"}
    assert "only supervisors" in einar.see(f"{place}/acts", form)
    _moved(supervisor, f"{place}/acts", form)
    assert "in order" in supervisor.see(place)
    missing = {name: said for name, said in HOME.items() if name != "met.no-funds"}
    page = einar.see("locations", missing)
    assert "not no-funds" in page


def test_what_the_registers_hold_is_sealed_with_the_day_and_found_by_nobody_as_a_stray() -> None:
    desk = _desk()
    house = desk.house
    place = _moved(Browser(desk, ASKER), "access", JOIN)
    assert verify_store(house.records)[1] == []
    _drop(house, SECOND)
    house.business_day(SECOND)
    assert verify_store(house.records)[1] == []
    act = next(key for key in house.records.keys("access/") if place.rpartition("/")[2] in key)
    assert act in house.records.read_bytes(f"seals/{SECOND}.json").decode()
    _moved(Browser(desk, GIVER), f"{place}/acts", {"verb": "APPROVE"})
    assert verify_store(house.records)[1] == []


def test_an_act_that_stands_in_no_trail_is_named_once_its_day_is_over() -> None:
    desk = _desk()
    house = desk.house
    place = _moved(Browser(desk, ASKER), "access", JOIN)
    act = next(key for key in house.records.keys("access/") if place.rpartition("/")[2] in key)
    forged = act.replace("000001", "000007")
    house.records.put_once(forged, house.records.read_bytes(act))
    _drop(house, SECOND)
    house.business_day(SECOND)
    assert [one.subject for one in verify_store(house.records)[1]] == [forged]


def test_what_is_overdue_of_a_home_is_a_case_until_it_is_done() -> None:
    desk = _desk()
    house = desk.house
    place = _moved(Browser(desk, EINAR), "locations", {**HOME, "since": "2026-08-01"})
    book = Registers(house.records)
    watch_locations(book, RULEBOOK, NOW)
    _drop(house, SECOND)
    house.business_day(SECOND)
    assert _open_homes(house) == {"HOME_CHANGE_OVERDUE"}
    _moved(Browser(desk, SUPERVISOR), f"{place}/acts", {"verb": "APPROVE"})
    watch_locations(book, RULEBOOK, NOW + timedelta(days=2))
    house.business_day(SECOND + timedelta(days=1))
    assert _open_homes(house) == set()


def _open_homes(house: House) -> set[str]:
    rows = (row for row in house.table("cases") if row["status"] == "OPEN")
    return {str(row["code"]) for row in rows if str(row["code"]).startswith("HOME_")}


def test_pages_are_written_in_both_languages() -> None:
    desk = _desk()
    for language in ("EN", "IS"):
        for place in ("access", "recertification", "configuration", "locations"):
            page = Browser(desk, SUPERVISOR, language).see(place)
            assert "<h1>" in page


def test_a_list_is_fetched_by_supervisors_with_its_addresses() -> None:
    desk = _desk()
    place = _moved(Browser(desk, EINAR), "locations", HOME)
    supervisor = Browser(desk, SUPERVISOR)
    _moved(supervisor, f"{place}/acts", {"verb": "APPROVE"})

    later = NOW.replace(year=2027, month=1)
    watch_locations(Registers(desk.house.records), RULEBOOK, later)
    (found,) = [link for link in supervisor.links("locations") if "lists/" in link]
    listed = supervisor.ask(found)
    assert isinstance(listed, File)
    assert "Laufásvegur 1" in listed.body.decode()
