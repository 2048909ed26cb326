# SPDX-License-Identifier: Apache-2.0
"""Reads the reports of one run with the readers of others, and compares what they counted.

    formats_check.py PROMTOOL audit.json audit.csv audit.xml audit.sarif audit.ocsf.jsonl audit.prom

Each reader must find as many findings, of the same names, as the JSON report holds.
"""

import csv
import hashlib
import json
import subprocess
import sys

from junitparser import Failure, JUnitXml, Skipped
from py_ocsf_models.events.base_event import BaseEvent
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.events.findings.detection_finding import DetectionFinding
from sarif import loader

FINDING, TAMPERING, ENTITY, ACCESS = 2003, 2004, 3004, 6005


def check_csv(path, report):
    raw = open(path, "rb").read()
    assert raw.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [r["id"] for r in rows] == [f["id"] for f in report["findings"]]
    for row, finding in zip(rows, report["findings"]):
        assert row["fingerprint"] == finding["fingerprint"]
        assert int(row["entry_index"]) == finding["entry_index"]
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row.values() if cell), row
    return len(rows)


def check_junit(path, report):
    xml = JUnitXml.fromfile(path)
    cases = [case for suite in xml for case in suite]
    outcomes = {case.name: case.result for case in cases}
    for finding in report["findings"]:
        (result,) = outcomes[finding["id"]]
        assert isinstance(result, Skipped if finding["waiver"] else Failure), finding["id"]
    intact = not outcomes["integrity"]
    assert intact == report["integrity"]["intact"]
    assert xml.tests == len(cases) == len(report["findings"]) + 2
    return len(cases)


def check_sarif(path, report):
    files = loader.load_sarif_file(path)
    records = files.get_records()
    expected = len(report["findings"]) + len(report["integrity"]["violations"])
    assert len(records) == expected, (len(records), expected)
    results = json.load(open(path))["runs"][0]["results"]
    found = {r["partialFingerprints"]["vigieFinding/v1"] for r in results if "guid" in r}
    assert found == {f["fingerprint"] for f in report["findings"]}
    return len(records)


def check_ocsf(path, report):
    classes, previous, chain = {}, None, None
    for number, line in enumerate(open(path, encoding="utf-8")):
        event = json.loads(line)
        (attestation,) = event["attestation_list"]
        fingerprint = attestation.pop("fingerprint")
        canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(canonical.encode("utf-8")).hexdigest()
        assert digest == fingerprint["value"], f"line {number}: altered"
        assert chain in (None, attestation["chain_uid"])
        chain = attestation["chain_uid"]
        before = attestation.get("prev_event")
        assert (before and before["fingerprint"]) == previous, f"line {number}: chain"
        previous = fingerprint
        kind = event["class_uid"]
        assert event["type_uid"] == kind * 100 + event["activity_id"]
        model = {FINDING: ComplianceFinding, TAMPERING: DetectionFinding}.get(kind, BaseEvent)
        model(**event)
        if kind == ACCESS:
            assert event["actor"]["user"]["uid"] and event["src_endpoint"] and event["table"]
        if kind == ENTITY:
            assert event["entity"]["uid"]
        classes[kind] = classes.get(kind, 0) + 1
    assert classes.get(FINDING, 0) == len(report["findings"])
    assert classes.get(TAMPERING, 0) == len(report["integrity"]["violations"])
    assert classes.get(ACCESS, 0) == report["counts"]["accesses"]
    return dict(sorted(classes.items()))


def check_prometheus(path, report, promtool):
    text = open(path).read()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert int(values["vigie_audit_exit_code"]) == report["exit_code"]
    rules = sum(int(v) for k, v in values.items() if k.startswith("vigie_audit_rule_findings"))
    assert rules == len(report["findings"])
    lint = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stderr
    # What it would say of a fault, so that its silence means something.
    bad = subprocess.run(
        [promtool, "check", "metrics"], input=text + "vigie bad\n", capture_output=True, text=True)
    assert bad.returncode != 0
    return len(values)


def main(promtool, json_path, *paths):
    report = json.load(open(json_path))

    def check_prom(path, report):
        return check_prometheus(path, report, promtool)

    checks = [check_csv, check_junit, check_sarif, check_ocsf, check_prom]
    assert len(paths) == len(checks)
    for check, path in zip(checks, paths):
        print(f"{check.__name__[6:]:11} {check(path, report)}")


main(*sys.argv[1:])
