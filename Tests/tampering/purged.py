# SPDX-License-Identifier: Apache-2.0
"""Writes purged logs as docs/log-format.md describes them, true ones and false ones, signed by their key."""
import base64, datetime, hashlib, json, os
from logstate import root, sha

START = datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc)
SIZE, FIRST, SECOND = 540, 300, 530  # entries, and the two that purge the bundles before them
# An entry of the log's own that stays, and shows how old the first bundle was.
WITNESS = {256: {"type": "log.recover", "source": "vigie", "count": 7}}


def instant(days):
    return (START + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def purge(first, last):
    return {"type": "retention.purge", "source": "vigie", "first": first, "last": last, "requester": "A1",
            "approver": "A2", "hash": "0" * 64}


def entries(opening, purges):
    """The entries of a log with its opening, and the purges that stand at some of its indices."""
    origin, link, found = opening["origin"], sha(opening["origin"].encode() + b"\n"), []
    for index in range(SIZE):
        fields = {0: opening, **WITNESS, **purges}.get(index, {"type": "heartbeat", "source": "portail"})
        source = fields["source"]
        count = 1 + sum(e["source"] == source for e in found) if index else 1
        # A year passes before each purge, so that what it takes is old enough.
        days = 400 * sum(index >= at for at in (FIRST, SECOND))
        entry = dict(fields, v=1, seq=index, prev=link.hex(), id="%s-%d" % (source, index), source_seq=count,
                     occurred_at=instant(days), recorded_at=instant(days))
        data = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        link = sha(b"\0" + data)
        found.append(dict(entry, data=data))
    return origin, [e["data"] for e in found]


def files(opening, purges, gone, kept, sign):
    """The files of such a log as it is served, without the bundles that are `gone`."""
    origin, log = entries(opening, purges)
    hashes, written = [sha(b"\0" + e) for e in log], {}
    for bundle in range(0, SIZE, 256):
        part = log[bundle:bundle + 256]
        name = "%03d" % (bundle // 256) + ("" if len(part) == 256 else ".p/%d" % len(part))
        written["tile/0/" + name] = b"".join(hashes[bundle:bundle + 256])
        if bundle // 256 not in gone:
            written["tile/entries/" + name] = b"".join(len(e).to_bytes(2, "big") + e for e in part)
    full = SIZE // 256
    written["tile/1/000.p/%d" % full] = b"".join(root(hashes[256 * k:256 * k + 256]) for k in range(full))
    written.update({"kept/%d" % index: log[index] for index in kept})
    written["checkpoint"] = sign(b"%s\n%d\n%s\n" % (origin.encode(), SIZE, base64.b64encode(root(hashes))))
    return written


def leaving(opening, left):
    """Two purges of which the second leaves some entries in force, and the files of these."""
    origin, log = entries(opening, {FIRST: purge(0, 255)})
    written, chain = {}, bytes(32)
    for bundle in sorted({index // 256 for index in left}):
        data = b"".join(len(log[i]).to_bytes(2, "big") + log[i] for i in left if i // 256 == bundle)
        written["standing/%d/%03d" % (SECOND, bundle)] = data
        chain = sha(chain + bundle.to_bytes(8, "big") + sha(data))
    second = dict(purge(256, 511), count=len(left), document_hash=chain.hex(), valid_from=instant(365))
    return {FIRST: purge(0, 255), SECOND: second}, written


TRUE = {FIRST: purge(0, 255), SECOND: purge(256, 511)}

# What the log says that it purged, which bundles are gone, which entries are kept.
FALSE = {
    "a purge that names itself": ({FIRST: purge(0, FIRST)}, {0, 1}, [0, 256, FIRST]),
    "a purge of what comes after it": ({FIRST: purge(0, 511)}, {0, 1}, [0, 256, FIRST]),
    "a purge that names itself alone, of one bundle": ({FIRST: purge(0, FIRST)}, {0}, [0]),
    "a purge whose end is before its beginning": ({FIRST: purge(255, 0)}, {0}, [0]),
    "a purge with a negative end": ({FIRST: purge(0, -1)}, {0}, [0]),
    "a purge that stops before the end of the bundle": ({FIRST: purge(0, 254)}, {0}, [0]),
    "a purge that begins after the log": ({FIRST: purge(1, 255)}, {0}, [0]),
    "no purge": ({}, {0}, [0]),
}


def judge(log, opening, sign, chosen):
    """Asks both verifiers of each; `chosen` chooses among the changed bytes and cuts of kept entries.

    Prints what was done; returns 1 if one of the two did not report some alteration, else 0.
    """
    count, wrong = 0, []

    def ask(name, written, intact=False):
        nonlocal count
        for path in set(log.files()) | set(written):
            if path not in written or log.files().get(path) != written[path]:
                log.write(path, written.get(path))
        ours, theirs, _ = log.verdicts()
        count += not intact
        if (ours, theirs) != (intact, intact):
            wrong.append("%s: vigie %s, verify_log.py %s" % (name, *("accepts" if a else "refuses" for a in (ours, theirs))))

    true = files(opening, TRUE, {0, 1}, [0, 256, FIRST], sign)
    ask("purged twice", true, intact=True)
    # Without the entry that shows its age a purge may have come too early: a finding, which ours alone makes.
    for path in sorted(set(true) - {"kept/256"}):
        ask(path + " removed", {p: d for p, d in true.items() if p != path})
    for path in ("kept/0", "kept/%d" % FIRST):
        data = true[path]
        for at in chosen([*range(len(data))]):
            ask("%s changed at %d" % (path, at), {**true, path: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:]})
            ask("%s cut at %d" % (path, at), {**true, path: data[:at]})
    ask("kept entries exchanged", {**true, "kept/0": true["kept/%d" % FIRST], "kept/%d" % FIRST: true["kept/0"]})
    ask("an entry kept that the tree does not hold", {**true, "kept/5": true["kept/0"]})
    for name, (purges, gone, kept) in FALSE.items():
        ask(name, files(opening, purges, gone, kept, sign))
    judge_standing(ask, opening, sign, chosen)
    for problem in wrong:
        print("  WRONG " + problem)
    print("  %d alterations, %d wrong" % (count, len(wrong)))
    return 1 if wrong else 0


def judge_standing(ask, opening, sign, chosen):
    """Asks both of a log that holds what the last purge left in force, and of that set altered."""
    left, kept = [0, 3, 10, 256, FIRST, 400], [0, 256, FIRST]
    purges, standing = leaving(opening, left)
    bare = files(opening, purges, {0, 1}, kept, sign)
    true = {**bare, **standing}
    ask("something left in force", true, intact=True)
    ask("nothing left of what is in force", bare)
    ask("something left that no purge announces", {**files(opening, TRUE, {0, 1}, kept, sign), **standing})
    moved = {path.replace("/%d/" % SECOND, "/%d/" % FIRST): data for path, data in standing.items()}
    ask("what is in force under another purge", {**bare, **moved})
    ask("what is in force of an earlier purge beside it", {**true, **moved}, intact=True)
    for path, data in standing.items():
        ask(path + " removed", {p: d for p, d in true.items() if p != path})
        for at in chosen([*range(len(data))]):
            ask("%s changed at %d" % (path, at), {**true, path: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:]})
            ask("%s cut at %d" % (path, at), {**true, path: data[:at]})
        other = next(d for p, d in standing.items() if p != path)
        ask(path + " exchanged", {**true, path: other})
    # What the log said of itself stays under its index too, and nothing lies beside what was left.
    for path in ("kept/0", "kept/256", "kept/%d" % FIRST):
        ask(path + " removed, though it is left in force", {p: d for p, d in true.items() if p != path})
    ask("an empty file of what is in force", {**true, "standing/%d/002" % SECOND: b""})
    ask("what is in force of a bundle that the tree does not have", {**true, "standing/%d/900" % SECOND: standing["standing/%d/000" % SECOND]})
    for index in (3, 400):
        fewer = leaving(opening, [i for i in left if i != index])[1]
        ask("entry %d taken out of what is in force" % index, {**bare, **fewer})
        more = leaving(opening, sorted([*left, index + 1]))[1]
        ask("entry %d put into what is in force" % (index + 1), {**bare, **more})
