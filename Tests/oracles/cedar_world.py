# SPDX-License-Identifier: Apache-2.0
"""Generated worlds for the comparison with the Rust implementation: schemas and their data.

Types are tuples: ("Long",), ("String",), ("Bool",), ("ext", name), ("set", type),
("entity", name), ("record", {name: (type, is_required)}), ("common", name).
"""
import json

EXTENSIONS = {
    "ipaddr": ("ip", ["10.0.0.1", "10.0.0.0/8", "::1", "224.0.0.1", "127.0.0.1/32", "fe80::/10",
                      "0.0.0.0/0", "::ffff", "1:2:3:4:5:6:7:8/127"]),
    "decimal": ("decimal", ["1.5", "-0.0001", "922337203685477.5807", "0.0", "3.1400"]),
    "datetime": ("datetime", ["2000-01-01", "1969-12-31T23:59:59.999Z", "2024-02-29T12:00:00+0130",
                              "9999-12-31T23:59:59-2359", "0000-01-01"]),
    "duration": ("duration", ["1d2h", "-5ms", "0s", "1d1h1m1s1ms", "9223372036854775807ms"]),
}
IDS = ["a", "b", "c", "", "é", "e\u0301", "x y", "\u0000", "*", "\"q\"", "\\", "\u200b"]
ATTRIBUTES = ["a", "b", "c", "n", "x y", "é", "if", "in", "principal", "", "is", "tags", "A1_"]


def quote(text):
    """The text as a Cedar literal."""
    out = ""
    for character in text:
        if character in "\"\\":
            out += "\\" + character
        elif ord(character) < 32 or character in "\u200b":
            out += "\\u{%x}" % ord(character)
        else:
            out += character
    return '"' + out + '"'


def is_identifier(text):
    return text.isascii() and text.isidentifier() and text not in (
        "true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar")


class World:
    """A schema with everything needed to make policies, entities and requests for it."""

    def __init__(self, random):
        self.random = random
        self.namespaces = random.choice([[""], [""], ["", "NS"], ["A::B"], ["", "A", "A::B"]])
        self.commons = {}
        self.entities = {}
        self.actions = {}
        names = []
        for namespace in self.namespaces:
            for name in random.sample(["U", "G", "T", "Doc", "Set1", "E2"], random.randint(1, 4)):
                names.append((namespace, name))
        taken = {name for namespace, name in names if not namespace}
        names = [(space, name) for space, name in names if not space or name not in taken]
        self.entities = {join(space, name): None for space, name in names} or {"U": None}
        for space in self.namespaces:
            for name in random.sample(["Rec", "Num", "List"], random.choice([0, 0, 1, 2])):
                if space or not any(join(s, name) in self.commons for s in self.namespaces):
                    if "" in self.namespaces and space and name in self.commons:
                        continue
                    self.commons[join(space, name)] = None
        for name in list(self.commons):
            own = self.commons.pop(name)
            kind = name.split("::")[-1]
            made = {"Rec": lambda: self.record(2), "Num": lambda: self.pick(("Long",), ("String",)),
                    "List": lambda: ("set", self.type(1))}[kind]()
            self.commons[name] = made
            del own
        for name in self.entities:
            self.entities[name] = self.entity_type(name)
        self.make_actions()

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def entity_type(self, name):
        if self.chance(0.12):
            return {"enum": self.random.sample(IDS, self.random.randint(1, 3))}
        parents = [other for other in self.entities if self.chance(0.3)]
        enums = [n for n, e in self.entities.items() if e and "enum" in e]
        parents = [parent for parent in parents if parent not in enums or self.chance(0.02)]
        shape = self.record(2)[1] if self.chance(0.85) else {}
        return {"parents": parents, "attributes": shape,
                "tags": self.type(1) if self.chance(0.35) else None}

    def record(self, depth):
        names = self.random.sample(ATTRIBUTES, self.random.randint(0, 4))
        return ("record", {name: (self.type(depth - 1), self.chance(0.65)) for name in names})

    def type(self, depth):
        kind = self.random.randrange(11 if depth > 0 else 8)
        if kind < 2: return ("Long",)
        if kind == 2: return ("String",)
        if kind == 3: return ("Bool",)
        if kind == 4: return ("ext", self.pick(*EXTENSIONS))
        if kind == 5 and self.commons:
            made = [name for name, value in self.commons.items() if value]
            return ("common", self.pick(*made)) if made else ("Long",)
        if kind <= 7: return ("entity", self.pick(*self.entities))
        if kind <= 9: return ("set", self.type(depth - 1))
        return self.record(depth)

    def make_actions(self):
        for space in self.namespaces:
            kind = join(space, "Action")
            for name in self.random.sample(["v", "w", "z", "get it", "grp", "é"],
                                           self.random.randint(1, 4)):
                # A namespace may not declare what is declared outside all namespaces.
                if ("Action", name) in self.actions and self.chance(0.98): continue
                parents = [uid for uid in self.actions if self.chance(0.3)]
                applies = None
                if self.chance(0.85):
                    types = list(self.entities)
                    context = self.record(2)
                    records = [n for n, t in self.commons.items() if t[0] == "record"]
                    if records and self.chance(0.2):
                        context = ("common", self.pick(*records))
                    count = min(len(types), self.pick(1, 1, 2))
                    applies = (self.random.sample(types, count),
                               self.random.sample(types, min(len(types), self.pick(1, 1, 2))),
                               context if self.chance(0.8) else None)
                self.actions[(kind, name)] = (parents, applies)

    def resolve(self, kind):
        while kind[0] == "common":
            kind = self.commons[kind[1]]
        return kind

    # The schema in Cedar's syntax.

    def reference(self, name, space):
        """A name as written in a namespace: relative where that is possible, at random."""
        if space and name.startswith(space + "::") and "::" not in name[len(space) + 2:]:
            if self.chance(0.5): return name[len(space) + 2:]
        return name

    def type_text(self, kind, space):
        if kind[0] in ("Long", "String", "Bool"):
            return self.pick(kind[0], kind[0], "__cedar::" + kind[0])
        if kind[0] == "ext": return self.pick(kind[1], "__cedar::" + kind[1])
        if kind[0] == "set": return f"Set<{self.type_text(kind[1], space)}>"
        if kind[0] == "record": return self.record_text(kind[1], space)
        return self.reference(kind[1], space)

    def record_text(self, fields, space):
        parts = []
        for name, (kind, required) in fields.items():
            plain = is_identifier(name) or (name.isidentifier() and self.chance(0.01))
            shown = name if plain and self.chance(0.7) else quote(name)
            mark = self.pick("", "", "", '@doc("x") ', "@note ")
            parts.append(f"{mark}{shown}{'' if required else '?'}: {self.type_text(kind, space)}")
        return "{" + ", ".join(parts) + ("," if parts and self.chance(0.3) else "") + "}"

    def schema_text(self):
        blocks = []
        for space in self.namespaces:
            lines = []
            for name, kind in self.commons.items():
                if split(name)[0] == space:
                    lines.append(f"type {split(name)[1]} = {self.type_text(kind, space)};")
            for name, entity in self.entities.items():
                if split(name)[0] == space: lines.append(self.entity_text(name, entity, space))
            for (kind, name), (parents, applies) in self.actions.items():
                if split(kind)[0] == space:
                    lines.append(self.action_text(name, parents, applies, space))
            self.random.shuffle(lines)
            body = "\n".join(lines)
            blocks.append(f"namespace {space} {{\n{body}\n}}" if space else body)
        self.random.shuffle(blocks)
        return "\n".join(blocks) + "\n"

    def entity_text(self, name, entity, space):
        text = "entity " + split(name)[1]
        if "enum" in entity:
            return f"{text} enum [{', '.join(map(quote, entity['enum']))}];"
        if entity["parents"]:
            text += " in [" + ", ".join(self.reference(p, space) for p in entity["parents"]) + "]"
        if entity["attributes"] or self.chance(0.3):
            text += self.pick(" ", " = ") + self.record_text(entity["attributes"], space)
        if entity["tags"]: text += " tags " + self.type_text(entity["tags"], space)
        return text + ";"

    def action_text(self, name, parents, applies, space):
        text = "action " + (name if is_identifier(name) and self.chance(0.6) else quote(name))
        shown = []
        for kind, other in parents:
            short = kind == join(space, "Action") and self.chance(0.5)
            shown.append(quote(other) if short else f"{kind}::{quote(other)}")
        if shown: text += " in [" + ", ".join(shown) + "]"
        if applies:
            principals, resources, context = applies
            names = lambda all: "[" + ", ".join(self.reference(n, space) for n in all) + "]"
            parts = [f"principal: {names(principals)}", f"resource: {names(resources)}"]
            if context: parts.append("context: " + self.type_text(context, space))
            text += " appliesTo {" + ", ".join(parts) + "}"
        return text + ";"

    # Data.

    def uid(self, kind):
        entity = self.entities.get(kind)
        ids = entity["enum"] if entity and "enum" in entity and self.chance(0.97) else IDS[:7]
        return {"type": kind, "id": self.pick(*ids)}

    def value(self, kind, explicit=True):
        """A JSON value of a type, or rarely of another one."""
        if self.chance(0.004): kind = self.type(1)
        kind = self.resolve(kind)
        if kind[0] == "Long":
            return self.pick(0, 1, 2, -1, 7, 2**63 - 1, -2**63)
        if kind[0] == "String": return self.pick("a", "b", "", "a*b", "é", "e\u0301", "x\u0000")
        if kind[0] == "Bool": return self.pick(True, False)
        if kind[0] == "ext":
            function, texts = EXTENSIONS[kind[1]]
            text = self.pick(*texts)
            if not explicit and self.chance(0.3): return text
            call = {"fn": function, "arg": text}
            if not explicit and self.chance(0.2): return call
            return {"__extn": call}
        if kind[0] == "set":
            return [self.value(kind[1], explicit) for _ in range(self.random.randrange(4))]
        if kind[0] == "entity":
            uid = self.uid(kind[1])
            if not explicit and self.chance(0.3): return uid
            return {"__entity": uid}
        return self.record_value(kind[1], explicit)

    def record_value(self, fields, explicit=True):
        result = {}
        for name, (kind, required) in fields.items():
            if self.chance(0.995 if required else 0.5): result[name] = self.value(kind, explicit)
        if self.chance(0.005): result["extra"] = 1
        return result

    def entity_list(self, explicit):
        result = []
        seen = set()
        for name, entity in self.entities.items():
            if "enum" in entity: continue
            for _ in range(self.random.randrange(4)):
                uid = self.uid(name)
                if (name, uid["id"]) in seen and self.chance(0.99): continue
                seen.add((name, uid["id"]))
                parents = [self.uid(p) for p in entity["parents"] for _ in range(2)
                           if self.chance(0.5)]
                if self.chance(0.004): parents.append(self.uid(self.pick(*self.entities)))
                # A cycle would refuse the whole list: an entity is only in later ones.
                order = lambda u: (list(self.entities).index(u["type"]), IDS.index(u["id"]))
                parents = [p for p in parents if order(p) > order(uid) or self.chance(0.01)]
                item = {"uid": uid, "parents": parents,
                        "attrs": self.record_value(entity["attributes"], explicit)}
                if entity["tags"]:
                    names = self.random.sample(["a", "b", "", "é"], self.random.randrange(3))
                    item["tags"] = {tag: self.value(entity["tags"], explicit) for tag in names}
                elif self.chance(0.005): item["tags"] = {"a": 1}
                result.append(item)
        if self.chance(0.3):
            for (kind, name), (parents, _) in self.actions.items():
                listed = [{"type": k, "id": n} for k, n in parents if self.chance(0.98)]
                result.append({"uid": {"type": kind, "id": name}, "attrs": {}, "parents": listed})
        return result

    def request(self, explicit):
        able = [(uid, applies) for uid, (_, applies) in self.actions.items() if applies]
        if not able or self.chance(0.02):
            (kind, name), applies = self.pick(*self.actions), ([self.pick(*self.entities)],) * 2
            applies = (*applies, None)
        else:
            (kind, name), applies = self.random.choice(able)
        principals, resources, context = applies
        fields = self.resolve(context)[1] if context else {}
        principal = self.uid(self.pick(*principals))
        resource = self.uid(self.pick(*resources))
        if self.chance(0.01): resource = self.uid(self.pick(*self.entities))
        return {"principal": principal, "action": {"type": kind, "id": name},
                "resource": resource, "context": self.record_value(fields, explicit)}


def join(space, name):
    return f"{space}::{name}" if space else name


def split(name):
    space, _, last = name.rpartition("::")
    return space, last


def json_schema(world):
    """The schema in Cedar's JSON format."""
    def kind(value):
        if value[0] in ("Long", "String"): return {"type": value[0]}
        if value[0] == "Bool": return {"type": "Boolean"}
        if value[0] == "ext": return {"type": "Extension", "name": value[1]}
        if value[0] == "set": return {"type": "Set", "element": kind(value[1])}
        if value[0] == "entity":
            return {"type": world.pick("Entity", "EntityOrCommon"), "name": value[1]}
        if value[0] == "common": return world.pick(
            {"type": value[1]}, {"type": "EntityOrCommon", "name": value[1]})
        fields = {name: {**kind(inner), **({} if required else {"required": False})}
                  for name, (inner, required) in value[1].items()}
        return {"type": "Record", "attributes": fields}
    result = {}
    for space in world.namespaces:
        body = {"entityTypes": {}, "actions": {}, "commonTypes": {}}
        for name, value in world.commons.items():
            if split(name)[0] == space: body["commonTypes"][split(name)[1]] = kind(value)
        for name, entity in world.entities.items():
            if split(name)[0] != space: continue
            if "enum" in entity:
                body["entityTypes"][split(name)[1]] = {"enum": entity["enum"]}
                continue
            made = {"memberOfTypes": entity["parents"],
                    "shape": kind(("record", entity["attributes"]))}
            if entity["tags"]: made["tags"] = kind(entity["tags"])
            body["entityTypes"][split(name)[1]] = made
        for (owner, name), (parents, applies) in world.actions.items():
            if split(owner)[0] != space: continue
            made = {"memberOf": [{"type": k, "id": n} for k, n in parents]}
            if applies:
                made["appliesTo"] = {"principalTypes": applies[0], "resourceTypes": applies[1]}
                if applies[2]: made["appliesTo"]["context"] = kind(applies[2])
            body["actions"][name] = made
        result[space] = body
    return json.dumps(result)
