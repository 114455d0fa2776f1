"""Somebody who knows nothing runs the sample day and follows what it says, to a proof that holds.

They run `make day`'s two commands, open the address they name, put two people in, decide a held
trade, follow a balance down to the partner's row, keep its proof and check it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from infra.local.home import HOME_VARIABLE, PROJECT
from tests.browser.chromium import CHROMIUM

pytestmark = pytest.mark.local

COMMAND = str(Path(sys.executable).with_name("backoffice"))
VERIFIER = PROJECT / "layers/backoffice/python/backoffice/records/standalone/verify_records.py"
OWN = "A-password-of-1-own!"
MADE_BY, DECIDED_BY = "gudrun", "halldor"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the sample day as `make day` does; return all that it says."""
    if CHROMIUM is None:
        pytest.skip("this machine has no Chromium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        try:
            yield _run(COMMAND, "up") + _run(sys.executable, "-m", "samples.run")
        finally:
            _run(COMMAND, "down", "--wipe")


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=PROJECT, env=os.environ, capture_output=True, text=True)  # noqa: S603, PLW1510
    assert done.returncode in {0, 3}, done.stdout + done.stderr
    return done.stdout


def test_the_first_day_leads_to_a_proof_that_holds(
    told: str, plain_browser: Browser, tmp_path: Path
) -> None:
    address = re.findall(r"https?://\S+/console", told)[-1]
    maker = _signed_in(plain_browser, address, MADE_BY)
    case = _propose(maker, address)
    checker = _signed_in(plain_browser, address, DECIDED_BY)
    _approve(checker, case)
    kept = _follow_a_balance(checker, address, tmp_path)
    said = _run(sys.executable, str(VERIFIER), str(kept))
    assert "PROVEN" in said


def _signed_in(browser: Browser, address: str, name: str) -> Page:
    """Put somebody into the pool as the sample day says, and sign in as they are told."""
    said = _run(COMMAND, "console", "user", name)
    password = said.split()[-1]
    page = browser.new_context().new_page()
    page.goto(address)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("Confirm new password").fill(OWN)
    page.get_by_role("button").click()
    page.get_by_role("heading", name="Today").wait_for()
    return page


def _propose(page: Page, address: str) -> str:
    """Find a held trade from the first page, and propose that it is let go; return its case."""
    page.get_by_role("link", name="cases undecided").click()
    page.get_by_label("Cause").select_option("CREDIT_LIMIT")
    page.get_by_role("button", name="Show", exact=True).click()
    # a row of that cause: until the filter is answered there are others, too
    held = page.locator("main tbody tr", has_text="Above the credit limit")
    held.locator("a").first.click()
    page.get_by_role("heading", name="Above the credit limit").wait_for()
    page.get_by_label("Outcome").select_option("RELEASE")
    page.get_by_label("Why").first.fill("The money came this afternoon.")
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("You proposed this; somebody else decides.").wait_for()
    assert page.url.startswith(address)
    return page.url.partition("?")[0]


def _approve(page: Page, case: str) -> None:
    page.get_by_role("link", name="need a second hand").click()
    page.locator(f"main tbody a[href$='{case.rpartition('/')[2]}']").click()
    page.get_by_text(f"{MADE_BY} proposed: Release").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("It is decided").wait_for()


def _follow_a_balance(page: Page, address: str, folder: Path) -> Path:
    """Go from a book's balance to the partner's own row, and keep the proof of its file."""
    page.goto(address)
    page.get_by_role("link", name="Ledger").click()
    page.get_by_role("link", name="Liabilities:ClientCash", exact=True).first.click()
    page.locator("main tbody a").nth(3).click()
    page.locator("main tbody a", has_text=":C:").first.click()
    page.locator("dl.facts a").first.click()
    assert page.locator("main pre").inner_text().strip()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download its proof").click()
    kept = folder / "proof.json"
    download.value.save_as(kept)
    return kept
