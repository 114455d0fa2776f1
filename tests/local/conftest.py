"""Embedded AWS of their own for the tests: none of them meets a developer's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import emulator
from infra.local.bring_up import Standing, bring_up, take_down
from infra.local.clients import Clients
from infra.local.home import HOME_VARIABLE, Home


def ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    """Start an emulator on which nothing is deployed."""
    home = Home(tmp_path_factory.mktemp("bare"))
    home.prepare()
    yield Clients(emulator.ensure(home, ignore).endpoint)
    take_down(home, wipe=True, tell=ignore)


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Make the home of the platform that tests share."""
    home = Home(tmp_path_factory.mktemp("home"))
    yield home
    take_down(home, wipe=True, tell=ignore)


@pytest.fixture(scope="session")
def standing(shared_home: Home) -> Standing:
    """Bring up the platform that tests share."""
    return bring_up(shared_home, ignore)


@pytest.fixture
def deployed(standing: Standing) -> Clients:
    """Make clients of the platform that tests share."""
    return Clients(standing.running.endpoint)


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Make a home for one test alone, which the commands it starts use too."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(home.folder))
    yield home
    take_down(home, wipe=True, tell=ignore)
