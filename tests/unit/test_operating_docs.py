"""The page for whoever is on call names each metric and alert as they are."""

from __future__ import annotations

import re

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from bot import logs, metrics
from bot.project import PROJECT

PAGE = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
RULES = (PROJECT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
ALERTS = [rule for group in yaml.safe_load(RULES)["groups"] for rule in group["rules"]]
KINDS = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}
METRICS = [found for found in vars(metrics).values() if type(found) in KINDS]


def shown(metric: Counter | Gauge | Histogram) -> str:
    """Gives the name that Prometheus shows."""
    name = metric.describe()[0].name
    return f"{name}_total" if isinstance(metric, Counter) else name


def rows(start: str) -> list[list[str]]:
    """Gives the cells of the rows of the table that has such a row."""
    found = re.findall(rf"^\| `({start}[^|]*)\|(.*)\|$", PAGE, re.MULTILINE)
    return [[first.strip().strip("`"), *map(str.strip, rest.split("|"))] for first, rest in found]


def test_the_table_of_metrics_is_what_is_served() -> None:
    table = {name: (kind, labels) for name, kind, labels, _ in rows("sourcing_")}
    served = {
        shown(metric): (KINDS[type(metric)], ", ".join(f"`{one}`" for one in metric._labelnames))
        for metric in METRICS
    }

    assert table == served


@pytest.mark.parametrize("kind", [metrics.Outcome, metrics.Stage])
def test_each_value_of_a_label_is_explained(kind: type) -> None:
    table = "\n".join(row[-1] for row in rows("sourcing_"))

    assert [one.value for one in kind if f"`{one.value}`" not in table] == []  # type: ignore[attr-defined]


def test_each_field_of_the_log_is_explained() -> None:
    section = PAGE.partition("## The log")[2].partition("\n## ")[0]

    assert [field for field in logs.FIELDS if f"`{field}`" not in section] == []


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_names_what_is_served_and_says_what_to_do(alert: dict[str, str]) -> None:
    known = {shown(metric) for metric in METRICS} | {
        f"{shown(metric)}_bucket" for metric in METRICS if isinstance(metric, Histogram)
    }
    named = set(re.findall(r"\bsourcing_\w+", alert["expr"]))

    assert named <= known
    assert re.search(rf"^\| `{alert['alert']}` \| \S", PAGE, re.MULTILINE)


def test_no_alert_is_explained_that_is_not_there() -> None:
    section = PAGE.partition("## Alerts")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)

    assert explained == [alert["alert"] for alert in ALERTS]
