#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Explores what a power failure may leave of each operation, and holds the rules of `logstate.py`.

    crash_model.py PROGRAMS BASE [--sample N] [--seed S] [--jobs N] [--operation NAME]...

The operation runs once under strace, which notes what it writes, links, renames and syncs. Then the
disk is a model in memory: what was synced is there; of everything else any part may be there, in any
order, whole or torn. Each state that a crash after each call may leave is made, opened and judged.
Where more than PENDING_MAX effects wait for a sync, their subsets are sampled, and that is said.
"""
import argparse, hashlib, itertools, multiprocessing, os, random, re, shutil, sys, tempfile
from logstate import PAUSE, Broken, Workspace
from faults import OPERATIONS, acknowledged

CALLS = "openat,pwrite64,write,fsync,fdatasync,syncfs,rename,unlink,mkdir,rmdir,ftruncate"
PENDING_MAX = 9
# In bytes: what a disk may write by itself of what is written at once.
PAGE = 4_096


def unescape(text):
    return bytes.fromhex(text.replace("\\x", ""))


def calls(path):
    """The successful calls of a trace, in the order in which they returned, with their threads.

    Before a sync that others overlap, `begin` says where it began.
    """
    open_calls = {}
    for line in open(path, errors="replace"):
        thread, text = line.rstrip("\n").split(None, 1)
        if text.endswith("<unfinished ...>"):
            open_calls[thread] = text[:-len("<unfinished ...>")]
            if re.match("fsync|fdatasync|syncfs", text):
                yield "begin", "", 0, thread
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", text)
        if resumed:
            text = open_calls.pop(thread) + text[resumed.end():]
        found = re.match(r"(\w+)\((.*)\)\s+= (\d+)", text)
        if found:
            yield found.group(1), found.group(2), int(found.group(3)), thread


class Disk:
    """What is durable, and what waits for a sync."""

    def __init__(self, folder):
        self.folder, self.names, self.data, self.pending, self.seen = folder, {}, {}, [], {}
        # For each thread in a sync, what waited when it began: it makes nothing durable that came later.
        self.reused, self.begun = 0, {}
        for parent, folders, files in os.walk(folder):
            for name in folders:
                self.names[os.path.relpath(os.path.join(parent, name), folder)] = None
            for name in files:
                relative = os.path.relpath(os.path.join(parent, name), folder)
                self.names[relative] = len(self.data)
                self.data[len(self.data)] = open(os.path.join(parent, name), "rb").read()
        self.seen, self.length = dict(self.names), {n: len(d) for n, d in self.data.items()}

    def relative(self, path):
        path = os.path.relpath(os.path.join(self.folder, path), self.folder)
        return None if path.startswith("..") else path

    def apply(self, call, arguments, thread):
        """Takes one call in; true if the state of the disk may have changed."""
        if call == "begin":
            self.begun[thread] = list(self.pending)
            return False
        begun = {id(op) for op in self.begun.pop(thread, self.pending)}
        strings = [unescape(s).decode(errors="replace") for s in re.findall(r'"((?:\\x..)*)"', arguments)[:2]]
        handle = re.match(r"\d+<((?:\\x..)*)>", arguments)
        name = self.relative(unescape(handle.group(1)).decode()) if handle else None
        if call == "openat":
            if "O_CREAT" not in arguments:
                return False
            name = self.relative(strings[0])
            if name is None or name in self.seen:
                return False
            inode = max(self.length) + 1
            self.seen[name], self.length[inode], self.data[inode] = inode, 0, b""
            self.pending.append(("link", name, inode))
        elif call in ("pwrite64", "write", "ftruncate"):
            inode = self.seen.get(name)
            if inode is None:
                return False
            if call == "ftruncate":
                length = int(arguments.rsplit(",", 1)[1])
                self.pending.append(("cut", inode, length))
                self.length[inode] = length
                return True
            data = unescape(re.search(r'"((?:\\x..)*)"', arguments).group(1))
            offset = int(arguments.rsplit(",", 1)[1]) if call == "pwrite64" else self.length[inode]
            self.pending.append(("write", inode, offset, data))
            self.length[inode] = max(self.length[inode], offset + len(data))
        elif call == "syncfs":
            for op in self.pending:
                if id(op) in begun:
                    self.settle(op, self.names, self.data)
            self.pending = [op for op in self.pending if id(op) not in begun]
        elif call in ("fsync", "fdatasync"):
            if name is None:
                return False
            inode = self.seen.get(name)
            kept = []
            for op in self.pending:
                mine = self.folder_of(op) == name if inode is None else op[0] in ("write", "cut") and op[1] == inode
                if mine and id(op) in begun:
                    self.settle(op, self.names, self.data)
                else:
                    kept.append(op)
            self.pending = kept
        elif call == "rename":
            old, new = map(self.relative, strings)
            self.reused += old.endswith(".spare")
            self.seen[new] = self.seen.pop(old)
            self.pending.append(("rename", new, self.seen[new], old))
        elif call in ("unlink", "rmdir"):
            name = self.relative(strings[0])
            self.seen.pop(name, None)
            self.pending.append(("unlink", name))
        elif call == "mkdir":
            name = self.relative(strings[0])
            self.seen[name] = None
            self.pending.append(("mkdir", name))
        return True

    @staticmethod
    def folder_of(op):
        return None if op[0] in ("write", "cut") else os.path.dirname(op[1]) or "."

    @staticmethod
    def settle(op, names, data):
        if op[0] == "link" or op[0] == "rename":
            if op[0] == "rename":
                names.pop(op[3], None)
            names[op[1]] = op[2]
        elif op[0] == "mkdir":
            names[op[1]] = None
        elif op[0] == "unlink":
            names.pop(op[1], None)
        elif op[0] == "cut":
            data[op[1]] = data[op[1]][:op[2]].ljust(op[2], b"\0")
        else:
            _, inode, offset, text = op
            data[inode] = data[inode][:offset].ljust(offset, b"\0") + text + data[inode][offset + len(text):]

    def choices(self, random):
        """The sets of waiting effects that may have reached the disk; some, where they are many."""
        count = len(self.pending)
        torn = [rest + part for op in self.pending if op[0] == "write" for part in self.parts(op)
                for rest in ([], [other for other in self.pending if other is not op])]
        if count <= PENDING_MAX:
            subsets = itertools.chain.from_iterable(
                itertools.combinations(self.pending, n) for n in range(count + 1))
            return True, [list(s) for s in subsets] + torn
        few = [[op for op in self.pending if random.random() < p] for p in (0.2, 0.5, 0.8) for _ in range(30)]
        few += [self.pending[:n] for n in range(count + 1)]
        few += [self.pending[:n] + self.pending[n + 1:] for n in range(count)]
        return False, few + torn

    def parts(self, op):
        """The parts of a write that may be there alone: where it is over older bytes, these are between."""
        _, inode, offset, text = op
        parts = [[op[:3] + (text[:len(text) // 2],)]]
        if len(self.data[inode]) > offset:
            first = PAGE - offset % PAGE
            pages = [(0, first)] + [(n, n + PAGE) for n in range(first, len(text), PAGE)]
            pieces = [(op[0], inode, offset + start, text[start:end]) for start, end in pages]
            if len(pieces) > 1:
                parts += [[piece] for piece in pieces]
                parts += [pieces[:n] + pieces[n + 1:] for n in range(len(pieces))]
        return parts

    def state(self, chosen):
        names, data = dict(self.names), dict(self.data)
        for op in chosen:
            self.settle(op, names, data)
        folders = {n for n, i in names.items() if i is None} | {""}

        def reachable(name):
            parent = os.path.dirname(name)
            return parent == "" or parent in folders and reachable(parent)
        return {n: None if i is None else data[i] for n, i in names.items() if reachable(n)}


def digest(state):
    h = hashlib.sha256()
    for name in sorted(state):
        h.update(name.encode() + b"\0" + hashlib.sha256(state[name] or b"").digest())
    return h.digest()


def write(state, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in sorted(state):
        path = os.path.join(folder, name)
        if state[name] is None:
            os.makedirs(path, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(state[name])
            os.chmod(path, 0o600)


def explore(base, operation, folder, random, pause=PAUSE):
    """Every state that a crash during the operation may leave, with what was acknowledged by then."""
    work = base.copy(os.path.join(folder, "run"))
    disk, log = Disk(work.folder), os.path.join(folder, "trace")
    done = work.run(["strace", "-f", "-y", "-xx", "-s", "10000000", "-o", log, "-e", "trace=" + CALLS]
                    + work.command(operation), work.input(operation, pause))
    if done.returncode != 0:
        sys.exit("%s fails without a fault: %s" % (operation, done.stderr))
    states, told, sampled, points = {}, 0, 0, 0
    for call, arguments, _, thread in calls(log):
        if call == "write" and arguments.startswith("1<"):
            told = acknowledged(done)
        if not disk.apply(call, arguments, thread):
            continue
        points += 1
        whole, chosen = disk.choices(random)
        sampled += not whole
        for subset in chosen:
            state = disk.state(subset)
            key = digest(state)
            states[key] = (state, max(told, states.get(key, (None, 0))[1]))
    if operation == "reuse" and not disk.reused:
        # On a machine that is busy, the log may not have signed in time.
        if pause < 9 * PAUSE:
            return explore(base, operation, folder, random, 3 * pause)
        sys.exit("the operation reuses no segment, and would show nothing")
    print("%s: %d calls change the disk, %d different states%s" % (
        operation, points, len(states), ", %d calls sampled" % sampled if sampled else ""), flush=True)
    return list(states.values())


runner = None


def start_runner(base, folder, size, earlier):
    global runner
    runner = (base, tempfile.mkdtemp(dir=folder), size, earlier)


def judge(case):
    """What is wrong with a state that a crash left; None if nothing is."""
    operation, state, told = case
    base, folder, size, earlier = runner
    work = Workspace(base.programs, os.path.join(folder, "state"))
    write(state, work.folder)
    try:
        work.check(operation, max(size, told), earlier)
    except Broken as problem:
        name = digest(state).hex()[:8]
        write(state, os.path.join(folder, "wrong-" + name))
        return "%s, state %s: %s" % (operation, name, problem)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("base")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--operation", action="append", choices=OPERATIONS)
    options = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="crash-", dir=memory)
    base = Workspace(os.path.abspath(options.programs), os.path.abspath(options.base))
    chance, wrong, count = random.Random(options.seed), 0, 0
    earlier = [(s, r, "before: " + n) for s, r, n in base.heads()]
    size = max(s for s, _, _ in earlier)
    cases = []
    for operation in options.operation or OPERATIONS:
        states = explore(base, operation, folder, chance)
        if options.sample is not None and options.sample < len(states):
            states = chance.sample(states, options.sample)
        cases += [(operation, state, told) for state, told in states]
    # Closed, not terminated: a child of a test may have that signal blocked.
    pool = multiprocessing.Pool(options.jobs, start_runner, (base, folder, size, earlier))
    for problem in pool.imap_unordered(judge, cases):
        count += 1
        if problem:
            wrong += 1
            print("  WRONG " + problem, flush=True)
    pool.close()
    pool.join()
    print("seed %d: %d states opened, %d broke a rule" % (options.seed, count, wrong))
    if not wrong:
        shutil.rmtree(folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
