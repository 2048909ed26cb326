#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers between a log and its witness, good and bad, for the tests of the client side.

    servers.py relay WITNESS-PORT CERTIFICATE KEY   under TLS, in front of a witness; answers in chunks
    servers.py proxy NAME:PASSWORD                  a proxy, for CONNECT and for whole addresses
    servers.py odd ANSWER                           answers each request as told, see ODD

Each prints its port on the first line of its output, and then a line for each request that it took.
It ends when its standard input does.
"""
import base64
import os
import socket
import ssl
import sys
import threading
import time

LARGE = b"x" * 65_536



def conflict(kind, body):
    """A witness's answer that it knows another size."""
    return (b"HTTP/1.1 409 Conflict\r\nContent-Type: " + kind
            + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


# What an odd server sends; a number is a pause in seconds.
ODD = {
    "moved": [b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"],
    "endless": [b"HTTP/1.1 200 OK\r\n\r\n"] + [LARGE] * 64,
    "declared": [b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n"] + [LARGE] * 64,
    "heads": [b"HTTP/1.1 200 OK\r\n"] + [b"X-%d: " % n + LARGE + b"\r\n" for n in range(64)],
    "words": [b"hello, this is no HTTP\r\n\r\n"],
    "torn": [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    "nothing": [],
    "conflict-of-text": [conflict(b"text/plain", b"5\n")],
    "conflict-of-words": [conflict(b"text/x.tlog.size", b"five\n")],
    "conflict-of-nothing": [conflict(b"text/x.tlog.size", b"")],
    "conflict-of-none": [conflict(b"text/x.tlog.size", b"0\n")],
    "slow": [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"] + [0.2, b"x"] * 60,
}


def head_of(stream):
    """The lines of a request's head."""
    lines = []
    while True:
        line = stream.readline(65_536)
        if line in (b"", b"\r\n"):
            return lines
        lines.append(line.strip())


def field(lines, name):
    """The value of a header, or nothing."""
    for line in lines[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""


def relay(client, port, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with context.wrap_socket(client, server_side=True) as secure:
        stream = secure.makefile("rwb")
        lines = head_of(stream)
        if not lines:
            return
        say(lines[0])
        body = stream.read(int(field(lines, b"content-length") or 0))
        path = lines[0].split()[1]
        with socket.create_connection(("127.0.0.1", port)) as witness:
            witness.sendall(
                b"POST " + path + b" HTTP/1.1\r\nHost: w\r\nConnection: close\r\n"
                + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            answer = witness.makefile("rb")
            kept = [l for l in head_of(answer) if not l.lower().startswith(b"content-length")]
            text = answer.read()
        stream.write(b"\r\n".join(kept) + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(text), 7):
            part = text[start : start + 7]
            stream.write(b"%x\r\n" % len(part) + part + b"\r\n")
        stream.write(b"0\r\n\r\n")
        stream.flush()


def proxy(client, secret):
    stream = client.makefile("rwb")
    lines = head_of(stream)
    if not lines:
        return
    say(lines[0])
    wanted = b"Basic " + base64.b64encode(secret.encode())
    if field(lines, b"proxy-authorization") != wanted:
        stream.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        stream.flush()
        return
    method, target, _ = lines[0].split()
    place = target.removeprefix(b"http://").split(b"/")[0]
    host, _, port = place.decode().rpartition(":")
    with socket.create_connection((host, int(port))) as server:
        if method == b"CONNECT":
            stream.write(b"HTTP/1.1 200 OK\r\n\r\n")
            stream.flush()
            back = threading.Thread(target=pipe, args=(server, client))
            back.start()
            pipe(client, server)
            back.join()
        else:
            body = stream.read(int(field(lines, b"content-length") or 0))
            path = b"/" + target.removeprefix(b"http://").partition(b"/")[2]
            server.sendall(
                b"POST " + path + b" HTTP/1.1\r\nHost: w\r\nConnection: close\r\n"
                + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            pipe(server, client)


def pipe(source, sink):
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def odd(client, answer):
    stream = client.makefile("rb")
    lines = head_of(stream)
    if not lines:
        return
    say(lines[0])
    stream.read(int(field(lines, b"content-length") or 0))
    for part in ODD[answer]:
        if isinstance(part, float):
            time.sleep(part)
        else:
            client.sendall(part)


def say(line):
    print(line.decode("latin-1"), flush=True)


def handle(kind, client, arguments):
    with client:
        try:
            if kind == "relay":
                relay(client, int(arguments[0]), arguments[1], arguments[2])
            else:
                {"proxy": proxy, "odd": odd}[kind](client, arguments[0])
        except OSError as error:
            say(b"# " + str(error).encode())


def main():
    kind, arguments = sys.argv[1], sys.argv[2:]
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def end():
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()
    while True:
        client, _ = listener.accept()
        threading.Thread(target=handle, args=(kind, client, arguments), daemon=True).start()


main()
