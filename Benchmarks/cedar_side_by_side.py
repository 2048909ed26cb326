#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decisions of the Cedar module and of the Rust implementation (the package cedarpy), in one run.

    cedar_side_by_side.py CEDAR-BENCH [COUNT.so]

The same policies, 500 principals, 10,000 resources and requests for both; all is loaded before. It
prints medians of processor time and ratios, and fails where a decision differs, where a decision allocates, or where
10,000 policies cost more than twice what 16 do. Times alone fail nothing.
"""
import json, os, random, statistics, subprocess, sys, tempfile, time

import cedarpy

HERE = os.path.dirname(os.path.abspath(__file__))
ACTIONS = ["read", "read", "list", "edit", "share", "export"]
REGIONS = ["28", "32", "52", "75", "84"]
COUNT = 2000


def uid(kind, name):
    return {"type": kind, "id": name}


def reference(kind, name):
    return {"__entity": uid(kind, name)}


def call(function, argument):
    return {"__extn": {"fn": function, "arg": argument}}


def entities(source):
    made = [{"uid": uid("Team", f"t{n}"), "attrs": {},
             "parents": [uid("Team", f"t{n // 4}")] if n else []} for n in range(20)]
    made.append({"uid": uid("Team", "audit"), "attrs": {}, "parents": []})
    for name in ("read", "list"):
        made.append({"uid": uid("Action", name), "attrs": {}, "parents": [uid("Action", "view")]})
    for n in range(500):
        attributes = {"clearance": source.randrange(10), "region": source.choice(REGIONS),
                      "licence": {"isActive": source.random() < 0.95,
                                  "until": call("datetime", f"20{source.randint(25, 30)}-06-01")}}
        if source.random() < 0.8: attributes["manager"] = reference("User", f"user{n // 7}")
        parents = [uid("Team", "audit")] if n % 50 == 0 else [uid("Team", f"t{n % 20}")]
        made.append({"uid": uid("User", f"user{n}"), "attrs": attributes, "parents": parents})
    for n in range(10_000):
        labels = source.sample(["draft", "sealed", "final", "shared"], source.choice([0, 1, 1, 2]))
        made.append({"uid": uid("File", f"file{n}"), "parents": [], "attrs": {
            "team": reference("Team", f"t{source.randrange(20)}"), "level": source.randrange(11),
            "isPublic": source.random() < 0.15, "owner": reference("User", f"user{n % 500}"),
            "region": source.choice(REGIONS), "labels": labels}})
    return made


def requests(source, count):
    made = []
    for _ in range(count):
        purpose = source.choice(["care", "audit", "cross-region", "cross-team", "sale"])
        address = source.choice(["10.1.2.3", "10.200.0.9", "192.168.1.1", "2001:db8::1"])
        made.append({"principal": uid("User", f"user{source.randrange(500)}"),
                     "action": uid("Action", source.choice(ACTIONS)),
                     "resource": uid("File", f"file{source.randrange(10_000)}"),
                     "context": {"purpose": purpose, "at": call("datetime", "2026-11-27"),
                                 "client": {"address": call("ip", address), "port": 443}}})
    return made


def others(count):
    """Policies that cannot apply to any of the requests."""
    forms = ['permit(principal == User::"x{0}", action == Action::"read", resource)',
             'permit(principal in Team::"x{0}", action, resource)',
             'forbid(principal, action in Action::"view", resource == File::"x{0}")',
             'permit(principal, action == Action::"x{0}", resource)']
    return "".join(forms[n % 4].format(n) + f" when {{ resource.level < {n} }};\n"
                   for n in range(count))


def rust(policies, handle, asked, batch):
    """Microseconds of processor time a decision, single and in batches, medians."""
    singles = []
    for request in asked[:batch]:
        start = time.thread_time()
        cedarpy.is_authorized(request, policies, handle)
        singles.append(time.thread_time() - start)
    batches = []
    for _ in range(5):
        start = time.thread_time()
        cedarpy.is_authorized_batch(asked[:batch], policies, handle)
        batches.append((time.thread_time() - start) / batch)
    return statistics.median(singles) * 1e6, statistics.median(batches) * 1e6


def measure(tool, counter, text, data, handle, asked, batch):
    policies = cedarpy.PolicySet.from_str(text)
    compared = asked if batch >= 1000 else asked[:100]
    decided = cedarpy.is_authorized_batch(compared, policies, handle)
    with tempfile.TemporaryDirectory() as folder:
        def write(name, content):
            with open(os.path.join(folder, name), "w") as file: file.write(content)
        write("policies.cedar", text)
        write("entities.json", data)
        write("requests.jsonl", "\n".join(map(json.dumps, asked)))
        write("decisions.txt", "\n".join(result.decision.value.lower() for result in decided))
        environment = {**os.environ, **({"LD_PRELOAD": counter} if counter else {})}
        own = json.loads(subprocess.run([tool, folder], env=environment, check=True,
                                        stdout=subprocess.PIPE).stdout)
    single, batched = rust(policies, handle, asked, batch)
    mine = own["median_ns"] / 1000
    print(f"{own['policies']:6} policies: {mine:.3f} µs a decision (best {own['best_ns'] / 1000:.3f}),"
          f" {own['allocations']} allocations in {own['requests']} decisions,"
          f" reference evaluator {own['reference_ns'] / 1000:.1f} µs,"
          f" compiled in {own['compile_ms']:.0f} ms")
    print(f"       cedarpy single {single:.1f} µs ({single / mine:.0f} times as long), "
          f"batch {batched:.1f} µs ({batched / mine:.0f} times), "
          f"{own['compared'] - own['different']}/{own['compared']} decisions the same")
    return own


def main():
    tool = sys.argv[1]
    counter = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    source = random.Random(20261127)
    data = json.dumps(entities(source))
    handle = cedarpy.Entities.from_json_str(data)
    asked = requests(source, COUNT)
    with open(os.path.join(HERE, "cedar", "policies.cedar")) as file: few = file.read()
    small = measure(tool, counter, few, data, handle, asked, 1000)
    large = measure(tool, counter, few + others(10_000 - 16), data, handle, asked, 20)
    ratio = large["median_ns"] / small["median_ns"]
    print(f"10,000 policies cost {ratio:.2f} times what 16 do (bar: 2)")
    faults = [word for word, holds in [
        ("decisions differ", small["different"] + large["different"]),
        ("decisions allocate", small["allocations"] or large["allocations"]),
        ("policies that cannot apply cost", ratio > 2)] if holds]
    print("cedar-bench: " + (", ".join(faults) or "ok"))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
