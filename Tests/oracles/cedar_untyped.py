# SPDX-License-Identifier: Apache-2.0
"""Generated policies without regard for types, and texts with mutations, for one schema."""
import json
import random

SCHEMA = """
entity U in [G] {a: Long, b?: {c?: Long, d: String}, s: Set<U>, n?: Long, t: Bool, x: ipaddr,
  dt: datetime, dec: decimal, dur?: duration} tags String;
entity G in [G];
entity N {a: Long, t: Bool} tags Long;
entity En enum ["x", "y"];
action v, w appliesTo {principal: [U], resource: [G, N], context: {k?: Long, r: {z: Bool}}};
action unused; action grp;
action z in [grp] appliesTo {principal: [U, N], resource: [N], context: {}};
"""


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def leaf(self):
        return self.pick(
            "1", "-1", "0", "9223372036854775807", "-9223372036854775808", "true", "false",
            '"a"', '""', '"a*b"', '"\\u{e9}"', '"e\\u{301}"', "principal", "resource", "action",
            "context", 'U::"a"', 'U::"b"', 'G::"g"', 'G::"h"', 'N::"n"', 'Action::"v"',
            'Action::"grp"', 'U::"none"', 'ip("10.0.0.1")', 'ip("10.0.0.0/8")', 'ip("::1")',
            'ip("bad")', 'decimal("1.5")', 'decimal("-0.0001")', 'datetime("2000-01-01")',
            'datetime("1969-12-31T23:59:59.999Z")', 'duration("1d2h")', 'duration("-5ms")',
            "principal.a", "principal.n", "principal.t", "principal.b", "principal.s",
            "principal.x", "principal.dt", "principal.dec", "principal.dur", "context.k",
            "context.r.z", "context.u", "context.w", "context.l", "context.l", "context.w", "principal.b.c", "principal.b.d", "[]", "{}", "[1, 2]",
            'principal["a"]', "resource.a", "resource.t")

    def expression(self, depth):
        if depth <= 0:
            return self.leaf()
        g = lambda: "(" + self.expression(depth - 1) + ")"
        bare = lambda: self.expression(depth - 1)
        kind = self.random.randrange(22)
        if kind == 0: return f"{g()} && {g()}"
        if kind == 1: return f"{g()} || {g()}"
        if kind == 2: return f"!{g()}"
        if kind == 3: return f"-{g()}"
        if kind == 4: return f"if {bare()} then {g()} else {bare()}"
        if kind == 5: return f"{g()} {self.pick('==', '!=')} {g()}"
        if kind == 6: return f"{g()} {self.pick('<', '<=', '>', '>=')} {g()}"
        if kind == 7: return f"{g()} {self.pick('+', '-', '*')} {g()}"
        if kind == 8: return f"{g()} in {g()}"
        if kind == 9:
            method = self.pick("contains", "containsAll", "containsAny", "hasTag", "getTag")
            return f"{g()}.{method}({bare()})"
        if kind == 10: return f"{g()}.isEmpty()"
        if kind == 11: return f"{g()}.{self.pick('a', 'b', 'n', 'q', 't', 's', 'k')}"
        if kind == 12: return f"{g()} has {self.pick('a', 'b', 'n', 'q', 'b.c', 'r.z', 's.a')}"
        if kind == 13: return f"{g()} like {self.pick(chr(34) + 'a*' + chr(34), chr(34) + '*' + chr(34))}"
        if kind == 14: return f"{g()} is {self.pick('U', 'G', 'N', 'Action')}"
        if kind == 15: return f"{g()} is {self.pick('U', 'G')} in {g()}"
        if kind == 16: return "[" + ", ".join(bare() for _ in range(self.random.randrange(4))) + "]"
        if kind == 17:
            keys = self.random.sample(["a", "b", '"x y"', "n"], self.random.randrange(3))
            return "{" + ", ".join(f"{key}: {bare()}" for key in keys) + "}"
        if kind == 18: return f"{self.pick('ip', 'decimal', 'datetime', 'duration')}({bare()})"
        if kind == 19:
            method = self.pick("isIpv4", "isLoopback", "isInRange", "lessThan", "offset",
                               "durationSince", "toDate", "toTime", "toDays", "toMilliseconds")
            return f"{g()}.{method}({self.pick('', bare())})"
        if kind == 20:
            owner, name = self.pick(("principal", "n"), ("context", "k"), ("principal", "b"))
            return f"{owner} has {name} && ({owner}.{name}) == {g()}"
        tag = self.leaf()
        return f"(principal.hasTag({tag})) && (principal.getTag({tag})) == {g()}"

    def policy(self):
        principal = self.pick(
            "principal", "principal", 'principal == U::"a"', 'principal in G::"g"',
            "principal is U", 'principal is U in G::"h"', "principal is N")
        action = self.pick(
            "action", 'action == Action::"v"', 'action in [Action::"v", Action::"z"]',
            'action in Action::"grp"')
        resource = self.pick("resource", "resource", 'resource == N::"n"', "resource is G",
                             'resource in G::"h"')
        conditions = " ".join(
            f"{self.pick('when', 'unless')} {{ {self.expression(self.pick(1, 2, 2, 3))} }}"
            for _ in range(self.pick(0, 1, 1, 2)))
        return f"{self.pick('permit', 'permit', 'forbid')}({principal}, {action}, {resource}) {conditions};"

    def mutated(self, text):
        alphabet = list("()[]{}.,;:=!<>&|+-*\"\\?@ \n\r\t/x") + [
            "if ", "then ", "has ", "like ", "is ", "in ", "__cedar", "true", "::", "//", "\\u{",
            "\u00a0", "\u00e9", "0"]
        for _ in range(self.pick(1, 1, 2)):
            position = self.random.randrange(len(text) + 1)
            kind = self.random.randrange(3)
            if kind == 0: text = text[:position] + self.pick(*alphabet) + text[position:]
            elif kind == 1: text = text[:position] + text[position + 1:]
            else: text = text[:position] + self.pick(*alphabet) + text[position + 1:]
        return text

    def entities(self):
        extension = lambda fn, arg: {"__extn": {"fn": fn, "arg": arg}}
        uid = lambda kind, name: {"type": kind, "id": name}
        attributes = lambda: {
            "a": self.pick(0, 1, -5), "s": [{"__entity": uid("U", "a")}], "t": self.pick(True, False),
            "x": extension("ip", self.pick("10.0.0.1", "::1", "127.0.0.1/4")),
            "dt": extension("datetime", "2024-02-29T12:00:00+0130"),
            "dec": extension("decimal", "1.5"),
            **({"b": {"d": "a", **({"c": 3} if self.pick(0, 1) else {})}} if self.pick(0, 1) else {}),
            **({"n": 7} if self.pick(0, 1) else {})}
        groups = lambda: [uid("G", name) for name in ["g", "h"] if self.pick(0, 1)]
        result = [{"uid": uid("U", name), "attrs": attributes(), "parents": groups(),
                   "tags": {"a": self.pick("a", "")} if self.pick(0, 1) else {}} for name in "ab"]
        result.append({"uid": uid("G", "g"), "attrs": {},
                       "parents": [uid("G", "h")] if self.pick(0, 1) else []})
        result.append({"uid": uid("N", "n"), "attrs": {"a": 1, "t": True}, "parents": []})
        result.append({"uid": uid("Action", "z"), "attrs": {}, "parents": [uid("Action", "grp")]})
        return result

    def request(self):
        uid = lambda kind, name: {"type": kind, "id": name}
        context = {"r": {"z": self.pick(True, False)}}
        if self.pick(0, 1): context["k"] = self.pick(0, 1, 2)
        if self.pick(0, 1): context["u"] = {"__entity": uid("U", "a")}
        context["w"] = self.pick("a", "foreign", "a*b")
        context["l"] = self.random.sample(["a", "foreign", 1, 2, True], self.pick(0, 1, 2, 3))
        return {"principal": self.pick(uid("U", "a"), uid("U", "b"), uid("U", "none")),
                "action": uid("Action", self.pick("v", "z", "other")),
                "resource": self.pick(uid("N", "n"), uid("G", "g"), uid("U", "a")),
                "context": context}
