"""The service desk in real Chromium: an execution that fails is seen to, a letter delivered."""

import json
import time
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator

from cli.platform import Platform
from tests.browser.chromium import Person, signed_in

pytestmark = pytest.mark.local

PLACES: Final = ("", "/health", "/jobs", "/letters", "/open", "?stage=any")
_PATIENCE_S: Final = 60
_FIRST_BYTE_MS: Final = 300


@pytest.fixture(scope="module")
def ingi(browser: Browser, platform: Platform) -> Person:
    """Sign in somebody of the desk."""
    return signed_in(browser, platform, "ingi", ("service-desk",))


@pytest.fixture(scope="module")
def ticket(ingi: Person, platform: Platform) -> str:
    """Plant an execution that fails; return the place of the ticket that opens by itself."""
    client = platform.client("stepfunctions")
    client.start_execution(
        stateMachineArn=platform.machine_arn("cut_off"),
        name="planted",
        input=json.dumps({"day": "no day at all"}),
    )
    link = _awaited(ingi, "service-desk?text=cut_off", "#table-tickets tbody a")
    return str(link.get_attribute("href")).partition("/console/")[2]


def _awaited(person: Person, place: str, wanted: str) -> Locator:
    """Open a page again and again until something is on it."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        person.open(place)
        found = person.page.locator(wanted).first
        if found.count():
            return found
        time.sleep(1)
    raise AssertionError(f"{place} never had {wanted}")


def _letter(platform: Platform) -> str:
    said = {
        "TARGET_ARN": platform.machine_arn("watch_cases"),
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "5",
    }
    sent = platform.client("sqs").send_message(
        QueueUrl=platform.outputs["LettersQueue"],
        MessageBody=json.dumps({"day": "2026-10-06T22:30:00Z"}),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": text} for name, text in said.items()
        },
    )
    return str(sent["MessageId"])


def test_axe_finds_nothing_in_either_language_and_light(
    ingi: Person, platform: Platform, ticket: str
) -> None:
    _letter(platform)
    found = {}
    for language, scheme in (("EN", "light"), ("IS", "dark")):
        ingi.open("today")
        button = ingi.page.locator(f"button[name=language][value={language}]")
        if button.count():
            button.click()
        ingi.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for place in (*(f"service-desk{each}" for each in PLACES), ticket):
            ingi.open(place)
            if wrong := ingi.axe():
                found[language, place] = wrong
    ingi.open("today")
    ingi.page.locator("button[name=language][value=EN]").click()
    assert not found, found


def test_the_pages_come_at_once_when_warm(ingi: Person) -> None:
    slow = {}
    for place in PLACES:
        times = []
        for _ in range(5):
            timing = ingi.open(f"service-desk{place}").request.timing
            times.append(timing["responseStart"] - timing["requestStart"])
        slow[place] = min(times)
    print("first byte, ms:", {place: round(took) for place, took in slow.items()})  # noqa: T201
    # letters are read from their queue each time
    assert max(took for place, took in slow.items() if place != "/letters") <= _FIRST_BYTE_MS, slow


def test_what_failed_is_seen_in_its_health(ingi: Person, ticket: str) -> None:
    del ticket
    # what was seen of the platform is kept for half a minute
    place = "service-desk/health?state=FAILING&kind=MACHINE"
    assert "cut_off" in _awaited(ingi, place, "#table-health tbody tr").inner_text()


def test_a_ticket_is_taken_and_resolved(ingi: Person, ticket: str) -> None:
    ingi.open(ticket)
    assert "docs/runbooks/failed-execution.md" in ingi.page.locator("dl.facts").inner_text()
    ingi.page.get_by_role("button", name="Take it").click()
    ingi.page.get_by_text("Took it").first.wait_for()
    ingi.page.get_by_label("What was done, or why").fill("the day was no day")
    ingi.page.get_by_role("button", name="Resolve").click()
    ingi.page.get_by_role("button", name="Open it again").wait_for()
    assert "the day was no day" in ingi.page.locator("ol.trail").inner_text()


def test_a_letter_is_delivered_again(ingi: Person, platform: Platform) -> None:
    letter = _letter(platform)
    ingi.open("service-desk/letters")
    row = ingi.page.locator("tr", has_text=letter)
    row.get_by_role("button", name="Deliver again").click()
    ingi.page.get_by_text("Delivered again: 1").wait_for()
    assert letter not in ingi.page.locator("main").inner_text()
    arn = platform.machine_arn("watch_cases")
    runs = platform.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
    assert f"letter-{letter}" in {run["name"] for run in runs}
    kept = platform.keys(platform.records_bucket, "service-desk/redrives/")
    told = [json.loads(platform.read(platform.records_bucket, key)) for key in kept]
    assert (letter, "ingi") in {(one["letter"]["letter_id"], one["actor"]) for one in told}


def test_who_is_not_of_the_desk_opens_a_ticket_and_delivers_nothing(
    anna: Person, platform: Platform
) -> None:
    _letter(platform)
    anna.open("service-desk/letters")
    assert anna.page.get_by_role("button", name="Deliver").count() == 0
    anna.open("service-desk/open")
    anna.page.get_by_label("Department").fill("Trading")
    anna.page.get_by_label("Subject").fill("The printer is out of paper")
    anna.page.get_by_role("button", name="Open a ticket").click()
    anna.page.get_by_role("heading", name="The printer is out of paper").wait_for()
    assert anna.page.get_by_role("button", name="Resolve").count() == 0
