"""The alerts: PromQL that parses, over metrics that are documented."""

import re

import promql_parser

from checks.chart import CHART, ROOT
from checks.manifests import load

MANUAL = ROOT / "docs/deployment.md"


def complaints() -> list[str]:
    (document,) = load((CHART / "files/alerts.yaml").read_text())
    manual = MANUAL.read_text()
    found = []
    for rule in (rule for group in document["groups"] for rule in group["rules"]):
        name = rule["alert"]
        found += [f"{name}: {problem}" for problem in _rule_complaints(rule, manual)]
    return found


def _rule_complaints(rule: dict, manual: str) -> list[str]:
    unknown = rule.keys() - {"alert", "expr", "for", "labels", "annotations"}
    found = [f"unknown field `{field}`" for field in sorted(unknown)]
    try:
        promql_parser.parse(rule["expr"])
    except ValueError as error:
        return [*found, f"{error}"]
    for metric in set(re.findall(r"\bep_?stats_\w+", rule["expr"])):
        # A summary or histogram is documented once, and read through its sums and counts.
        if f"`{re.sub('_(sum|count|bucket)$', '', metric)}`" not in manual:
            found.append(f"docs/deployment.md does not know {metric}")
    if f"`{rule['alert']}`" not in manual:
        found.append("docs/deployment.md does not say what to do")
    if "severity" not in rule.get("labels", {}) or "summary" not in rule.get("annotations", {}):
        found.append("no severity or no summary")
    return found
