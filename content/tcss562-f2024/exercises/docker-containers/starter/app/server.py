"""A small service that counts prime numbers.

server.py serve        answers HTTP on port 8080
server.py count 1000   prints how many primes are below 1000
"""

import http.server
import sys

PORT = 8080


def count_primes(below):
    """How many primes are smaller than `below`. Yours to write; 1000000 must take less than two seconds."""
    raise NotImplementedError("count_primes is yours to write")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, "text/plain", "ok\n")
        else:
            # /primes?below=N is yours to write: 200 with {"below": N, "count": …}, or 400 when N is no good.
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
    else:
        http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()


main(sys.argv[1:])
