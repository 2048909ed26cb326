#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alters a small log in every way that touches it, and asks both verifiers each time.

    tamper.py PROGRAMS [FOLDER] [--sample N] [--seed S] [--jobs N] [--part served|writer|purged]

Every byte of every file changed, every file cut at every byte, removed, or taken from another log of the
same name and first key; an old checkpoint under a new key; the tail cut and signed again by a later key.
Each must be reported by `vigie verify` and by `Tests/independent/verify_log.py`. It is done to a log as it
is served, where everything counts and an altered entry must be reported with its index, and to the folder
of the writer, where some files are copies, or the writer's own: the list of these is printed, by name;
and to logs that were purged, truly and falsely (`purged.py`).
"""
import argparse, base64, collections, json, multiprocessing, os, random, re, shutil, subprocess, sys, tempfile
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "faults"))
from logstate import Independent, root
from segment import parts
import purged

# Nothing under these names says what the log holds: the writer's own records, which it checks when it
# opens the log, and an index that is made from the entries.
IMMATERIAL = {".state/lock": "empty, only locked", ".state/signed": "the writer's own, checked when it opens the log",
              ".state/cosign": "empty, only locked", ".state/ids": "derived from the entries"}
# In the open segment only what the head does not cover is not judged.
OPEN = re.compile(r"wal/\d+\.seg$")
PARTIAL = re.compile(r"tile/(?:entries|\d+)/.*\.p/(\d+)$")


class Log:
    def __init__(self, programs, folder, name="log"):
        self.programs, self.folder = programs, folder
        self.path, self.key = os.path.join(folder, name), os.path.join(folder, "log.vkey")
        self.independent = Independent()

    def tool(self, name, *arguments, text=None):
        done = subprocess.run([os.path.join(self.programs, name), *arguments, "--lang", "en"], input=text,
                              cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit("%s %s: %s" % (name, " ".join(arguments), done.stderr))

    def append(self, source, numbers):
        self.tool("vigie-log", "log", "append", "log", text="".join(
            '{"id":"%d","occurred_at":"2026-01-05T09:00:00.000Z","source":"%s","source_seq":%d,"type":"heartbeat",'
            '"v":1}\n' % (n, source, n) for n in numbers))

    def grow(self, source):
        for first in (1, 4):
            self.append(source, range(first, first + 3))
            shutil.copy(self.path + ".key", self.path + ".key.old")
            self.tool("vigie-log", "keys", "rotate", "log")
        self.append(source, range(7, 10))
        self.tool("vigie-log", "log", "publish", "log", "mirror")
        return Log(self.programs, self.folder, "mirror")

    def files(self):
        found = {}
        for parent, _, names in os.walk(self.path):
            for name in names:
                path = os.path.join(parent, name)
                found[os.path.relpath(path, self.path)] = open(path, "rb").read()
        return found

    def verdicts(self):
        """Whether each of the two accepts it, and the first bad index of ours."""
        done = subprocess.run([os.path.join(self.programs, "vigie"), "verify", self.path, "--key", "@" + self.key,
                               "-f", "json", "--lang", "en"], capture_output=True, text=True)
        if done.returncode not in (0, 1, 2):
            raise RuntimeError("vigie verify ends with %d: %s" % (done.returncode, done.stderr))
        index = re.search(r'"first_bad_index": ?(\d+)', done.stdout)
        return done.returncode == 0, self.independent.accepts(self.path, self.key), index and int(index.group(1))

    def write(self, path, data):
        path = os.path.join(self.path, path)
        if data is None:
            os.remove(path)
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            os.chmod(path, 0o600)
        with open(path, "wb") as file:
            file.write(data)


def sign(text, key_file):
    """A note of that text by the key in a file."""
    _, _, name, key_hash, key = open(key_file).read().strip().split("+", 4)
    seed = base64.b64decode(key)[1:]
    with tempfile.TemporaryDirectory() as folder:
        for name_, data in ("k", bytes.fromhex("302e020100300506032b657004220420") + seed), ("m", text):
            open(os.path.join(folder, name_), "wb").write(data)
        signature = subprocess.run("openssl pkeyutl -sign -keyform DER -inkey k -rawin -in m".split(), cwd=folder,
                                   capture_output=True, check=True).stdout
    line = "\n— %s %s\n" % (name, base64.b64encode(bytes.fromhex(key_hash) + signature).decode())
    return text + line.encode()


class Trial:
    def __init__(self, log):
        self.log, self.intact = log, log.files()
        self.size = int(self.intact["checkpoint"].split(b"\n")[1])
        self.tally, self.immaterial, self.wrong = collections.Counter(), collections.Counter(), []
        self.entries = self.frames()

    def frames(self):
        """Where the frame of each entry that the head covers is, in the partial bundle."""
        path = "tile/entries/000.p/%d" % self.size
        data, at, found = self.intact[path], 0, []
        while at < len(data):
            end = at + 2 + int.from_bytes(data[at:at + 2], "big")
            found.append((at, end))
            at = end
        return found

    def covered(self, path):
        """How many bytes of the open segment the head covers."""
        frames = [end for header, _, end in parts(self.intact[path]) if not header]
        return frames[self.size - 1]

    def in_header(self, path, place):
        """Whether a byte says something of a batch, beyond that a header is there."""
        return any(header and start + 2 <= place < end for header, start, end in parts(self.intact[path]))

    def why_immaterial(self, path, kind, place):
        """Why an alteration need not be reported; None if it must be."""
        for name, why in IMMATERIAL.items():
            if path == name or path.startswith(name + "/"):
                return why
        part = PARTIAL.match(path)
        if part and int(part.group(1)) != self.size:
            return "of an earlier head, for those who are just reading that"
        has_segment = any(OPEN.match(p) for p in self.intact)
        if has_segment and kind == "removed" and (part or OPEN.match(path)):
            return "gone, it is read from its copy"
        if OPEN.match(path) and place >= self.covered(path):
            return "not covered by the head yet"
        if OPEN.match(path) and kind == "changed" and self.in_header(path, place):
            return "what a header says of its batch counts when the log is opened"
        return None

    def attempt(self, kind, path, place, data):
        self.log.write(path, data)
        ours, theirs, index = self.log.verdicts()
        self.log.write(path, self.intact[path])
        self.tally[kind] += 1
        why = self.why_immaterial(path, kind, place)
        if why:
            self.immaterial[(path, why)] += 1
            if not (ours and theirs):
                self.wrong.append("%s %s at %d: immaterial, but reported (%s, %s)" % (kind, path, place, ours, theirs))
        elif ours or theirs:
            self.wrong.append("%s %s at %d: not reported by %s" % (
                kind, path, place, " and ".join(n for n, a in (("vigie", ours), ("verify_log.py", theirs)) if a)))
        elif kind == "changed" and path.startswith("tile/entries/") and not any(OPEN.match(p) for p in self.intact):
            entry = next(i for i, (start, end) in enumerate(self.entries) if start <= place < end)
            # A changed link or length may first show in the entry after it.
            if index not in (entry, entry + 1):
                self.wrong.append("%s %s at %d: reported at entry %s, not %d" % (kind, path, place, index, entry))

    def bytes_and_cuts(self, cases):
        for kind, path, place in cases:
            data = self.intact[path]
            changed = data[:place] + (bytes([data[place] ^ 1 << place % 8]) + data[place + 1:] if kind == "changed" else b"")
            self.attempt(kind, path, place, changed)

    def divided(self, cases, jobs):
        """All cases, by some processes, each on a copy of the log."""
        name = os.path.basename(self.log.path)
        parts = [(self.log.programs, self.log.folder, name, n, cases[n::jobs]) for n in range(jobs)]
        # Closed, not terminated: a child of a test may have that signal blocked.
        pool = multiprocessing.Pool(jobs)
        for tally, immaterial, wrong in pool.imap_unordered(some, parts):
            self.tally += tally
            self.immaterial += immaterial
            self.wrong += wrong
        pool.close()
        pool.join()

    def replaced(self, kind, changes):
        """Several files at once; both must report it."""
        for path, data in changes.items():
            if data is not None or path in self.intact:
                self.log.write(path, data)
        ours, theirs, _ = self.log.verdicts()
        for path in changes:
            if path in self.intact:
                self.log.write(path, self.intact[path])
            elif changes[path] is not None:
                self.log.write(path, None)
        self.tally[kind] += 1
        return not ours, not theirs


def some(part):
    """A part of the cases, on a copy of the log."""
    programs, original, name, number, cases = part
    folder = "%s-%d" % (original, number)
    shutil.copytree(original, folder)
    trial = Trial(Log(programs, folder, name))
    trial.bytes_and_cuts(cases)
    shutil.rmtree(folder)
    return trial.tally, trial.immaterial, trial.wrong


def later_keys(trial, log, key):
    """Old checkpoints under a new key, and tails cut and signed again by the last key."""
    new = key
    for path in [p for p in trial.intact if p.startswith("checkpoints/")]:
        text = trial.intact[path].rsplit(b"\n\n", 1)[0] + b"\n"
        for target in (path, "checkpoint"):
            found = trial.replaced("old checkpoint under a new key", {target: sign(text, new)})
            if found != (True, True):
                trial.wrong.append("%s signed by the last key, as %s: reported %s" % (path, target, found))
    origin, size = trial.intact["checkpoint"].split(b"\n")[0], trial.size
    bundle, tile = "tile/entries/000.p/%d" % size, "tile/0/000.p/%d" % size
    epoch = max(int(p.split("/")[1]) for p in trial.intact if p.startswith("checkpoints/")) + 1
    hashes = [trial.intact[tile][i:i + 32] for i in range(0, 32 * size, 32)]
    segments = [p for p in trial.intact if OPEN.match(p)]
    free = 0
    for n in range(1, size):
        text = b"%s\n%d\n%s\n" % (origin, n, base64.b64encode(root(hashes[:n])))
        changes = {"checkpoint": sign(text, new), bundle: None, tile: None, **{p: None for p in segments}}
        changes["tile/entries/000.p/%d" % n] = trial.intact[bundle][:trial.entries[n - 1][1]]
        changes["tile/0/000.p/%d" % n] = b"".join(hashes[:n])
        for path in trial.intact:
            if path.startswith("checkpoints/") and int(path.split("/")[1]) > n:
                changes[path] = None
        found = trial.replaced("tail cut and signed by a later key", changes)
        if n >= epoch:
            free += 1
            if found != (False, False):
                trial.wrong.append("tail cut at %d, within the last epoch: reported %s" % (n, found))
            changes["checkpoints/%d" % size] = trial.intact["checkpoint"]
            found = trial.replaced("tail cut, and a kept head shown", changes)
        if found != (True, True):
            trial.wrong.append("tail cut at %d and signed by the last key: reported %s" % (n, found))
    print("  %d sizes of the last epoch can be signed again by its own key: only a head that somebody kept shows it" % free)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("folder", nargs="?", help="where the logs are made; in memory by default")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--part", choices=("served", "writer", "purged"), help="that one alone")
    options = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = options.folder or tempfile.mkdtemp(prefix="tamper-", dir=memory)
    log = Log(os.path.abspath(options.programs), os.path.join(folder, "one"))
    os.makedirs(log.folder)
    log.tool("vigie-log", "log", "init", "log", "--origin", "vigie.example/tamper")
    shutil.copytree(log.folder, os.path.join(folder, "other"))
    other = Log(log.programs, os.path.join(folder, "other"))
    mirrors = (log.grow("portail"), other.grow("autre"))
    status = 0
    parts = (("served", "as it is served", *mirrors), ("writer", "the writer's folder", log, other))
    for part, name, mine, foreign in parts:
        if options.part not in (None, part):
            continue
        print(name, flush=True)
        status |= judge(mine, foreign, log.path + ".key", options)
    if options.part in (None, "purged"):
        print("purged", flush=True)
        status |= judge_purged(folder, options)
    shutil.rmtree(folder)
    sys.exit(status)


def judge_purged(folder, options):
    log = Log(os.path.abspath(options.programs), os.path.join(folder, "purged"))
    os.makedirs(log.folder)
    log.tool("vigie-log", "log", "init", "log", "--origin", "vigie.example/purged")
    first = log.files()["tile/entries/000.p/1"]
    draw = random.Random(options.seed)

    def chosen(places):
        return draw.sample(places, min(options.sample // 4, len(places))) if options.sample else places
    return purged.judge(log, json.loads(first[2:]), lambda text: sign(text, log.path + ".key"), chosen)


def judge(log, other, key, options):
    if log.verdicts()[:2] != (True, True) or other.verdicts()[:2] != (True, True):
        sys.exit("the logs are not intact to begin with")
    trial = Trial(log)
    cases = [(kind, path, place) for path, data in sorted(trial.intact.items()) for place in range(len(data))
             for kind in ("changed", "cut")]
    if options.sample and options.sample < len(cases):
        print("  seed %d: %d of %d changed bytes and cuts" % (options.seed, options.sample, len(cases)))
        cases = random.Random(options.seed).sample(cases, options.sample)
    trial.divided(cases, options.jobs)
    for path in sorted(trial.intact):
        trial.attempt("removed", path, 0, None)
    foreign = other.files()
    for path in sorted(set(foreign) & set(trial.intact)):
        if foreign[path] != trial.intact[path]:
            trial.attempt("of another log", path, 0, foreign[path])
    later_keys(trial, log, key)
    for kind, count in trial.tally.items():
        print("  %s: %d" % (kind, count))
    for (path, why), count in sorted(trial.immaterial.items()):
        print("  immaterial: %s, %d times (%s)" % (path, count, why))
    for problem in trial.wrong:
        print("  WRONG " + problem)
    print("  %d alterations, %d wrong" % (sum(trial.tally.values()), len(trial.wrong)))
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    main()
