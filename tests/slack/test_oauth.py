"""Several workspaces: each installs the app, talks apart from the others, and can take it away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.channels.slack.manifest import SCOPES
from tests.slack.conftest import idle
from tests.support.employee import Employee, text
from tests.support.fake_slack import SIGNING_SECRET, FakeSlack, Workspace
from tests.support.server import Server
from tests.support.until import until

CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "the client's secret of tests"}


@pytest.fixture(scope="module")
def several_slack() -> Iterator[FakeSlack]:
    """A Slack in which no workspace has the app yet."""
    slack = FakeSlack(set(SCOPES))
    slack.workspaces.clear()
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture(scope="module")
def several_server(
    several_slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    settings = {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": several_slack.url,
        **CLIENT,
    }
    server = Server(tmp_path_factory.mktemp("several"), settings)
    server.start()
    several_slack.app_port = server.port
    yield server
    server.stop()


@pytest.fixture
def slack(several_slack: FakeSlack, several_server: Server) -> FakeSlack:
    """Slack."""
    return several_slack


def workspace(name: str) -> Workspace:
    """Gives a workspace that has not installed the app."""
    return Workspace(f"T{name}", f"xoxb-{name}", f"UBOT{name}", f"BBOT{name}", set(SCOPES))


def install(slack: FakeSlack, server: Server, new: Workspace) -> httpx.Response:
    """Goes the way of somebody who installs the app, and gives the last page."""
    with httpx.Client(base_url=f"{server.url}/webhooks/slack") as browser:
        page = browser.get("/install")
        link = page.text.partition('href="http')[2].partition('"')[0].replace("&amp;", "&")
        asked = parse_qs(urlsplit(link).query)
        assert f"http{link}".startswith(f"{slack.url.removesuffix('api/')}oauth/v2/authorize?")
        assert set(asked["scope"][0].split(",")) == set(SCOPES)
        slack.codes["code"] = new
        # The cookie is for https only; what keeps it is on the same machine here.
        cookie = page.headers["set-cookie"].partition(";")[0]
        query = {"code": "code", "state": asked["state"][0]}
        return browser.get("/oauth_redirect", params=query, headers={"Cookie": cookie})


def test_a_workspace_installs_the_app_and_gets_answers(
    slack: FakeSlack, several_server: Server
) -> None:
    page = install(slack, several_server, workspace("FIRST"))
    ann = Employee(slack, team="TFIRST")

    assert page.status_code == 200
    assert "1 of about 4" in text(ann.says("should we outsource payroll?"))


def test_two_workspaces_are_kept_apart(slack: FakeSlack, several_server: Server) -> None:
    install(slack, several_server, workspace("SECOND"))
    install(slack, several_server, workspace("THIRD"))
    # The same ids, as they may occur where workspaces belong to one enterprise.
    ann = Employee(slack, team="TSECOND", id="USAME")
    ben = Employee(slack, team="TTHIRD", id="USAME")
    ann.says("should we outsource payroll?")

    assert "2 of about" not in text(ben.says("the same calculation every month"))
    assert "2 of about 4" in text(ann.says("the same calculation every month"))


def test_a_workspace_without_the_app_is_acknowledged_and_not_answered(
    slack: FakeSlack, several_server: Server
) -> None:
    stranger = workspace("STRANGE")
    slack.install(stranger)
    employee = Employee(slack, team="TSTRANGE")
    slack.write(employee.place, employee.id, "should we outsource payroll?")
    idle(slack, several_server)

    assert employee.heard() == []
    assert slack.deliveries[-1].statuses == (200,)


def tokens_of(team: str, server: Server) -> list[tuple[str]]:
    """The tokens that are kept for a workspace."""
    with closing(sqlite3.connect(server.database)) as database:
        query = "SELECT bot_token FROM slack_bots WHERE team_id = ?"
        return database.execute(query, (team,)).fetchall()


def test_a_workspace_that_takes_the_app_away_is_forgotten(
    slack: FakeSlack, several_server: Server
) -> None:
    install(slack, several_server, workspace("GONE"))
    employee = Employee(slack, team="TGONE")
    employee.says("what is BPO?")
    assert tokens_of("TGONE", several_server)
    slack.send(slack.event({"type": "app_uninstalled"}, "TGONE"))
    until(lambda: not tokens_of("TGONE", several_server))
    slack.write(employee.place, employee.id, "should we outsource payroll?")
    idle(slack, several_server)

    assert len(employee.heard()) == 1


@pytest.mark.parametrize(
    ("query", "cookie", "status"),
    [
        ({"code": "code", "state": "forged"}, "forged", 401),
        ({"code": "code", "state": "forged"}, "", 400),
        ({"code": "code"}, "", 400),
        ({"error": "access_denied"}, "", 200),
    ],
)
def test_an_installation_that_nobody_began_is_refused(
    several_server: Server, query: dict[str, str], cookie: str, status: int
) -> None:
    url = f"{several_server.url}/webhooks/slack/oauth_redirect"
    headers = {"Cookie": f"slack-app-oauth-state={cookie}"} if cookie else {}

    assert httpx.get(url, params=query, headers=headers).status_code == status


def test_the_log_says_where_to_install(several_server: Server) -> None:
    assert "workspaces that install it at /webhooks/slack/install" in until(
        lambda: several_server.log
    )
    assert "xoxb-" not in several_server.log
