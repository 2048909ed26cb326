#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the Cedar module with the Rust implementation, through the package cedarpy.

    python3 -m venv VENV && VENV/bin/pip install cedarpy
    VENV/bin/python Tests/oracles/cedar_fuzz.py .build/release/cedar-corpus [CASES] [SEED]

Generates schemas, policy sets with templates and links, entities and requests, conforming or
slightly not, and compares what both accept, decide, say of errors and in validation, and write
as JSON. Shrinks each difference and writes it to out/cedar-differences; exits 1 if there is one.
"""
import json
import os
import random
import subprocess
import sys

import cedarpy

from cedar_policies import PolicyWriter
from cedar_untyped import SCHEMA, Generator
from cedar_world import World, json_schema

PREFIX = "error while evaluating policy `"


class Tool:
    """The Swift side: answers one line of JSON for each line of JSON."""

    def __init__(self, path):
        self.process = subprocess.Popen([path, "--cases"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def answer(self, case):
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line: raise SystemExit(f"the tool ended on {json.dumps(case)}")
        return json.loads(line)


def typed_case(source, index):
    world = World(source)
    explicit = index % 3 != 0
    writer = PolicyWriter(world, source.choice([0, 0, 0.02, 0.1]))
    count = source.choice([1, 2, 3, 5])
    case = {"schema": world.schema_text(), "policies": "", "uses_schema": not explicit,
            "entities": world.entity_list(explicit),
            "requests": [world.request(explicit) for _ in range(20)]}
    if index % 5 == 4: case["schema"] = json_schema(world)
    policies = [writer.policy(slots=index % 4 == 1) for _ in range(count)]
    case["policies"] = "\n".join(policies)
    case["links"] = []
    for number, policy in enumerate(policies):
        slots = [slot for slot in ("?principal", "?resource") if slot in policy]
        if not slots: continue
        for copy in range(source.choice([1, 2])):
            values = {slot: world.uid(source.choice(list(world.entities))) for slot in slots}
            if source.random() < 0.02: values.popitem()
            case["links"].append({"templateId": f"policy{number}", "newId": f"link{number}_{copy}",
                                  "values": values})
    return case


def untyped_case(source, index):
    generator = Generator(0)
    generator.random = source
    policies = "\n".join(generator.policy() for _ in range(generator.pick(1, 2, 4)))
    if index % 3 == 2: return {"policies": generator.mutated(policies)}
    case = {"policies": policies, "entities": generator.entities(),
            "requests": [generator.request() for _ in range(10)]}
    return {"policies": policies, "schema": SCHEMA} if index % 3 == 1 else case


def oracle(case):
    """What the Rust implementation says of a case, in the form of the tool's answer."""
    answer = {}
    schema = None
    if "schema" in case:
        read = cedarpy.Schema.from_json_str if case["schema"].startswith("{") \
            else cedarpy.Schema.from_str
        try:
            schema = read(case["schema"])
            answer["schema"] = True
        except ValueError:
            return {"schema": False}
    try:
        document = json.loads(cedarpy.policies_to_json_str(case["policies"]))
        answer["policies"] = {key: document[key] for key in ("staticPolicies", "templates")}
    except ValueError:
        return {**answer, "policies": False}
    if schema:
        found = cedarpy.validate_policies(case["policies"], schema).errors
        answer["validation"] = sorted(
            error.error.replace("failed to parse as", "Failed to parse as") for error in found)
    if "requests" not in case: return answer
    policies = cedarpy.PolicySet.from_str(case["policies"])
    if case.get("links"):
        links = [{"template_id": link["templateId"], "new_id": link["newId"],
                  "values": link["values"]} for link in case["links"]]
        try:
            policies = policies.with_linked_batch(links)
            answer["links"] = True
        except ValueError:
            return {**answer, "links": False}
    used = schema if case.get("uses_schema") else None
    try:
        entities = cedarpy.Entities.from_json_str(json.dumps(case["entities"]), used)
        answer["entities"] = True
    except ValueError:
        return {**answer, "entities": False}
    results = cedarpy.is_authorized_batch(case["requests"], policies, entities, used)
    answer["responses"] = [response(result._authz_resp) for result in results]
    return answer


def response(raw):
    found = raw["diagnostics"]
    if raw["decision"] == "NoDecision": return {"refused": reason(found["errors"][0])}
    errors = {}
    for error in found.get("errors", []):
        name, _, message = error[len(PREFIX):].partition("`: ")
        errors[name] = "address" if "`ipaddr` extension function" in message else message
    return {"decision": raw["decision"].lower(), "reason": sorted(found["reason"]),
            "errors": errors}


REASONS = ("does not exist in the supplied schema", "is not valid for `", "eid", "attribute `")


def reason(message):
    """Why a request is refused; empty where the two implementations use other words."""
    for start in ("failed to build request: ", "while parsing context, ",
                  "request does not conform to the schema: "):
        message = message.removeprefix(start)
    known = any(word in message for word in REASONS)
    return message if known and "context" not in message and "in attribute" not in message else ""


def difference(case, own):
    """The first thing that both say differently; none if they agree."""
    expected = oracle(case)
    if "validation" in own: own["validation"].sort()
    for key in expected:
        if key == "responses": continue
        if own.get(key) != expected[key]:
            return f"{key}: {json.dumps(own.get(key))} instead of {json.dumps(expected[key])}" \
                   + f" ({own.get('error', '')})"
    for index, wanted in enumerate(expected.get("responses", [])):
        found = own["responses"][index]
        if not found.pop("compiledAgrees", True): return f"request {index}: the compiled differs"
        if "refused" in found: found["refused"] = reason(found["refused"])
        # The context is read before the rest is looked at, in one of the two implementations.
        if "refused" in found and "refused" in wanted \
                and ("" in (found["refused"], wanted["refused"])
                     or "attribute" in found["refused"] + wanted["refused"]
                     or "eid" in found["refused"] and "eid" in wanted["refused"]): continue
        for name, message in found.get("errors", {}).items():
            if "`ipaddr` extension function" in message: found["errors"][name] = "address"
        if found != wanted:
            return f"response {index}: {json.dumps(found)} instead of {json.dumps(wanted)}"
    return rewritten(case, own, expected)


def rewritten(case, own, expected):
    """What the tool wrote must mean the same to the Rust implementation."""
    if not own.get("policies"): return None
    try:
        again = json.loads(cedarpy.policies_to_json_str(own["formatted"]))
    except ValueError as error:
        return f"the formatted text does not parse: {error}"
    if any(again[key] != own["policies"][key] for key in own["policies"]):
        return "the formatter changes the meaning"
    if "validation" not in expected: return None
    for read, text in [(cedarpy.Schema.from_json_str, own["schemaJSON"]),
                       (cedarpy.Schema.from_str, own["schemaText"])]:
        try:
            errors = cedarpy.validate_policies(case["policies"], read(text)).errors
        except ValueError as error:
            return f"the schema as written is refused: {error}"
        if len(errors) != len(expected["validation"]): return "writing the schema changes it"
    return None


def shrink(tool, case):
    """Takes parts away as long as a difference of any kind remains."""
    def differs(candidate):
        return difference(candidate, tool.answer(candidate)) is not None
    changed = True
    while changed:
        changed = False
        for key in ("requests", "entities", "links"):
            index = 0
            while index < len(case.get(key, [])):
                smaller = {**case, key: case[key][:index] + case[key][index + 1:]}
                if differs(smaller): case, changed = smaller, True
                else: index += 1
        for key in ("policies", "schema"):
            lines = case.get(key, "").split("\n")
            index = 0
            while index < len(lines):
                smaller = {**case, key: "\n".join(lines[:index] + lines[index + 1:])}
                if smaller[key].strip() and differs(smaller):
                    case, changed = smaller, True
                    lines = case[key].split("\n")
                else: index += 1
    return case


def main():
    tool = Tool(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)
    print(f"seed {seed}", flush=True)
    source = random.Random(seed)
    requests = decided = validations = valid = differences = 0
    for index in range(count):
        case = untyped_case(source, index // 4) if index % 4 == 3 else typed_case(source, index)
        own = tool.answer(case)
        found = difference(case, own)
        requests += len(case.get("requests", []))
        decided += len(own.get("responses", []))
        validations += "validation" in own
        valid += own.get("validation") == []
        if found is None: continue
        differences += 1
        if differences > 20: break
        case = shrink(tool, case)
        found = difference(case, tool.answer(case)) or found
        os.makedirs("out/cedar-differences", exist_ok=True)
        with open(f"out/cedar-differences/{seed}-{index}.json", "w") as file:
            json.dump({**case, "expected": oracle(case)}, file, indent=1)
        print(f"difference: {found}\n  {json.dumps(case, ensure_ascii=False)[:3000]}", flush=True)
    print(f"{count} cases, {requests} requests of which {decided} decided, {validations} sets "
          f"validated of which {valid} valid, {differences} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
