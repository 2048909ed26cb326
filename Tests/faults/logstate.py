# SPDX-License-Identifier: Apache-2.0
"""What must hold of a log after a fault, wherever the fault struck.

1. It opens again, as it is: `vigie log recover` succeeds, and finishes or forgets what was cut short.
2. Every entry that was acknowledged is there.
3. Every head that was ever signed, published or about to be, has the root that the log still gives.
4. Both verifiers, ours and `Tests/independent/verify_log.py`, find it intact.
5. What the fault cut short can be done again.
"""
import base64, hashlib, io, json, os, shutil, subprocess, sys
from segment import leaf_hashes

HERE = os.path.dirname(os.path.abspath(__file__))
VERIFIER = os.path.join(HERE, "..", "independent", "verify_log.py")
# In seconds: longer than what a log waits before it signs.
PAUSE = 1.2


def sha(data):
    return hashlib.sha256(data).digest()


def root(hashes, known={}):
    """The root of a tree; of a large one, what was hashed before is known."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    name = sha(b"".join(hashes)) if len(hashes) > 32 else None
    if name not in known:
        k = 1 << (len(hashes) - 1).bit_length() - 1
        top = sha(b"\1" + root(hashes[:k]) + root(hashes[k:]))
        if name is None:
            return top
        known[name] = top
    return known[name]


def content(folder):
    """A name for all that a folder holds."""
    found = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(parent, name)
            found.update(("%s\0" % os.path.relpath(path, folder)).encode() + sha(open(path, "rb").read()))
    return found.digest()


class Independent:
    """The other verifier, in this process; what openssl says of a signature is asked once."""

    def __init__(self):
        self.code = compile(open(VERIFIER).read(), VERIFIER, "exec")
        self.known, self.run, self.verdicts = {}, subprocess.run, {}

    def openssl(self, command, cwd=None, **options):
        key = tuple(open(os.path.join(cwd, n), "rb").read() for n in ("k", "s", "m"))
        if key not in self.known:
            self.known[key] = self.run(command, cwd=cwd, **options)
        return self.known[key]

    def verdict(self, log, vkey):
        """What it prints, and its exit status; the same bytes get the same verdict."""
        name = (content(log), open(vkey, "rb").read())
        if name not in self.verdicts:
            self.verdicts[name] = self.judge(log, vkey)
        return self.verdicts[name]

    def judge(self, log, vkey):
        argv, out, code = sys.argv, sys.stdout, 0
        sys.argv, sys.stdout, subprocess.run = [VERIFIER, log, vkey], io.StringIO(), self.openssl
        try:
            exec(self.code, {"__name__": "verifier"})
        except SystemExit as end:
            code = end.code
        finally:
            said, sys.argv, sys.stdout, subprocess.run = sys.stdout.getvalue(), argv, out, self.run
        return said, code or 0

    def accepts(self, log, vkey):
        return self.verdict(log, vkey)[1] == 0


class Broken(Exception):
    """One of the rules does not hold."""


class Workspace:
    """A folder with a log, its keys, a mirror and the files that the operations need."""

    independent = Independent()

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.log = os.path.join(folder, "log")
        self.key = os.path.join(folder, "log.vkey")

    def copy(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Workspace(self.programs, folder)

    def command(self, operation):
        """The arguments of an operation, run in the folder."""
        tool = os.path.join(self.programs, "vigie-log")
        return [tool] + {
            "append": ["log", "append", "log", "--file", "events.jsonl"],
            # So much that its first part is written while the rest is staged.
            "bulk": ["log", "append", "log", "--file", "bulk.jsonl"],
            # What comes through a pipe, with pauses: between them the log signs, and starts a segment.
            "reuse": ["log", "append", "log", "--each"],
            "seal": ["log", "seal", "log"],
            "rotate": ["keys", "rotate", "log"],
            "purge": ["log", "purge", "log", "--before", self.cutoff(), "--policy", "policy",
                      "--requester", "A1", "--approver", "A2"],
            "publish": ["log", "publish", "log", "mirror"],
            "recover": ["log", "recover", "log"],
        }[operation] + ["--lang", "en"]

    def input(self, operation, pause=PAUSE):
        """What an operation reads: more entries than a segment keeps, twice, and then a few."""
        if operation != "reuse":
            return subprocess.DEVNULL
        command = ("head -300 bulk.jsonl; sleep {0}; tail -n +301 bulk.jsonl | head -300; sleep {0}; "
                   "tail -n +601 bulk.jsonl | head -20; sleep 0.1; tail -n +621 bulk.jsonl | head -20")
        return subprocess.Popen(["sh", "-c", command.format(pause)], cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout

    def cutoff(self):
        with open(os.path.join(self.folder, "cutoff")) as file:
            return file.read().strip()

    def run(self, arguments, stdin=subprocess.DEVNULL):
        return subprocess.run(arguments, cwd=self.folder, capture_output=True, text=True, stdin=stdin)

    def heads(self):
        """Every head that the files name: (size, root) and where it stands."""
        found = []
        names = ["log/checkpoint", "mirror/checkpoint"]
        kept = os.path.join(self.log, "checkpoints")
        if os.path.isdir(kept):
            names += ["log/checkpoints/" + n for n in os.listdir(kept) if n.isdigit()]
        for name in names:
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                lines = open(path, "rb").read().decode().split("\n")
                found.append((int(lines[1]), base64.b64decode(lines[2]), name))
        signed = os.path.join(self.log, ".state", "signed")
        if os.path.exists(signed):
            lines = open(signed).read().split("\n")
            found.append((int(lines[0]), bytes.fromhex(lines[1]), ".state/signed"))
        return found

    def leaves(self):
        """The leaf hashes that the tiles and the open segment hold."""
        hashes, tiles = [], os.path.join(self.log, "tile", "0")
        while os.path.exists(os.path.join(tiles, "%03d" % (len(hashes) // 256))):
            data = open(os.path.join(tiles, "%03d" % (len(hashes) // 256)), "rb").read()
            hashes += [data[i:i + 32] for i in range(0, len(data), 32)]
        wal = os.path.join(self.log, "wal")
        first = max(int(n[:-4]) for n in os.listdir(wal) if n.endswith(".seg"))
        data = open(os.path.join(wal, "%d.seg" % first), "rb").read()
        return hashes[:first] + leaf_hashes(data)

    def check(self, operation, acknowledged, earlier):
        """Holds the rules; `acknowledged` is the size told to the caller, if it was told one."""
        heads = earlier + self.heads()
        self.verify_mirror()
        recovered = self.run(self.command("recover") + ["-f", "json"])
        if recovered.returncode != 0:
            raise Broken("does not open: " + recovered.stderr.strip().replace("\n", " "))
        size = json.loads(recovered.stdout)["size"]
        if size < acknowledged:
            raise Broken("acknowledged %d entries, has %d" % (acknowledged, size))
        self.verify("after recovery")
        leaves = self.leaves()
        for head_size, head_root, name in heads + self.heads():
            if root(leaves[:head_size]) != head_root or head_size > len(leaves):
                raise Broken("contradicts the head of %s at %d" % (name, head_size))
        again = self.run(self.command(operation), self.input(operation, 0))
        if again.returncode != 0:
            raise Broken("cannot be done again: " + again.stderr.strip().replace("\n", " "))
        self.verify("after a second attempt")
        self.verify_mirror()

    def verify(self, when):
        tool = os.path.join(self.programs, "vigie")
        ours = self.run([tool, "verify", "log", "--key", "@log.vkey", "--lang", "en"])
        said, theirs = self.independent.verdict(self.log, self.key)
        if (ours.returncode, theirs) != (0, 0):
            raise Broken("%s: verifiers say %d and %d: %s%s" % (when, ours.returncode, theirs, ours.stdout, said))

    def verify_mirror(self):
        mirror = os.path.join(self.folder, "mirror")
        if os.path.exists(os.path.join(mirror, "checkpoint")):
            said, status = self.independent.verdict(mirror, self.key)
            if status != 0:
                raise Broken("mirror: " + said.strip())
