# SPDX-License-Identifier: Apache-2.0
"""What the Rust implementation (the package cedarpy) says of a case, and where the tool differs."""
import json
import subprocess

import cedarpy

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


def oracle(case):
    """The Rust implementation's answer, in the form of the tool's answer."""
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
        text = case["policies"]
        if text.startswith("{"):
            policies = cedarpy.PolicySet.from_json_str(text)
            text = sayable(cedarpy.policies_from_json_str(text))
        else:
            policies = cedarpy.PolicySet.from_str(text)
        if text is not None:
            document = json.loads(cedarpy.policies_to_json_str(text))
            answer["policies"] = {key: document[key] for key in ("staticPolicies", "templates")}
    except ValueError:
        return {**answer, "policies": False}
    if schema and text is not None:
        found = cedarpy.validate_policies(text, schema).errors
        answer["validation"] = sorted(
            error.error.replace("failed to parse as", "Failed to parse as") for error in found)
    if "requests" not in case: return answer
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


def sayable(text):
    """The text, or nothing: the JSON format can say what the syntax cannot."""
    try:
        cedarpy.PolicySet.from_str(text)
        return text
    except ValueError:
        return None


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


def difference(case, own, expected=None):
    """The first thing that both say differently; none if they agree."""
    expected = expected or oracle(case)
    if "validation" in own: own["validation"].sort()
    for key in expected:
        if key == "responses": continue
        # Two errors in the JSON format have no place that tells them apart.
        if key == "validation" and case["policies"].startswith("{") \
                and set(own.get(key, [])) == set(expected[key]): continue
        if own.get(key) != expected[key]:
            return f"{key}: {json.dumps(own.get(key))} instead of {json.dumps(expected[key])}" \
                   + f" ({own.get('error', '')})"
    if own.get("unstable"): return f"the formatter changes its own {own['unstable']}"
    if own.get("broken"): return f"a promise of the validator: {own['broken'][0]}"
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


def translated(tool, case, own):
    """What the Rust implementation writes of a case must mean the same to the tool."""
    if not own.get("policies") or case["policies"].startswith("{"): return None
    again = {"policies": cedarpy.format_policies(case["policies"])}
    if own.get("schema"):
        read = cedarpy.Schema.from_json_str if case["schema"].startswith("{") \
            else cedarpy.Schema.from_str
        again["schema"] = str(read(case["schema"]))
    answer = tool.answer(again)
    for key in ("policies", "schema"):
        if key in own and answer.get(key) != own[key]:
            return f"the {key} as the other one writes them: {json.dumps(answer.get(key))[:300]}"
    # The formatter of the other one moves what an error points at, and so how many there are.
    if set(answer.get("validation", [])) != set(own.get("validation", [])):
        return f"validation as the other one writes it: {json.dumps(answer['validation'])[:300]}"
    return None


def comments(text):
    """The comments of a text that has no slashes in its literals."""
    return [line.split("//", 1)[1].strip() for line in text.split("\n") if "// c" in line]


def rewritten(case, own, expected):
    """What the tool wrote must mean the same to the Rust implementation, and the reverse."""
    if not own.get("policies") or "policies" not in expected: return None
    for name in ("formatted", "printed"):
        if name not in own: continue
        try:
            again = json.loads(cedarpy.policies_to_json_str(own[name]))
        except ValueError as error:
            return f"the {name} text does not parse: {error}"
        if name == "formatted" and comments(own[name]) != comments(case["policies"]):
            return "the formatter loses a comment"
        if any(shape(again[key]) != shape(own["policies"][key]) for key in own["policies"]):
            return f"the {name} text means something else"
    if "validation" not in expected: return None
    texts = [(cedarpy.Schema.from_json_str, own["schemaJSON"]),
             (cedarpy.Schema.from_str, own["schemaText"])]
    for read, text in texts:
        try:
            schema = read(text)
        except ValueError as error:
            return f"the schema as written is refused: {error}"
        if case["policies"].startswith("{"): continue
        errors = cedarpy.validate_policies(case["policies"], schema).errors
        if len(errors) != len(expected["validation"]): return "writing the schema changes it"
    return None


def shape(policies):
    """The policies without their names, which follow from their order in the text."""
    return sorted(json.dumps(policy, sort_keys=True) for policy in policies.values())


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
