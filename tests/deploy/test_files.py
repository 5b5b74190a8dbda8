"""What stands in deploy/ is sound, as far as that can be told without running containers."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.project import PROJECT
from bot.server import _FINISH_SECONDS
from bot.settings import SETTINGS, Settings
from tests.support.nginx import configured, nginx_program

DEPLOY = PROJECT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yml"))
NAMES = {setting.name for setting in SETTINGS}


def instructions(name: str) -> list[str]:
    """Gives what follows each instruction of this name in the Dockerfile."""
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[str]:
    """Gives what is copied into the image from the project."""
    sources = (line.split()[:-1] for line in instructions("COPY") if "--from" not in line)
    return [source for line in sources for source in line]


def manifest(name: str) -> Any:
    """Gives one of the manifests."""
    return yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yml").read_text(encoding="utf-8"))


def test_the_dockerfile_passes_its_linter() -> None:
    program = Path(sys.executable).parent / "hadolint"
    result = subprocess.run(
        [program, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_the_image_is_pinned_and_runs_as_nobody_in_particular() -> None:
    assert all(re.match(r"python:3\.10\.\d+-slim-\w+", base) for base in instructions("FROM"))
    user, _, group = instructions("USER")[-1].partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_all_that_goes_into_the_image_is_there_and_is_not_left_out() -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [source for source in copied() if not (PROJECT / source).exists()] == []
    assert {line[1:] for line in ignored if line.startswith("!")} == set(map(_plain, copied()))


def test_what_goes_into_the_image_is_enough_to_run(tmp_path: Path) -> None:
    for source in map(_plain, copied()):
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, tmp_path / source)
        else:
            shutil.copy2(PROJECT / source, tmp_path / source)
    for command in ("validate", "serve --help", "train --help"):
        subprocess.run(
            [sys.executable, "-m", "bot", *command.split()],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )


def _plain(source: str) -> str:
    return source.removeprefix("./")


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.name)
def test_kubernetes_would_take_it(file: Path) -> None:
    for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
        kubernetes_validate.validate(document, "1.28", strict=True)
        assert document["metadata"]["name"] == "sourcing-advisor"


def test_the_manifests_speak_of_the_same_pods_and_port() -> None:
    deployment = manifest("deployment")["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    port = deployment["template"]["spec"]["containers"][0]["ports"][0]["name"]
    assert deployment["selector"]["matchLabels"] == labels
    assert manifest("service")["spec"]["selector"] == labels
    assert manifest("pdb")["spec"]["selector"]["matchLabels"] == labels
    assert manifest("networkpolicy")["spec"]["podSelector"]["matchLabels"] == labels
    assert manifest("service")["spec"]["ports"][0]["targetPort"] == port
    assert manifest("networkpolicy")["spec"]["ingress"][0]["ports"][0]["port"] == port


def test_a_pod_is_given_the_time_that_it_takes_to_end_its_turns() -> None:
    pod = manifest("deployment")["spec"]["template"]["spec"]
    pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > _FINISH_SECONDS + pause
    for name in ("bot-1", "bot-2"):
        grace = COMPOSE["services"][name]["stop_grace_period"]
        assert int(grace.removesuffix("s")) > _FINISH_SECONDS


def environments() -> Iterator[dict[str, str]]:
    """Gives what each replica is told, in compose and in Kubernetes."""
    for name in ("bot-1", "bot-2"):
        yield COMPOSE["services"][name]["environment"]
    pod = manifest("deployment")["spec"]["template"]["spec"]
    own = {entry["name"]: entry["value"] for entry in pod["containers"][0]["env"]}
    yield {**own, **manifest("secret.example")["stringData"]}


@pytest.mark.parametrize("environment", environments(), ids=["bot-1", "bot-2", "kubernetes"])
def test_replicas_are_told_only_what_is_a_setting_and_all_that_they_share(
    environment: dict[str, str],
) -> None:
    assert set(environment) - NAMES == set()
    assert {"DATABASE_URL", "REDIS_URL", "WEB_SECRET", "PROXIES_COUNT"} <= set(environment)


def test_compose_makes_sound_settings_of_what_is_filled_in() -> None:
    names = re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE)
    filled = {name: "f" * 64 for name in names if name.endswith(("PASSWORD", "WEB_SECRET"))}

    def fill(match: re.Match[str]) -> str:
        assert match[1] in names
        return filled.get(match[1], "")

    environment = COMPOSE["services"]["bot-1"]["environment"]
    found = {name: re.sub(r"\$\{(\w+)[^}]*\}", fill, text) for name, text in environment.items()}
    settings = Settings.from_environment(found)
    assert settings.database_url == f"postgresql://advisor:{'f' * 64}@postgres/advisor"
    assert settings.redis_url == f"redis://:{'f' * 64}@redis:6379/0"
    assert settings.proxies_count == 1


def test_no_password_stands_in_the_files_and_none_has_a_default() -> None:
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "WEB_SECRET"):
        assert re.findall(rf"\$\{{{name}(?!:\?)", text) == []
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert re.findall(r"^\w*(?:PASSWORD|SECRET|TOKEN)=.+$", example, re.MULTILINE) == []
    assert set(manifest("secret.example")["stringData"].values()) == {""}


@pytest.mark.parametrize("service", COMPOSE["services"], ids=str)
def test_every_service_is_pinned_and_may_write_only_where_it_must(service: str) -> None:
    told = COMPOSE["services"][service]
    assert "build" in told or re.search(r":\d+\.\d+", told["image"])
    assert "healthcheck" in told or "HEALTHCHECK" in DOCKERFILE
    assert told.get("read_only") or service == "postgres"
    assert told.get("ports") is None or service == "nginx"


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    file = tmp_path / "nginx.conf"
    file.write_text(configured([5005, 5006], 8080, tmp_path), encoding="utf-8")
    result = subprocess.run(
        [nginx_program(), "-t", "-c", file, "-p", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "test is successful" in result.stderr, result.stderr


def test_nginx_and_compose_know_the_same_replicas() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    servers = set(re.findall(r"server (bot-\d):5005", text))
    assert servers == {name for name in COMPOSE["services"] if name.startswith("bot-")}
