# SPDX-License-Identifier: Apache-2.0
"""Runs the command line of a systemd unit under its restrictions, where no systemd runs.

    sandbox.py UNIT.service

It applies User=, UMask=, NoNewPrivileges=, CapabilityBoundingSet=, PrivateNetwork=, ProtectSystem=,
ReadWritePaths=, StateDirectory=, PrivateTmp= and SystemCallFilter= (through libseccomp, with the sets of
`systemd-analyze syscall-filter`). What it does not apply, it says.
"""

import ctypes
import os
import pwd
import shlex
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWNET = 0x20000, 0x08000000, 0x40000000
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
LIBC = ctypes.CDLL(None, use_errno=True)
APPLIED = {
    "Type", "User", "Group", "ExecStart", "UMask", "NoNewPrivileges", "CapabilityBoundingSet",
    "PrivateNetwork", "PrivateIPC", "ProtectSystem", "ReadWritePaths", "StateDirectory",
    "StateDirectoryMode", "PrivateTmp", "SystemCallFilter", "SystemCallErrorNumber",
    "AmbientCapabilities", "TimeoutStartSec",
}


def settings(path):
    found, section = {}, None
    for line in open(path):
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def check(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def syscalls(name):
    if not name.startswith("@"):
        return {name}
    text = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    found = set()
    for line in text.stdout.splitlines()[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            found |= syscalls(word)
    return found


def allowed(filters):
    names = set()
    for value in filters:
        groups = value.lstrip("~").split()
        group = set().union(*(syscalls(name) for name in groups))
        names = names - group if value.startswith("~") else names | group
    # systemd always lets these through, so that the program can be started.
    return names | {"execve", "exit", "exit_group", "rt_sigreturn", "getrlimit", "prlimit64"}


def restrict_calls(names):
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    eperm, allow = 0x00050000 | 1, 0x7FFF0000
    context = ctypes.c_void_p(library.seccomp_init(eperm))
    count = 0
    for name in sorted(names):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            check(library.seccomp_rule_add(context, allow, number, 0), name)
            count += 1
    check(library.seccomp_load(context), "seccomp_load")
    return count


def main(path):
    unit = settings(path)
    account = pwd.getpwnam(unit["User"][0])
    check(LIBC.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET), "unshare")
    mount("--make-rprivate", "/")
    writable = unit.get("ReadWritePaths", []) + [f"/var/lib/{n}" for n in unit["StateDirectory"]]
    for folder in set(writable) | {"/tmp"}:
        mount("--bind", folder, folder)
    mount("-t", "tmpfs", "tmpfs", "/tmp")
    os.chmod("/tmp", 0o1777)
    mount("-o", "remount,ro,bind", "/")
    calls = allowed(unit["SystemCallFilter"])
    left = sorted(set(unit) - APPLIED)
    print(f"sandbox: not applied here: {', '.join(left)}", file=sys.stderr)
    os.umask(int(unit["UMask"][0], 8))
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    check(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    count = restrict_calls(calls)
    print(f"sandbox: {count} system calls allowed", file=sys.stderr)
    command = shlex.split(unit["ExecStart"][0])
    os.chdir("/")
    os.execve(command[0], command, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})


main(sys.argv[1])
