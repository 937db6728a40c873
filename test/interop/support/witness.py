"""Python's ftplib logs in, lists, stores, fetches and deletes, and tells as JSON what it saw of TLS.

An FTPS client that nobody here wrote, so that the harness is not proved by the client it is there to test.
"""

import ftplib
import io
import json
import os
import ssl
import sys


class Witness(ftplib.FTP_TLS):
    """Can begin with TLS, and resumes the control connection's session on data connections."""

    implicit = False
    resume = True
    data = []
    _sock = None

    @property
    def sock(self):
        return self._sock

    @sock.setter
    def sock(self, value):
        # ftplib reads the greeting right after it has stored the socket.
        if self.implicit and value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value, server_hostname=self.host)
        self._sock = value

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if self.resume else None
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
            self.data.append({"tls": connection.version(), "resumed": connection.session_reused})
        return connection, size


def open_session(settings):
    if settings["security"] == "none":
        client = ftplib.FTP()
    else:
        context = ssl.create_default_context(cadata=settings["ca"])
        Witness.implicit = settings["security"] == "implicit"
        Witness.resume = settings["resume"]
        client = Witness(context=context)
    client.connect(settings["host"], settings["port"], timeout=20)
    client.login(settings["user"], settings["password"])
    if settings["security"] != "none":
        client.prot_p()
    return client


def main():
    settings = json.load(sys.stdin)
    client = open_session(settings)
    content = os.urandom(70_001)
    client.storbinary("STOR witness.bin", io.BytesIO(content))
    lines = []
    client.retrlines("LIST", lines.append)
    fetched = io.BytesIO()
    client.retrbinary("RETR witness.bin", fetched.write)
    client.delete("witness.bin")
    secured = isinstance(client, Witness)
    seen = {
        "welcome": client.getwelcome(),
        "tls": client.sock.version() if secured else None,
        "data": client.data if secured else [],
        "lines": lines,
        "intact": fetched.getvalue() == content,
    }
    client.quit()
    print(json.dumps(seen))


main()
