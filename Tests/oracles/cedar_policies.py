# SPDX-License-Identifier: Apache-2.0
"""Generated policies: mostly of the types that a world declares, sometimes of none."""
from cedar_world import EXTENSIONS, IDS, is_identifier, quote


class PolicyWriter:
    def __init__(self, world, noise):
        self.world = world
        self.random = world.random
        self.noise = noise
        self.guards = []
        self.paths = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def access(self, base, name):
        if is_identifier(name) and self.chance(0.9): return f"{base}.{name}"
        return f"{base}[{quote(name)}]"

    def key(self, name):
        return name if is_identifier(name) else quote(name)

    def enter(self, principal, action, resource, context):
        """Lists every path of attributes from the variables, with what must be tested before."""
        self.paths = [("principal", ("entity", principal), []),
                      ("resource", ("entity", resource), []),
                      ("action", ("entity", action[0]), [])]
        opened = self.paths[:2] + [("context", context or ("record", {}), [])]
        for _ in range(3):
            found = []
            for base, kind, guards in opened:
                kind = self.world.resolve(kind)
                fields = {}
                if kind[0] == "record": fields = kind[1]
                if kind[0] == "entity":
                    fields = (self.world.entities.get(kind[1]) or {}).get("attributes", {})
                for name, (inner, required) in fields.items():
                    needs = guards if required else guards + [f"{base} has {self.key(name)}"]
                    found.append((self.access(base, name), inner, needs))
            self.paths += found
            opened = found

    def path(self, kind):
        """An attribute of the type, its guards noted; none if there is no such attribute."""
        wanted = self.world.resolve(kind)
        found = [p for p in self.paths if self.world.resolve(p[1]) == wanted]
        if not found: return None
        text, _, guards = self.random.choice(found)
        for guard in guards:
            if guard not in self.guards and self.chance(0.93): self.guards.append(guard)
        return text

    def any_type(self):
        return self.world.type(1) if self.chance(0.5) else self.random.choice(self.paths)[1]

    def expression(self, kind, depth):
        if self.chance(self.noise): kind = self.any_type()
        kind = self.world.resolve(kind)
        if kind[0] == "Bool": return self.boolean(depth)
        if self.chance(0.5 if depth > 0 else 0.75):
            found = self.path(kind)
            if found: return found
        inner = lambda k: self.nested(k, depth - 1)
        if depth > 0 and self.chance(0.12):
            return f"(if {self.boolean(depth - 1)} then {inner(kind)} else {inner(kind)})"
        if depth > 0 and self.chance(0.1):
            tagged = self.tagged(kind)
            if tagged: return tagged
        if kind[0] == "Long": return self.long(depth)
        if kind[0] == "String":
            return self.pick('"a"', '""', '"a*b"', '"é"', '"e\\u{301}"', '"x\\0"', '"b"')
        if kind[0] == "ext": return self.extension(kind[1], depth)
        if kind[0] == "set":
            count = self.random.randrange(1, 4) if self.chance(0.97) else 0
            return "[" + ", ".join(self.expression(kind[1], depth - 1) for _ in range(count)) + "]"
        if kind[0] == "entity": return self.entity(kind[1])
        parts = [f"{self.key(name)}: {self.expression(inner_kind, depth - 1)}"
                 for name, (inner_kind, required) in kind[1].items() if required or self.chance(0.5)]
        return "{" + ", ".join(parts) + "}"

    def nested(self, kind, depth):
        text = self.expression(kind, depth)
        return text if self.chance(0.3) and not text.startswith(("if", "-")) else f"({text})"

    def tagged(self, kind):
        for base, owner, guards in self.random.sample(self.paths, len(self.paths)):
            owner = self.world.resolve(owner)
            entity = self.world.entities.get(owner[1]) if owner[0] == "entity" else None
            if entity and entity.get("tags") and self.world.resolve(entity["tags"]) == kind:
                tag = self.pick('"a"', '"b"', '""')
                self.guards += [g for g in guards if g not in self.guards]
                if self.chance(0.9): self.guards.append(f"{base}.hasTag({tag})")
                return f"{base}.getTag({tag})"
        return None

    def entity(self, name):
        entity = self.world.entities.get(name)
        if entity is None:
            return f"{name}::{quote(self.pick(*[n for k, n in self.world.actions if k == name]))}"
        return f"{name}::{quote(self.world.uid(name)['id'])}"

    def long(self, depth):
        choice = self.random.randrange(8 if depth > 0 else 3)
        if choice < 3:
            return self.pick("0", "1", "-1", "2", "9223372036854775807", "-9223372036854775808")
        inner = lambda: self.nested(("Long",), depth - 1)
        if choice < 6: return f"{inner()} {self.pick('+', '-', '*')} {inner()}"
        if choice == 6: return "-" + inner()
        method = self.pick("toDays", "toHours", "toMinutes", "toSeconds", "toMilliseconds")
        return f"{self.nested(('ext', 'duration'), depth - 1)}.{method}()"

    def extension(self, name, depth):
        inner = lambda k: self.nested(("ext", k), depth - 1)
        if depth > 0 and name == "datetime" and self.chance(0.4):
            return self.pick(f"{inner('datetime')}.offset({inner('duration')})",
                             f"{inner('datetime')}.toDate()")
        if depth > 0 and name == "duration" and self.chance(0.4):
            return self.pick(f"{inner('datetime')}.durationSince({inner('datetime')})",
                             f"{inner('datetime')}.toTime()")
        function, texts = EXTENSIONS[name]
        if self.chance(0.01): return f'{function}("bad")'
        if self.chance(0.01): return f"{function}({self.expression(('String',), depth - 1)})"
        return f"{function}({quote(self.pick(*texts))})"

    def boolean(self, depth):
        if depth <= 0:
            found = self.path(("Bool",)) if self.chance(0.5) else None
            return found or self.pick("true", "false", self.comparison(0), self.membership())
        b = lambda: self.nested(("Bool",), depth - 1)
        choice = self.random.randrange(20)
        if choice < 3: return f"{b()} && {b()}"
        if choice < 5: return f"{b()} || {b()}"
        if choice == 5: return f"!{b()}"
        if choice == 6: return f"if {b()} then {b()} else {b()}"
        if choice < 10: return self.comparison(depth)
        if choice < 13: return self.membership()
        if choice == 13: return self.presence()
        if choice == 14: return f'{self.nested(("String",), depth - 1)} like {self.pick(*PATTERNS)}'
        if choice < 17: return self.set_test(depth)
        if choice == 17:
            method = self.pick("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual")
            d = lambda: self.nested(("ext", "decimal"), depth - 1)
            return f"{d()}.{method}({d()})"
        if choice == 18:
            ip = lambda: self.nested(("ext", "ipaddr"), depth - 1)
            return self.pick(f"{ip()}.isInRange({ip()})", f"{ip()}.isIpv4()", f"{ip()}.isIpv6()",
                             f"{ip()}.isLoopback()", f"{ip()}.isMulticast()")
        return self.path(("Bool",)) or "true"

    def comparison(self, depth):
        if self.chance(0.5):
            kind = self.any_type()
            operator = self.pick("==", "==", "!=")
        else:
            kind = self.pick(("Long",), ("Long",), ("ext", "datetime"), ("ext", "duration"))
            operator = self.pick("<", "<=", ">", ">=")
        side = lambda: self.nested(kind, depth - 1)
        return f"{side()} {operator} {side()}"

    def membership(self):
        bases = [p for p in self.paths if self.world.resolve(p[1])[0] == "entity"]
        base, kind, guards = self.random.choice(bases)
        for guard in guards:
            if guard not in self.guards: self.guards.append(guard)
        types = list(self.world.entities)
        entity = self.world.entities.get(self.world.resolve(kind)[1]) or {}
        targets = (entity.get("parents") or types) if self.chance(0.8) else types
        target = lambda: self.entity(self.pick(*targets)) if base != "action" else self.action()
        choice = self.random.randrange(5)
        if choice == 0: return f"{base} is {self.pick(*types)}"
        if choice == 1: return f"{base} is {self.pick(*types)} in {target()}"
        if choice == 2: return f"{base} in [{target()}, {target()}]"
        if choice == 3: return f"{base} == {target()}"
        return f"{base} in {target()}"

    def action(self):
        kind, name = self.random.choice(list(self.world.actions))
        return f"{kind}::{quote(name)}"

    def presence(self):
        base, kind, guards = self.random.choice(self.paths + [("context", ("record", {}), [])] * 2)
        for guard in guards:
            if guard not in self.guards: self.guards.append(guard)
        kind = self.world.resolve(kind)
        if kind[0] == "entity" and self.chance(0.4):
            return f"{base}.hasTag({self.expression(('String',), 0)})"
        fields = kind[1] if kind[0] == "record" else (
            self.world.entities.get(kind[1]) or {}).get("attributes", {}) \
            if kind[0] == "entity" else {}
        name = self.pick(*(list(fields) or ["a"])) if self.chance(0.8) else self.pick("a", "q", "n")
        if is_identifier(name) and self.chance(0.3): return f"{base} has {name}.{self.pick('a', 'b')}"
        return f"{base} has {self.key(name)}"

    def set_test(self, depth):
        kind = self.any_type()
        sets = [p[1] for p in self.paths if self.world.resolve(p[1])[0] == "set"]
        if sets and self.chance(0.6): kind = self.world.resolve(self.random.choice(sets))[1]
        whole = lambda: self.nested(("set", kind), depth - 1)
        choice = self.random.randrange(4)
        if choice == 0: return f"{whole()}.isEmpty()"
        if choice == 1: return f"{whole()}.contains({self.expression(kind, depth - 1)})"
        return f"{whole()}.{self.pick('containsAll', 'containsAny')}({whole()})"

    def scope(self, name, kind, slots):
        target = self.entity(kind)
        others = self.world.entities[kind].get("parents") or [kind]
        slot = slots and self.chance(0.35)
        inside = f"?{name}" if slot else self.entity(self.pick(*others))
        if slot:
            return self.pick(f"{name} == ?{name}", f"{name} in ?{name}", f"{name} is {kind} in ?{name}")
        return self.pick(name, name, name, name, name, f"{name} is {kind}", f"{name} is {kind}",
                         f"{name} == {target}", f"{name} in {inside}", f"{name} is {kind} in {inside}")

    def policy(self, slots=False):
        able = [(uid, applies) for uid, (_, applies) in self.world.actions.items() if applies]
        if not able: return "permit(principal, action, resource);"
        uid, (principals, resources, context) = self.random.choice(able)
        principal, resource = self.pick(*principals), self.pick(*resources)
        own = f"{uid[0]}::{quote(uid[1])}"
        groups = [f"{k}::{quote(n)}" for k, n in self.world.actions[uid][0]] or [own]
        action = self.pick("action", f"action == {own}", f"action == {own}", f"action in {own}",
                           f"action in [{own}, {self.action()}]", f"action in {self.pick(*groups)}")
        self.enter(principal, uid, resource, context)
        scope = ", ".join([self.scope("principal", principal, slots), action,
                           self.scope("resource", resource, slots)])
        if self.noise > 0.05 and self.chance(0.1): scope = "principal, action, resource"
        conditions = []
        for _ in range(self.pick(0, 1, 1, 1, 2, 3)):
            self.guards = []
            body = self.boolean(self.pick(0, 1, 2, 2, 3))
            parts = self.guards + [f"({body})" if self.guards else body]
            keyword = "when" if self.guards else self.pick("when", "when", "unless")
            conditions.append(f"{keyword} {{ {' && '.join(parts)} }}")
        mark = self.pick("", "", "", '@id("x") ', '@note("é\\n") @x ')
        effect = self.pick("permit", "permit", "forbid")
        return f"{mark}{effect}({scope}) {' '.join(conditions)};"


PATTERNS = ['"a*"', '"*"', '""', '"*\\**"', '"é*"', '"a*b*"']
assert IDS
