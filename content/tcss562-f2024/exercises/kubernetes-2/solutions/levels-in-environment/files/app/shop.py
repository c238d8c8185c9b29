"""One program, three services: shop.py front | catalogue | stock. Each listens on port 8080."""

import http.server
import json
import os
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request

PRODUCTS = [
    {"item": "lamp", "price": 40},
    {"item": "chair", "price": 75},
    {"item": "desk", "price": 180},
]


def fetch(url):
    with urllib.request.urlopen(url, timeout=3) as answer:
        return json.load(answer)


def front(path, query):
    """The shop's page: what the catalogue offers, each with what the stock has left."""
    if path != "/shop":
        return 404, {"error": f"nothing at {path}"}
    try:
        products = fetch(os.environ["CATALOGUE_URL"] + "/products")
        for product in products:
            item = urllib.parse.quote(product["item"])
            product["left"] = fetch(f"{os.environ['STOCK_URL']}/stock?item={item}")["left"]
    except (OSError, KeyError, ValueError) as error:
        return 503, {"error": f"a service behind the front is away: {error}"}
    return 200, products


def catalogue(path, query):
    if path != "/products":
        return 404, {"error": f"nothing at {path}"}
    return 200, PRODUCTS


def stock(path, query):
    # Read for every request: a changed ConfigMap reaches the file without a restart.
    levels = json.loads(os.environ["LEVELS"])
    item = query.get("item", [""])[0]
    if path != "/stock" or item not in levels:
        return 404, {"error": f"no stock of {item!r} at {path}"}
    return 200, {"item": item, "left": levels[item]}


ROLES = {"front": front, "catalogue": catalogue, "stock": stock}


def handler(role):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            if url.path == "/health":
                # Of this process alone: asking the others here would take all down when one is.
                status, answer = 200, {"health": "ok"}
            else:
                status, answer = role(url.path, urllib.parse.parse_qs(url.query))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def stop(signum, frame):
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
if len(sys.argv) != 2 or sys.argv[1] not in ROLES:
    sys.exit(f"usage: shop.py {' | '.join(ROLES)}")
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), handler(ROLES[sys.argv[1]])).serve_forever()
