#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Has `openssl ts` and the PyPI package rfc3161-client judge our time stamps.

check_anchors.py OUT VIGIE SIZE...: OUT as interop-logs wrote it, VIGIE the built tool. The authority is
`openssl ts -reply`; the requests, and what is stamped, are ours.
"""
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from cryptography import x509
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

out, vigie, sizes = Path(sys.argv[1]), sys.argv[2], sorted(map(int, sys.argv[3:]))
work = Path(tempfile.mkdtemp(prefix="vigie-anchors-"))
counts = Counter()
CONFIGURATION = """
[tsa]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""
SCRIPT = """
set -e
new="-newkey rsa:2048 -nodes"
openssl req -x509 $new -keyout ca.key -out ca.pem -days 3650 -subj /CN=Root \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
openssl req $new -keyout tsa.key -out tsa.csr -subj /CN=Authority
printf 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n' > ext
openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile ext -out tsa.pem
"""


def need(condition, *what):
    if not condition:
        sys.exit("check_anchors: does not hold: " + " ".join(map(str, what)))


def run(*command, status=0, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600,
                          **options)
    need(done.returncode == status, command, done.returncode, done.stdout, done.stderr)
    return done.stdout


def stamp(request, answer):
    run("openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile",
        request, "-out", answer, cwd=work)


def openssl_holds(text, answer, request=None, status=0):
    (work / "text").write_bytes(text)
    what = ["-queryfile", request] if request else ["-data", "text"]
    run("openssl", "ts", "-verify", "-in", answer, *what, "-CAfile", "ca.pem", cwd=work,
        status=status)
    counts["openssl ts -verify"] += 1


def package_holds(text, answer):
    response = decode_timestamp_response(answer.read_bytes())
    digest = hashlib.sha256(text).digest()
    need(verifier.verify(response, digest), answer)
    for wrong in hashlib.sha256(text + b"\n").digest(), bytes(32):
        try:
            need(not verifier.verify(response, wrong), answer, "another text")
        except VerificationError:
            counts["rfc3161-client refuses another text"] += 1
    counts["rfc3161-client"] += 1


def each_checkpoint():
    for size in sizes:
        folder = (out / str(size)).resolve()
        text = b"".join((folder / "log" / "checkpoint").read_bytes().splitlines(True)[:3])
        answer = folder / "stamp.tsr"
        stamp(folder / "stamp.tsq", answer)
        package_holds(text, answer)
        openssl_holds(text, answer)
        openssl_holds(text, answer, request=folder / "stamp.tsq")
        if size in (1, sizes[-1]):
            openssl_holds(text + b"\n", answer, status=1)
        if size > 70_000:
            continue  # reading a long log again would show nothing new
        anchors = folder / "log" / "anchors"
        anchors.mkdir()
        shutil.copyfile(answer, anchors / f"{size}.tsr")
        seen = run(vigie, "verify", folder / "log", "--key", f"@{out}/log.vkey", "--tsa-roots",
                   work / "ca.pem", "--lang", "en")
        need(f"Time-stamped: {size} entries" in seen, size, seen)
        counts["vigie verify"] += 1


def a_log_that_anchors_itself():
    log = work / "log"
    run(vigie, "log", "init", log, "--origin", "vigie.example/essai")
    for number in range(1, 13):
        line = ('{"id":"%d","occurred_at":"2026-01-01T00:00:00.000Z","source":"s",'
                '"source_seq":%d,"type":"heartbeat","v":1}\n' % (number, number))
        run(vigie, "log", "append", log, input=line)
        run(vigie, "keys", "rotate", log)
        run(vigie, "log", "anchor", log, "--request", work / "q")
        stamp("q", "r")
        run(vigie, "log", "anchor", log, "--response", work / "r", "--tsa-roots", work / "ca.pem")
    anchors = sorted((log / "anchors").iterdir())
    need(len(anchors) == 12, anchors)
    for anchor in anchors:
        note = (log / "checkpoints" / anchor.stem).read_bytes()
        text = b"".join(note.splitlines(True)[:3])
        package_holds(text, anchor)
        openssl_holds(text, anchor)
    run(vigie, "verify", log, "--key", f"@{log}.vkey", "--tsa-roots", work / "ca.pem")
    counts["vigie log anchor"] = len(anchors)


try:
    (work / "tsa.cnf").write_text(CONFIGURATION)
    run("/bin/sh", "-c", SCRIPT, cwd=work)
    root = x509.load_pem_x509_certificate((work / "ca.pem").read_bytes())
    verifier = VerifierBuilder().add_root_certificate(root).build()
    each_checkpoint()
    a_log_that_anchors_itself()
    print("time stamps:", dict(counts))
finally:
    shutil.rmtree(work)
