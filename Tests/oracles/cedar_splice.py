# SPDX-License-Identifier: Apache-2.0
"""Cases made from a folder of conformance tests by exchanging parts among them.

Policies are changed as trees of Cedar's JSON format: what the corpus's own generator makes is kept in
style, and what it happened not to put together is put together here.
"""
import glob
import json
import os
import re

import cedarpy

from cedar_texts import extension_text, strange_text

FUNCTIONS = {"decimal": 1, "ip": 1, "datetime": 1, "duration": 1, "lessThan": 2,
             "lessThanOrEqual": 2, "greaterThan": 2, "greaterThanOrEqual": 2, "isIpv4": 1,
             "isIpv6": 1, "isLoopback": 1, "isMulticast": 1, "isInRange": 2, "offset": 2,
             "durationSince": 2, "toDate": 1, "toTime": 1, "toMilliseconds": 1, "toSeconds": 1,
             "toMinutes": 1, "toHours": 1, "toDays": 1}
BINARY = ["==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "&&", "||", "contains",
          "containsAll", "containsAny", "hasTag", "getTag"]
PARTS = ("arg", "left", "right", "if", "then", "else", "in")


def places(node):
    """Where the expressions inside an expression stand, as pairs of container and key."""
    (name, body), = node.items()
    if name in ("Value", "Var", "Slot"): return []
    if isinstance(body, list): return [(body, index) for index in range(len(body))]
    if name == "Record": return [(body, key) for key in body]
    return [(body, key) for key in PARTS if isinstance(body.get(key), dict)]


def everywhere(policy):
    """The places of all expressions of a policy."""
    open_places = [(condition, "body") for condition in policy["conditions"]]
    found = []
    while open_places:
        container, key = open_places.pop()
        found.append((container, key))
        open_places += places(container[key])
    return found


def size(node):
    return 1 + sum(size(container[key]) for container, key in places(node))


class Corpus:
    def __init__(self, folder):
        self.tests = sorted(path for path in glob.glob(os.path.join(folder, "**", "*.json"),
                                                       recursive=True)
                            if not path.endswith("entities.json"))
        self.pool = []

    def read(self, source):
        """One test as a case: None where it is not in the folder."""
        path = source.choice(self.tests)
        with open(path) as file: test = json.load(file)
        if "requests" not in test: return None
        def text(name):
            local = os.path.join(os.path.dirname(path), os.path.basename(test[name]))
            with open(local) as file: return file.read()
        return {"schema": text("schema"), "policies": text("policies"),
                "entities": json.loads(text("entities")), "uses_schema": True,
                "requests": [{key: request[key] for key in
                              ("principal", "action", "resource", "context")}
                             for request in test["requests"]]}


class Splicer:
    def __init__(self, corpus, source):
        self.corpus = corpus
        self.random = source

    def chance(self, probability):
        return self.random.random() < probability

    def case(self):
        case = None
        while case is None: case = self.corpus.read(self.random)
        document = json.loads(cedarpy.policies_to_json_str(case["policies"]))
        policies = list(document["staticPolicies"].values()) + list(document["templates"].values())
        for policy in policies:
            for container, key in everywhere(policy)[:40]:
                if size(container[key]) < 60: self.corpus.pool.append(container[key])
        if len(self.corpus.pool) > 5000:
            self.corpus.pool = self.random.sample(self.corpus.pool, 3000)
        for _ in range(self.random.choice([1, 1, 2, 3, 5])):
            self.change(self.random.choice(policies))
        if self.chance(0.2): policies.append(self.again(policies))
        case["policies"] = self.texts(policies)
        if self.chance(0.25): case["schema"] = self.changed_schema(case["schema"])
        self.exchange(case)
        return case

    def again(self, policies):
        policy = json.loads(json.dumps(self.random.choice(policies)))
        self.change(policy)
        return policy

    def texts(self, policies):
        """The policies as text, or one of them as it is in the JSON format."""
        if len(policies) == 1 and self.chance(0.15):
            return json.dumps({"staticPolicies": {"policy0": policies[0]}, "templates": {},
                               "templateLinks": []})
        parts = []
        for policy in policies:
            document = {"staticPolicies": {"p": policy}, "templates": {}, "templateLinks": []}
            # Not every change is a policy.
            try: parts.append(cedarpy.policies_from_json_str(json.dumps(document)))
            except ValueError: continue
        return "\n".join(parts)

    def change(self, policy):
        found = everywhere(policy)
        if not found:
            policy["conditions"].append({"kind": "when", "body": {"Value": True}})
            return
        if self.chance(0.15): return self.change_scope(policy, found)
        container, key = self.random.choice(found)
        own = [c[k] for c, k in found if size(c[k]) < 200]
        copy = lambda: json.loads(json.dumps(self.random.choice(
            own if own and self.chance(0.7) else self.corpus.pool)))
        choice = self.random.randrange(8)
        if choice < 3: container[key] = copy()
        elif choice < 5: container[key] = self.wrapped(container[key], copy)
        elif choice == 5: container[key] = self.renamed(container[key])
        elif choice == 6: container[key] = self.leaf()
        else: self.resize(container[key], copy)

    def wrapped(self, node, copy):
        choice = self.random.randrange(9)
        pair = [node, copy()]
        self.random.shuffle(pair)
        if choice == 0: return {self.random.choice(["!", "neg", "isEmpty"]): {"arg": node}}
        if choice < 3: return {self.random.choice(BINARY): {"left": pair[0], "right": pair[1]}}
        if choice == 3: return {"if-then-else": {"if": node, "then": copy(), "else": copy()}}
        if choice == 4:
            return {self.random.choice([".", "has"]): {"left": node, "attr": self.name()}}
        if choice == 5: return {"Set": pair[:self.random.choice([1, 2])]}
        if choice == 6: return {"Record": {self.name(): node}}
        if choice == 7:
            name = self.random.choice(list(FUNCTIONS))
            arity = FUNCTIONS[name] if self.chance(0.8) else self.random.randrange(1, 5)
            return {name: [node] + [copy() for _ in range(arity - 1)]}
        return {"like": {"left": node, "pattern": self.random.choice(
            [["Wildcard"], [{"Literal": "a"}, "Wildcard"], [{"Literal": "e\u0301"}]])}}

    def name(self):
        return self.random.choice(["a", "b", "", "é", "e\u0301", "x y", "if", strange_text(self.random)])

    def renamed(self, node):
        (name, body), = node.items()
        if name in BINARY: return {self.random.choice(BINARY): body}
        if name in FUNCTIONS: return {self.random.choice(list(FUNCTIONS)): body}
        if name in (".", "has"): return {"has" if name == "." else ".": body}
        return self.leaf()

    def leaf(self):
        choice = self.random.randrange(6)
        if choice == 0: return {"Var": self.random.choice(["principal", "action", "resource", "context"])}
        if choice == 1: return {"Value": self.random.choice([0, 1, -1, 2**63 - 1, -2**63])}
        if choice == 2: return {"Value": strange_text(self.random)}
        if choice == 3: return {"Set": []}
        if choice == 4: return {"Value": self.chance(0.5)}
        function, text = extension_text(self.random)
        return {function: [{"Value": text}]}

    def resize(self, node, copy):
        (name, body), = node.items()
        if isinstance(body, list):
            if body and self.chance(0.5): body.pop(self.random.randrange(len(body)))
            else: body.append(copy())
        elif name == "Record":
            body[self.name()] = copy()

    def change_scope(self, policy, found):
        uids = [c[k]["Value"]["__entity"] for c, k in found
                if isinstance(c[k].get("Value"), dict) and "__entity" in c[k]["Value"]]
        uid = self.random.choice(uids) if uids else {"type": "a", "id": ""}
        part = self.random.choice(["principal", "resource"])
        policy[part] = self.random.choice([
            {"op": "All"}, {"op": "==", "entity": uid}, {"op": "in", "entity": uid},
            {"op": "is", "entity_type": uid["type"]},
            {"op": "is", "entity_type": uid["type"], "in": {"entity": uid}}])

    def changed_schema(self, text):
        """Another primitive type, an optional attribute, a declaration without tags or parents."""
        choice = self.random.randrange(5)
        if choice == 0:
            kinds = ["Long", "String", "Bool", "decimal", "ipaddr", "datetime", "duration"]
            found = list(re.finditer(r"__cedar::(\w+)", text))
            if not found: return text
            match = self.random.choice(found)
            return text[:match.start(1)] + self.random.choice(kinds) + text[match.end(1):]
        if choice == 1:
            found = list(re.finditer(r'(\w|")(\??): ', text))
            if not found: return text
            match = self.random.choice(found)
            return text[:match.start(2)] + ("" if match.group(2) else "?") + text[match.end(2):]
        if choice == 2: return re.sub(r" tags [^;]*;", ";", text, count=1)
        if choice == 3: return re.sub(r" in \[[^\]]*\]", "", text, count=1)
        lines = text.split("\n")
        del lines[self.random.randrange(len(lines))]
        return "\n".join(lines)

    def exchange(self, case):
        """Requests with the parts of others, and entities with attributes of others."""
        requests = case["requests"]
        uids = [entity["uid"] for entity in case["entities"]] + [
            request[part] for request in requests for part in ("principal", "resource")]
        uids = [uid.get("__entity", uid) for uid in uids]
        for request in requests:
            if self.chance(0.3): request["principal"] = self.random.choice(uids)
            if self.chance(0.3): request["resource"] = self.random.choice(uids)
            if self.chance(0.1): request["action"] = self.random.choice(requests)["action"]
        if self.chance(0.2): case["uses_schema"] = False
        if self.chance(0.15) and len(case["entities"]) > 1:
            one, other = self.random.sample(case["entities"], 2)
            one["attrs"] = other["attrs"]
