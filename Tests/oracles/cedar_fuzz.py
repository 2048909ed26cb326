#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the Cedar module with the Rust implementation, through the package cedarpy.

    python3 -m venv VENV && VENV/bin/pip install cedarpy
    VENV/bin/python Tests/oracles/cedar_fuzz.py .build/release/cedar-corpus [CASES] [SEED] [CORPUS]

Generates schemas, policy sets with templates and links, entities and requests, conforming or
slightly not, and compares what both accept, decide, say of errors and in validation, and write
as text and as JSON. With a folder of conformance tests, half of the cases are made from those. The tool
also holds its own decisions against what its validator promises (types, levels). Shrinks each
difference and writes it to out/cedar-differences; exits 1 if there is one.
"""
import json
import os
import random
import sys

from cedar_oracle import Tool, difference, oracle, shrink, translated
from cedar_policies import PolicyWriter
from cedar_splice import Corpus, Splicer
from cedar_texts import extension_text, strange_text
from cedar_untyped import SCHEMA, Generator
from cedar_world import World, json_schema


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
    if source.random() < 0.2: case["policies"] = commented(source, case["policies"])
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


def literal(text):
    """A Cedar literal with every character escaped that is not a plain one."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else "\\u{%x}" % ord(c) for c in text) + '"'


def texts_case(source, _):
    """What constructors read, in policies and in entities; odd texts in every place for a text."""
    tests = []
    values = {}
    for number in range(12):
        function, text = extension_text(source)
        other = extension_text(source)
        values[f"v{number}"] = {"__extn": {"fn": function, "arg": text}}
        tests.append(f"{function}({literal(text)}) {source.choice(['==', '<', '!='])} "
                     f"{other[0]}({literal(other[1])})")
    one, two = strange_text(source), strange_text(source)
    pattern = "".join(source.choice(["*", "\\*", literal(c)[1:-1]]) for c in two)
    tests += [f"{literal(one)} like \"{pattern}\"", f"context[{literal(one)}] == {literal(two)}",
              f"context has {literal(two)}", f"U::{literal(one)} == principal",
              f"{{{literal(one)}: 1}} == {{{literal(two)}: 1}}"]
    policies = "".join(f"@note({literal(two)}) permit(principal, action, resource) when {{ {test} }};\n"
                       for test in tests)
    known = source.sample(sorted(values), source.choice([0, 1, 1, 2]))
    uid = lambda kind, name: {"type": kind, "id": name}
    entity = {"uid": uid("U", one), "attrs": {name: values[name] for name in known},
              "parents": [], "tags": {two: one}}
    request = {"principal": uid("U", one), "action": uid("Action", two), "resource": uid("U", two),
               "context": {one: two, two: one}}
    return {"policies": policies, "entities": [entity], "requests": [request]}


def commented(source, text):
    """The text with comments where white space is."""
    out, quoted, escaped, number = "", False, False, 0
    for character in text:
        if character == '"' and not escaped: quoted = not quoted
        escaped = quoted and character == "\\" and not escaped
        if character == " " and not quoted and source.random() < 0.1:
            number += 1
            character = source.choice([" ", "\n"]) + f"// c{number}\n"
        out += character
    return out


def untyped_case(source, index):
    generator = Generator(0)
    generator.random = source
    policies = "\n".join(generator.policy() for _ in range(generator.pick(1, 2, 4)))
    if index % 3 == 2: return {"policies": generator.mutated(policies)}
    case = {"policies": policies, "entities": generator.entities(),
            "requests": [generator.request() for _ in range(10)]}
    return {"policies": policies, "schema": SCHEMA} if index % 3 == 1 else case


def make(source, index, splicer):
    if splicer and index % 2: return splicer.case()
    if index % 16 == 6: return texts_case(source, index)
    if index % 8 == 4: return untyped_case(source, index // 8)
    return typed_case(source, index)


def main():
    tool = Tool(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[3] else random.randrange(2**32)
    print(f"seed {seed}", flush=True)
    source = random.Random(seed)
    splicer = Splicer(Corpus(sys.argv[4]), source) if len(sys.argv) > 4 and sys.argv[4] else None
    requests = decided = validations = valid = differences = 0
    for index in range(count):
        case = make(source, index, splicer)
        own = tool.answer(case)
        requests += len(case.get("requests", []))
        decided += sum("decision" in answer for answer in own.get("responses", []))
        validations += "validation" in own
        valid += own.get("validation") == []
        found = difference(case, own)
        if found is None: continue
        differences += 1
        if differences > 20: break
        case = shrink(tool, case)
        found = difference(case, tool.answer(case)) or found
        os.makedirs("out/cedar-differences", exist_ok=True)
        with open(f"out/cedar-differences/{seed}-{index}.json", "w") as file:
            json.dump({**case, "expected": oracle(case)}, file, indent=1)
        print(f"difference: {found[:1500]}\n  {json.dumps(case, ensure_ascii=False)[:3000]}", flush=True)
    print(f"{count} cases, {requests} requests of which {decided} decided, {validations} sets "
          f"validated of which {valid} valid, {differences} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
