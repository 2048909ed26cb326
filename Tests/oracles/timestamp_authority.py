#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Serves a time-stamping authority of `openssl ts` over HTTP (RFC 3161, section 3.4).

timestamp_authority.py CONFIG SECTION: prints its port, and runs in the folder of CONFIG.
"""
import http.server
import os
import subprocess
import sys

config, section = os.path.abspath(sys.argv[1]), sys.argv[2]
os.chdir(os.path.dirname(config))


class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query" or self.path != "/tsr":
            return self.send_error(404)
        with open("served-request", "wb") as file:
            file.write(body)
        subprocess.run(["openssl", "ts", "-reply", "-config", config, "-section", section,
                        "-queryfile", "served-request", "-out", "served-answer"],
                       check=True, capture_output=True)
        with open("served-answer", "rb") as file:
            answer = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
print(server.server_port, flush=True)
server.serve_forever()
