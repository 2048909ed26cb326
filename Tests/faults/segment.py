# SPDX-License-Identifier: Apache-2.0
"""The open segment: batches, each a header of 38 bytes that begins with two zero bytes, and frames.

A header without frames ends it: what follows are bytes of earlier entries."""
import hashlib

HEADER = 38


def parts(data):
    """Where each header and each frame is, as far as they are whole: (whether it is a header, start, end)."""
    at = 0
    while at + 2 <= len(data) and data[at:at + 6] != bytes(6):
        count = int.from_bytes(data[at:at + 2], "big")
        end = at + (2 + count if count else HEADER)
        if end > len(data):
            return
        yield count == 0, at, end
        at = end


def leaf_hashes(data):
    """The leaf hashes of its entries."""
    return [hashlib.sha256(b"\0" + data[start + 2:end]).digest() for header, start, end in parts(data) if not header]
