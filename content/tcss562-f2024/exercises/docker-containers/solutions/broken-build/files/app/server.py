"""A small service that counts prime numbers.

server.py serve        answers HTTP on port 8080
server.py count 1000   prints how many primes are below 1000
"""

import http.server
import json
import signal
import sys
import urllib.parse

PORT = 8080
LARGEST = 1_000_000


def count_primes(below):
    """How many primes are smaller than `below`: the sieve of Eratosthenes, one byte a number."""
    if below < 3:
        return 0
    prime = bytearray([1]) * below
    prime[0:2] = b"\0\0"
    for n in range(2, int(below**0.5) + 1):
        if prime[n]:
            prime[n * n :: n] = bytes(len(range(n * n, below, n)))
    return sum(prime)


def parse_below(query):
    """The number asked for, or None when it is missing, not a whole number or too large."""
    text = urllib.parse.parse_qs(query).get("below", [""])[0]
    if not text.isdecimal() or not text.isascii() or len(text) > 7:
        return None
    below = int(text)
    return below if below <= LARGEST else None


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/health":
            self.answer(200, "text/plain", "ok\n")
        elif url.path == "/primes":
            below = parse_below(url.query)
            if below is None:
                self.answer(400, "text/plain", f"below must be a whole number up to {LARGEST}\n")
            else:
                body = json.dumps({"below": below, "count": count_primes(below)})
                self.answer(200, "application/json", body + "\n")
        else:
            self.answer(404, "text/plain", "not found\n")

    def answer(self, status, content_type, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(arguments):
    if arguments[:1] == ["count"]:
        print(count_primes(int(arguments[1])))
        return
    # Process 1 gets no default action for SIGTERM; without this docker stop takes ten seconds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()


main(sys.argv[1:])
