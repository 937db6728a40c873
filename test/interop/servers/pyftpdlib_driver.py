"""Runs pyftpdlib's server as the JSON file named on the command line says. Logs every command to stderr."""

import json
import logging
import os
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer


class ImplicitHandler(TLS_FTPHandler):
    """pyftpdlib knows no implicit mode: TLS goes on before the greeting, and data is protected unasked (MS-FTPS 3.2.5.1)."""

    def handle(self):
        self.secure_connection(self.ssl_context)
        self._pbsz = True
        self._prot = True
        super().handle()


def create_handler(settings):
    if settings["security"] == "none":
        return FTPHandler
    handler = ImplicitHandler if settings["security"] == "implicit" else TLS_FTPHandler
    handler.certfile = settings["combinedFile"]
    handler.tls_control_required = True
    handler.tls_data_required = True
    handler.ssl_context = handler.get_ssl_context()
    return handler


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    log = logging.StreamHandler()
    # Its commands and replies are on the same level as notes on each step of each handshake.
    log.addFilter(lambda record: not record.getMessage().startswith("[debug]"))
    logging.basicConfig(level=logging.DEBUG, format="%(message)s", handlers=[log])
    os.umask(0o022)
    handler = create_handler(settings)
    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user(settings["user"], settings["password"], settings["root"], perm="elradfmwMT")
    first, last = settings["passivePorts"]
    handler.passive_ports = range(first, last + 1)
    handler.auth_failed_timeout = 0
    # Everything that takes root is read by now; what it stores then belongs to the user, as with the others.
    os.setgroups([])
    os.setgid(settings["gid"])
    os.setuid(settings["uid"])
    FTPServer(("127.0.0.1", settings["port"]), handler).serve_forever()


main()
