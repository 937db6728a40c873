"""One deed of Python's ftplib: SECURITY VERSION MODE PORT CA_FILE DEED NAMES…

The deeds: list | fetch NAME FILE | store FILE NAME | continueFetch NAME FILE | continueStore FILE NAME | abort NAME.
"""

import ftplib
import os
import ssl
import sys


class ImplicitFtpTls(ftplib.FTP_TLS):
    """ftplib knows explicit FTPS only; this puts TLS on the socket as soon as there is one."""

    _socket = None

    @property
    def sock(self):
        return self._socket

    @sock.setter
    def sock(self, value):
        if value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value, server_hostname=self.host)
        self._socket = value


def connected(security, version, port, ca_file):
    if security == "none":
        client = ftplib.FTP(timeout=30)
        client.connect("127.0.0.1", port)
        client.login("anna", "secret")
        return client
    context = ssl.create_default_context(cafile=ca_file)
    bound = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}[version]
    context.minimum_version = bound
    context.maximum_version = bound
    client = (ImplicitFtpTls if security == "implicit" else ftplib.FTP_TLS)(context=context, timeout=30)
    client.encoding = "utf-8"
    client.connect("127.0.0.1", port)
    # On implicit FTPS the control connection is protected already; login() would send AUTH.
    client.login("anna", "secret", secure=security == "explicit")
    if security == "explicit":
        client.prot_p()
    else:
        client._prot_p = True
    if client.sock.version() != version:
        sys.exit("TLS is " + client.sock.version())
    return client


def abort(client, name):
    """In clear, ftplib sends the LF of ABOR as urgent data."""
    client.voidcmd("TYPE I")
    data = client.transfercmd("RETR " + name)
    data.recv(1)
    print(client.abort())
    data.close()
    print(client.getresp())
    print(client.sendcmd("NOOP"))


def main(security, version, mode, port, ca_file, deed, *names):
    client = connected(security, version, int(port), ca_file)
    client.set_pasv(mode == "passive")
    if deed == "list":
        print("\n".join(name for name, _ in client.mlsd()))
    elif deed == "fetch":
        with open(names[1], "wb") as file:
            client.retrbinary("RETR " + names[0], file.write)
    elif deed == "store":
        with open(names[0], "rb") as file:
            client.storbinary("STOR " + names[1], file)
    elif deed == "continueFetch":
        with open(names[1], "ab") as file:
            client.retrbinary("RETR " + names[0], file.write, rest=os.path.getsize(names[1]))
    elif deed == "continueStore":
        client.voidcmd("TYPE I")
        offset = client.size(names[1])
        with open(names[0], "rb") as file:
            file.seek(offset)
            client.storbinary("STOR " + names[1], file, rest=offset)
    elif deed == "abort":
        abort(client, *names)
    client.quit()


main(*sys.argv[1:])
