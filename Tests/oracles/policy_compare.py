#!/usr/bin/env python3
"""Holds `vigie policy compare` against Cedar's Rust implementation (the package cedarpy).

It changes the policies of the pilot one at a time, compares each set with the one before, and asks
cedarpy: every example must be decided as claimed, and where both sets are said to be equal, or a
change is said to be of one kind alone, no random request may be decided otherwise.

usage: policy_compare.py VIGIE_POLICY POLICY_SET [SEED] [REQUESTS]
"""
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cedarpy

tool, pilot = sys.argv[1], Path(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
request_count = int(sys.argv[4]) if len(sys.argv) > 4 else 300
rng = random.Random(seed)
schema = (pilot / "schema.cedarschema").read_text()
files = sorted(path.name for path in pilot.glob("*.cedar"))


def whole(texts):
    return "\n".join(texts[name] for name in files)


def policies(text):
    """The policies of a file, each with its annotations."""
    starts = [match.start() for match in re.finditer(r'^@id\(', text, re.M)]
    return [text[a:b] for a, b in zip(starts, starts[1:] + [len(text)])]


def mutations(policy):
    """The same policy in other words, and other policies."""
    yield "in other words", re.sub(
        r"(when|unless) \{(.*?)\}(?=;|\s*unless)", r"\1 { !(!(\2)) }", policy, flags=re.S)
    yield "dropped", ""
    for word in sorted(set(re.findall(r"context\.\w+", policy))):
        for other in ("context.explained", "!context.trained", 'context.region == "28"'):
            if rng.random() < 0.3:
                yield f"{word} and {other}", policy.replace(
                    "};", f"}} when {{ {other} || {word} == {word} && {other} }};", 1)
    texts = re.findall(r'"[A-Z0-9-]{2,12}"', policy.split("(principal", 1)[-1].split("(\n", 1)[-1])
    for text in sorted(set(texts)):
        yield f"{text} changed", policy.replace(text, '"ZZ"')
    if "unless {" in policy:
        yield "unless becomes when", policy.replace("unless {", "when {")
    if " && " in policy:
        yield "and becomes or", policy.replace(" && ", " || ", 1)


def sets(texts):
    for name in files:
        for policy in policies(texts[name]):
            for what, changed in mutations(policy):
                new = dict(texts)
                new[name] = texts[name].replace(policy, changed)
                yield f"{policy.split(chr(10))[0]} {what}", new


flags = re.findall(r"(\w+): Bool", schema.split("type Access")[1].split("};")[0])
acts = re.findall(r"(\w+): Bool", schema.split("type Act =")[1].split("};")[0])
access_actions, act_actions = [], []
for names, context in re.findall(
        r'action ((?:"[\w.]+",?\s*)+)(?:in [^\n]*)?\s*appliesTo \{[^}]*context: (\w+)', schema):
    listed = re.findall(r'"([\w.]+)"', names)
    {"Access": access_actions, "Act": act_actions}.get(context, []).extend(listed)
parents = {name: [] for name in re.findall(r'action "([\w.]+)";', schema)}
for names, groups in re.findall(r'action ((?:"[\w.]+",?\s*)+)in \[([^\]]*)\]', schema):
    for name in re.findall(r'"([\w.]+)"', names):
        parents[name] = re.findall(r'"([\w.]+)"', groups)
action_entities = [{"uid": {"type": "Action", "id": name}, "attrs": {},
                    "parents": [{"type": "Action", "id": group} for group in groups]}
                   for name, groups in parents.items()]
roles = ["CONS_PRO", "RESP", "REF_PILOTE", "CONS_EMPLOI", "DPO", "DPO_ADJ", "AUDIT", "RSSI", "ZZ"]


def random_request():
    resource = rng.choice(["Person", "Record"])
    if rng.random() < 0.2:
        action = rng.choice(act_actions)
        context = {name: rng.random() < 0.6 for name in acts}
    else:
        action = rng.choice(access_actions)
        context = {name: rng.random() < 0.75 for name in flags}
        for name in ("directIdentifier", "restricted", "objection", "declaredLink"):
            context[name] = rng.random() < 0.1
        context.update(
            role=rng.choice(roles), region=rng.choice(["28", "75", "ZZ"]),
            purpose=rng.choice(["P1-PROSPECTION", "P2-OFFRES", "P3-PROMOTION", "ZZ"]),
            categories=rng.sample(["CV", "CT", "SA", "MA", "ZZ"], rng.randint(0, 2)),
            recordedEffect=rng.choice(["allow", "deny"]), outcome=rng.choice(["done", "denied"]),
            pilotRegions=rng.sample(["28", "75", "84"], rng.randint(0, 3)))
    return {"principal": 'Agent::"a"', "action": f'Action::"{action}"',
            "resource": f'{resource}::"r"', "context": context}


def decide(text, requests, entities):
    answers = cedarpy.is_authorized_batch(requests, text, entities, schema)
    return [answer.decision.value.lower() for answer in answers]


def quoted(uid):
    return f'{uid["type"]}::{json.dumps(uid["id"])}'


tally = {"sets": 0, "equal": 0, "different": 0, "undecided": 0, "invalid": 0, "examples": 0}
original = {name: (pilot / name).read_text() for name in files}
before_text = whole(original)
failures = []
with tempfile.TemporaryDirectory() as scratch:
    scratch = Path(scratch)
    for what, texts in sets(original):
        target = scratch / "new"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(pilot, target)
        for name in files:
            (target / name).write_text(texts[name])
        run = subprocess.run([tool, "compare", str(pilot), str(target), "-f", "json", "--lang", "en"],
                             capture_output=True, text=True)
        if run.returncode == 3:
            tally["invalid"] += 1
            continue
        if run.returncode not in (0, 1, 4):
            failures.append(f"{what}: exit code {run.returncode}: {run.stderr}")
            continue
        report = json.loads(run.stdout)
        tally["sets"] += 1
        tally[{0: "equal", 1: "different", 4: "undecided"}[run.returncode]] += 1
        after_text = whole(texts)
        said = set()
        for difference in report["differences"]:
            wanted = ["deny", "allow"] if difference["change"] == "allowed" else ["allow", "deny"]
            for case in difference["cases"]:
                tally["examples"] += 1
                request = {part: quoted(case["request"][part])
                           for part in ("principal", "action", "resource")}
                said.add((difference["change"], request["action"],
                          case["request"]["resource"]["type"]))
                request["context"] = case["request"]["context"]
                got = [decide(text, [request], case["entities"])[0]
                       for text in (before_text, after_text)]
                if got != wanted:
                    failures.append(f"{what}: {difference['change']}: cedarpy says {got}: {request}")
        open_questions = {(one["change"], one["request"]["action"], one["request"]["resource_type"])
                          for one in report["undecided"]}
        requests = [random_request() for _ in range(request_count)]
        was = decide(before_text, requests, action_entities)
        now = decide(after_text, requests, action_entities)
        for request, old, new in zip(requests, was, now):
            if old == new:
                continue
            kind = ("allowed" if new == "allow" else "denied", request["action"],
                    request["resource"].split("::")[0])
            if kind not in said and kind not in open_questions:
                failures.append(f"{what}: {kind} is not said: {request}")
print(f"policy-compare: seed {seed}: {tally}")
for failure in failures[:20]:
    print(failure)
enough = tally["equal"] >= 10 and tally["different"] >= 40 and tally["examples"] >= 100
if failures or not enough:
    sys.exit(f"policy-compare: {len(failures)} failures" if failures else "policy-compare: too few")
