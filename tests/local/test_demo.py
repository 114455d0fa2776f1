"""A demonstration: days, people, the meter; run again it goes on where it stopped."""

import json

import pytest

from backoffice.costs.published import published
from cli.business_day import closed_days
from cli.commands.demo import PEOPLE
from cli.main import run
from cli.output import DONE
from cli.platform import Platform
from cli.published_costs import WorkDocuments
from infra.local.home import Home

pytestmark = pytest.mark.local


def test_a_demonstration_goes_on_where_it_stopped(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--days", "1", "--no-open", "--json"]) == DONE
    first = json.loads(capsys.readouterr().out)
    assert (first["days_run"], first["home"]) == (1, str(own_home.folder))
    platform = Platform.connect(own_home.folder)
    _choose_a_password(platform, "maker", "A-password-of-1-own!")
    assert run(["demo", "--days", "2", "--no-open", "--json"]) == DONE
    second = json.loads(capsys.readouterr().out)
    assert second["days_run"] == 1
    assert run(["demo", "--days", "2", "--no-open", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["days_run"] == 0
    passwords = {each["name"]: each["password"] for each in second["people"]}
    assert set(passwords) == set(PEOPLE)
    assert passwords["maker"] == "the one chosen"
    days = closed_days(platform)
    measured = published(WorkDocuments(platform), f"{days[0]:%Y-%m}")
    assert [day.business_date for day in measured] == days
    assert all(day.trades > 100 for day in measured)
    assert run(["cases", "list", "--json"]) in {DONE, 3}
    codes = {each["code"] for each in json.loads(capsys.readouterr().out)}
    assert {"SHORT_WITHOUT_LOCATE", "UNKNOWN_ACCOUNT"} <= codes


def _choose_a_password(platform: Platform, name: str, password: str) -> None:
    platform.client("cognito-idp").admin_set_user_password(
        UserPoolId=platform.outputs["UserPoolId"],
        Username=name,
        Password=password,
        Permanent=True,
    )
