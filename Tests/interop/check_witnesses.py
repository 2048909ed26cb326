#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our witness with the client of the PyPI package aics-witness, and our client with its server.

check_witnesses.py OUT VIGIE SIZE...: OUT as interop-logs wrote it, VIGIE the built tool.
"""
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from hashlib import sha256
from pathlib import Path

import aics_tlog
from aics_tlog import tiles
from aics_witness.feeder import WitnessAhead, WitnessClient, WitnessRejected
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

out, vigie, sizes = Path(sys.argv[1]), sys.argv[2], sorted(map(int, sys.argv[3:]))
work = Path(tempfile.mkdtemp(prefix="vigie-interop-"))
running = []


def need(condition, *what):
    if not condition:
        raise SystemExit("check_witnesses: does not hold: " + " ".join(map(str, what)))


def run(*arguments, status=0, text=""):
    done = subprocess.run([vigie, *map(str, arguments)], capture_output=True, text=True,
                          input=text, timeout=60)
    need(done.returncode == status, arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout


def start(command, word):
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    running.append(process)
    for line in process.stderr:
        if word in line:
            return line
    raise SystemExit("check_witnesses: did not start: " + " ".join(map(str, command)))


def append(log, numbers, key=None):
    lines = "".join('{"id":"%d","occurred_at":"2026-01-01T00:00:00.000Z","source":"s",'
                    '"source_seq":%d,"type":"heartbeat","v":1}\n' % (n, n) for n in numbers)
    run("log", "append", log, *(["--key", key] if key else []), text=lines)


def our_server():
    state, log_vkey = work / "witness", (out / "log.vkey").read_text().strip()
    vkey = run("witness", "init", "--state", state, "--name", "cse.example/temoin").strip()
    run("witness", "add-log", "--state", state, log_vkey)
    line = start([vigie, "witness", "serve", "--state", str(state), "--listen", "127.0.0.1:0",
                  "--lang", "en"], "port")
    url = "http://127.0.0.1:" + line.strip().rsplit(" ", 1)[1]
    origin = log_vkey.split("+")[0]
    with WitnessClient(url, vkey) as client:
        for size in sizes:
            folder = out / str(size) / "log"
            reader = tiles.FileSystemTileReader(folder)
            note = (folder / "checkpoint").read_bytes()
            client.submit(note, lambda old, new: tiles.consistency_proof_from_tiles(reader, old, new))
        need(client.max_cosigned(origin) == sizes[-1], "the largest size")
        with urllib.request.urlopen(f"{url}/{sha256(origin.encode()).hexdigest()}/checkpoint") as r:
            kept = aics_tlog.parse_note(r.read())
        need(aics_tlog.verify_checkpoint(kept, aics_tlog.parse_vkey(log_vkey),
                                         [aics_tlog.parse_vkey(vkey)], quorum=1).ok, "monitoring")
        # Another history, signed by the log's own key, which is the same in each run.
        key = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
        fork = aics_tlog.sign_checkpoint(
            aics_tlog.Checkpoint(origin, sizes[-1] + 9, bytes(32), ()), key, origin)
        try:
            client.submit(fork.serialise().encode(), lambda old, new: [bytes(32)] * 3)
            need(False, "a fork was cosigned")
        except WitnessRejected as refusal:
            need(refusal.status == 422, refusal)
        try:
            client.submit((out / str(sizes[0]) / "log" / "checkpoint").read_bytes(),
                          lambda old, new: [])
            need(False, "a rollback was cosigned")
        except WitnessAhead as refusal:
            need(refusal.known_size == sizes[-1], refusal)
    print("our witness, aics-witness's client: %d checkpoints, a fork, a rollback" % len(sizes))


def our_client():
    log, config = work / "log", work / "autre" / "witness.json"
    config.parent.mkdir()
    run("log", "init", log, "--origin", "vigie.example/essai")
    append(log, range(1, 300))
    aics = [sys.executable, "-m", "aics_witness"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = subprocess.run([*aics, "init", "-c", config, "--name", "autre.example/w1", "--listen",
                           f"127.0.0.1:{port}"], capture_output=True, text=True)
    need(made.returncode == 0, made.stderr)
    vkey = made.stdout.strip().splitlines()[-1]
    log_vkey = Path(f"{log}.vkey").read_text().strip()
    subprocess.run([*aics, "add-log", "-c", config, "--origin", "vigie.example/essai", "--vkey",
                    log_vkey], check=True, capture_output=True)
    running.append(subprocess.Popen([*aics, "serve", "-c", config, "--listen", f"127.0.0.1:{port}"],
                                    stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
            break
        except OSError:
            time.sleep(0.1)
    policy = work / "policy"
    policy.write_text(f"witness w {vkey} http://127.0.0.1:{port}\nquorum w\n")
    cosign = ("log", "cosign", "--key", log_vkey, "--policy", policy)
    verify = ("verify", "--key", log_vkey, "--policy", policy)
    run(*cosign, log)
    run(*verify, log)
    shutil.copytree(log, work / "fork")
    append(log, range(300, 900))
    run(*verify, log, status=4)
    run(*cosign, log)
    seen = json.loads(run(*verify, log, "-f", "json"))
    need(seen["witnesses"]["witnessed_size"] == 900, seen)
    run(*cosign, work / "fork", status=2)
    append(work / "fork", range(2000, 2700), key=f"{log}.key")
    run(*cosign, work / "fork", status=2)
    print("our client, aics-witness's server: 2 checkpoints, a fork, a rollback")


try:
    our_server()
    our_client()
finally:
    for process in running:
        process.kill()
        process.wait()
    shutil.rmtree(work)
