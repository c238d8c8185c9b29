"""Serves moto on a free loopback port, says which on a line of its own, and ends when standard input does."""

import os
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


class QuietHandler(MotoRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


app = DomainDispatcherApplication(create_backend_app)
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
# Some of moto's answers name the server itself.
os.environ["MOTO_PORT"] = str(server.server_port)
threading.Thread(target=end_with_parent, daemon=True).start()
print(f"port {server.server_port}", flush=True)
server.serve_forever()
