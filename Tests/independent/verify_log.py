#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a log from docs/log-format.md alone: verify_log.py LOGDIR VKEYFILE; exit 0, 2, or 75 if it never stood still."""
import base64, hashlib, json, os, subprocess, sys, tempfile, unicodedata
OWN = {"log.open", "key.rotate", "retention.purge", "log.recover", "log.anchor"}  # what each purge keeps
def sha(b): return hashlib.sha256(b).digest()
def path(i, width=256): return "/".join("x" * (k > 0) + "%03d" % (i // 1000**k % 1000) for k in range((len(str(i)) - 1) // 3, -1, -1)) + ("" if width == 256 else ".p/%d" % width)
def listed(d): return os.listdir(os.path.join(sys.argv[1], d)) if os.path.isdir(os.path.join(sys.argv[1], d)) else []
def read(*names):  # the first that is a file, and still there
    for name in names:
        try:
            with open(os.path.join(sys.argv[1], name), "rb") as f: return f.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError): pass
def segment(first):  # None once it is sealed; the writer may use its file again, but never under this name
    try:
        with open(os.path.join(sys.argv[1], "wal/%d.seg" % first), "rb") as f: b = f.read(); return b if os.path.samestat(os.fstat(f.fileno()), os.stat(f.name)) else segment(first)
    except FileNotFoundError: return None
def need(condition, what):
    if not condition: raise ValueError(what)
def unbase64(t): b = base64.b64decode(t, validate=True); need(base64.b64encode(b).decode() == t, "base64 in one form only"); return b
def root(h):
    k = 1 << (len(h) - 1).bit_length() - 1 if len(h) > 1 else 0; return sha(b"\1" + root(h[:k]) + root(h[k:])) if k else h[0] if h else sha(b"")
def signed(note, vkey):
    (name, key_hash, key), (text, signatures) = vkey.split("+", 2), note.rsplit(b"\n\n", 1); key = unbase64(key)
    need(sha(name.encode() + b"\n" + key)[:4].hex() == key_hash and key[0] == 1, "key " + name)
    *lines, end = signatures.decode().split("\n"); need(not end, "a note ends with a line")
    for line in lines:
        dash, signer, blob = line.split(" "); blob = unbase64(blob)
        if (dash, signer, blob[:4].hex()) != ("—", name, key_hash): continue  # a witness's
        with tempfile.TemporaryDirectory() as d:
            for f, b in ("k", bytes.fromhex("302a300506032b6570032100") + key[1:]), ("s", blob[4:]), ("m", text + b"\n"):
                with open(os.path.join(d, f), "wb") as out: out.write(b)
            command = "openssl pkeyutl -verify -pubin -keyform DER -inkey k -rawin -in m -sigfile s"
            return subprocess.run(command.split(), cwd=d, capture_output=True).returncode == 0
def head(note): origin, size, h = note.rsplit(b"\n\n", 1)[0].decode().split("\n"); return origin, int(size), unbase64(h)
def frames(segment):  # without the headers of batches, and the leaf hashes
    out, hashes, at, end = bytearray(), bytearray(), 0, 0
    while at + 2 <= len(segment) and segment[at:at + 6] != bytes(6):  # a header without frames: what follows is older
        at += 38 * (segment[at:at + 2] == bytes(2)); end = at + 2 + int.from_bytes(segment[at:at + 2], "big")
        if not at + 2 < end <= len(segment): break  # no frame is empty, and no header follows another
        out += segment[at:end]; hashes += sha(b"\0" + segment[at + 2:end]); at = end
    return bytes(out), bytes(hashes)
def main():
    trusted, before, note = open(sys.argv[2]).read().strip(), listed("checkpoints"), read("checkpoint")
    (origin, size, _), segs = head(note), [int(f[:-4]) for f in listed("wal") if f.endswith(".seg") and f[:-4].isdigit()]
    keys, leaves, link, closings, purges, gone, last, chain, there, said = [(0, trusted)], [], sha(origin.encode() + b"\n"), [], [], [], {}, bytes(32), 0, None; sets = [int(f) for f in listed("standing") if f.isdigit() and int(f) < size]
    while len(leaves) < size:
        first, at = len(leaves), 0; width, n = min(256, size - first), first // 256; s, left = read("standing/%d/%s" % (max(sets), path(n))) if sets else None, {}; chain, there = (chain, there) if s is None else (sha(chain + n.to_bytes(8, "big") + sha(s)), there + 1)
        while s: k = 2 + int.from_bytes(s[:2], "big"); left[json.loads(s[2:k])["seq"]], s = s[2:k], s[k:]  # in force after a purge
        if first in segs and (w := segment(first)) is None: segs[segs.index(first)] = None
        if first in segs: width, (b, tile) = size - first, frames(w)
        else: b, tile = (read("tile/%s/%s" % (k, path(n, width)), "tile/%s/%s" % (k, path(n))) for k in ("entries", "0"))
        for i in range(width):
            e, here, h = read("kept/%d" % len(leaves)) or left.get(len(leaves)), len(leaves), tile[32 * i:32 * i + 32]
            if b is not None: end = at + 2 + int.from_bytes(b[at:at + 2], "big"); need(end <= len(b) and e in (None, b[at + 2:end]), "frame or copy of entry %d" % here); e, at = b[at + 2:end], end
            gone += [here] * (b is None); need(e or here, "the opening is missing")  # purged, or lost: its tile has its hash
            if e is not None:
                o = json.loads(e)
                need(json.dumps(o, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == e and unicodedata.is_normalized("NFC", e.decode()) and len(e) <= 16384, "entry %d is not canonical" % here)
                need(o["v"] == 1 and o["seq"] == here and o["prev"] == link.hex() and (b is not None or o["source"] != "vigie" or o["type"] not in OWN or read("kept/%d" % here)), "seq, prev or copy of entry %d" % here)
                need(here or (o["type"], o["origin"], o["key"]) == ("log.open", origin, trusted), "entry 0 does not open this log"); recovery = recovery if here else o["recovery_key"]
                if o["type"] == "key.rotate": keys += [(here, recovery)] * (last.get("type") == "log.recover" and "approver" in last) + [(here + 2, o["key"])]; closings = [c for c in closings if c != here - 1 or "approver" not in last] + [here + 1]  # one that a restoration stands for
                if o["type"] == "retention.purge" and o["last"] < here: purges.append((o["first"], o["last"]))
                need((o["type"], o["source"]) != ("log.anchor", "vigie") or sha(read("anchors/%d.tsr" % (o["last"] + 1)) or b"").hex() == o["hash"], "time stamp of entry %d" % here)
                need(sha(b"\0" + e) == h, "leaf hash of entry %d" % here); said = (o["document_hash"], here) if o["type"] == "retention.purge" and "document_hash" in o else said
            link, last = h, o if e else {}; leaves.append(link)
        copies = [read("tile/%s/%s" % (k, path(size // 256, size % 256))) for k in ("entries", "0")] if first in segs else [b, tile]
        same = all(c is None or c and whole.endswith(c) for c, whole in zip(copies, ((b or b"")[:at], tile[:32 * width])))
        need(same or width < 256 and read("tile/entries/" + path(n)) == b, "copies of bundle %d" % n)
    need(all(any(f <= g <= l for f, l in purges) for g in gone) and all(len(h) == 32 for h in leaves) and said == ((chain.hex(), max(sets)) if sets else None) and there == (sum(len(f) for _, _, f in os.walk("%s/standing/%d" % (sys.argv[1], max(sets)))) if sets else 0), "entries are missing, or too many")
    kept = [int(f) for f in listed("checkpoints") if f.isdigit() and (int(f) <= size or f in before)]  # not those of later heads
    for n, note in [(size, note)] + [(n, read("checkpoints/%d" % n)) for n in kept]:
        need(head(note) == (origin, n, root(leaves[:n])) and n <= size and signed(note, [k for m, k in keys if m <= n][-1]), "checkpoint %d" % n)
    need(all(c in kept or c >= size for c in closings), "a closing checkpoint is missing"); level, nodes = 1, leaves
    while nodes := [root(nodes[i:i + 256]) for i in range(0, len(nodes) - 255, 256)]:
        for i in range(0, len(nodes), 256):
            part = nodes[i:i + 256]; t = read("tile/%d/%s" % (level, path(i // 256, len(part))))
            need(t == b"".join(part) or (t is None and segs and len(part) < 256), "tile %d/%d" % (level, i // 256))
        level += 1
    print("intact: %d entries" % size)
def state(): return read("checkpoint"), sorted(listed("standing"))  # moves on before anything goes that an older head needs
for look in range(9):  # what is wrong is so if the log stood still meanwhile; if not, it is judged again
    before = state()
    try: sys.exit(main())
    except Exception as e: found = "%s %s" % (type(e).__name__, e)
    if state() == before: sys.exit(print("NOT INTACT:", found) or 2)
sys.exit(print("NOT JUDGED, since it moved on at each look:", found) or 75)
