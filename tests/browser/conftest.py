"""A platform with two closed days, and Chromium; a machine without one leaves these tests out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cli.platform import Platform
from infra.local.bring_up import bring_up, take_down
from infra.local.home import HOME_VARIABLE, Home
from tests.browser.chromium import CHROMIUM, Person, chromium, run_small_days, signed_in

DESK = ("case-makers", "case-checkers")


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Bring up a platform and run two small days on it."""
    if CHROMIUM is None:
        pytest.skip("this machine has no Chromium")
    home = Home(tmp_path_factory.mktemp("home"))
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(home.folder)
    try:
        bring_up(home, _ignore)
        run_small_days(tmp_path_factory.mktemp("days"))
        yield Platform.connect(home.folder)
    finally:
        take_down(home, wipe=True, tell=_ignore)
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before


@pytest.fixture(scope="session")
def plain_browser() -> Iterator[Browser]:
    """Start Chromium, once: no process drives two."""
    if CHROMIUM is None:
        pytest.skip("this machine has no Chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def browser(platform: Platform, plain_browser: Browser) -> Browser:
    """Give Chromium beside a platform."""
    del platform
    return plain_browser


@pytest.fixture(scope="session")
def anna(browser: Browser, platform: Platform) -> Person:
    """Sign in the first of two."""
    return signed_in(browser, platform, "anna", DESK)


@pytest.fixture(scope="session")
def bjorn(browser: Browser, platform: Platform) -> Person:
    """Sign in the second of two."""
    return signed_in(browser, platform, "bjorn", DESK)


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """Give a folder for what is downloaded."""
    return tmp_path
