# SPDX-License-Identifier: Apache-2.0
"""Copies a generated sample so that it can be signed and appended to."""

import base64
import hashlib
import os
import shutil


def linked(sample, work, key="private.key"):
    """A copy of the sample's log in the folder `work`, and its private key beside it.

    Full tiles and bundles are never written again, so they are linked. The private key of a sample is
    known to all, and made anew here. Under the name `log.key` commands find it by themselves; under
    any other the log is not one that can be signed, whose readers must say who they are.
    """
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(sample / "log", work / "log", copy_function=os.link)
    for part in ["wal", ".state", "checkpoint"]:
        place = work / "log" / part
        for path in [place] if place.is_file() else list(place.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                path.unlink()
                path.write_bytes(content)
    name, number, _ = (sample / "log.vkey").read_text().split()[0].split("+", 2)
    seed = hashlib.sha256(f"sample key, known to all: {name}".encode()).digest()
    file = work / key
    file.write_text(f"PRIVATE+KEY+{name}+{number}+{base64.b64encode(bytes([1]) + seed).decode()}\n")
    file.chmod(0o600)
    return file
