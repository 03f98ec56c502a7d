"""The HTTP interface of ClickHouse, in front of its engine in process (chdb): statements, types, formats, failures and the list of queries are
the engine's own; logins and headers are made here. Prints its address once it serves.

Usage: clickhouse_server.py FOLDER [--port PORT] [--cert FILE --key FILE]. Users: `default` without a password, `reader` with the
password `open sesame`, `strict` with none and a profile of `readonly = 1`.
"""

import argparse
import os
import re
import select
import socket
import ssl
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

USERS = {"default": "", "reader": "open sesame", "strict": ""}
PROFILES = {"strict": {"readonly": "1"}}
NOT_SETTINGS = {
    "query", "query_id", "database", "default_format", "user", "password",
    "wait_end_of_query", "buffer_size", "session_id", "compress",
}  # fmt: skip
VERSION = "version 26.9.2.1 (official build)"
KILL = re.compile(r"\s*KILL QUERY WHERE query_id = '([^']*)'(.*)", re.S)


def quoted(text, quote="'"):
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


class Failure(Exception):
    """A failure of the server itself, in the words of ClickHouse."""

    def __init__(self, code, text):
        super().__init__(f"Code: {code}. DB::Exception: {text}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in one packet is not held back for the acknowledgement of the one before.
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer(200, b"Ok.\n", {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parameters = parse_qsl(urlsplit(self.path).query, keep_blank_values=True)
        named = dict(parameters)
        headers = {"X-ClickHouse-Query-Id": named.get("query_id", "")}
        try:
            user = self.login(named)
            answer = self.run(user, parameters, named, body)
        except Exception as error:
            text = str(error)
            code = re.match(r"Code: (\d+)", text)
            if not code:
                raise
            headers["X-ClickHouse-Exception-Code"] = code[1]
            status = {"516": 403, "60": 404, "81": 404}.get(code[1], 500)
            self.answer(status, f"{text} ({VERSION})\n".encode(), headers)
        else:
            if answer is not None:
                headers["X-ClickHouse-Format"] = named.get("default_format", "TabSeparated")
                self.answer(200, answer, headers)

    def login(self, named):
        user = self.headers.get("X-ClickHouse-User") or named.get("user") or "default"
        password = self.headers.get("X-ClickHouse-Key") or named.get("password") or ""
        if USERS.get(user) != password:
            raise Failure(
                516,
                f"{user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)",
            )
        return user

    def run(self, user, parameters, named, body):
        """The bytes of the answer, or nothing where the client went away and its query was ended."""
        data = None
        if "query" in named:
            statement = named["query"]
            if body:
                # The engine in process reads data from files only.
                handle, data = tempfile.mkstemp()
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                into, form = re.fullmatch(r"(.*) FORMAT (\w+)\s*", statement, re.S).groups()
                statement = f"{into} SELECT * FROM file({quoted(data)}, {form})"
        else:
            statement = body.decode()
        kill = KILL.match(statement)
        if kill:
            statement = f"KILL QUERY WHERE startsWith(query, {quoted(tag(kill[1]))}){kill[2]}"
        elif named.get("query_id"):
            statement = tag(named["query_id"]) + statement
        settings = [pair for pair in parameters if pair[0] not in NOT_SETTINGS]
        cancel = named.get("cancel_http_readonly_queries_on_client_close") == "1"
        connection = session.Session(self.server.folder)
        try:
            if "database" in named:
                connection.query(f"USE {quoted(named['database'], '`')}")
            # The profile first: what it forbids is refused to the query.
            for given in (PROFILES.get(user, {}).items(), settings):
                if given:
                    assignments = [f"{name} = {quoted(value)}" for name, value in given]
                    connection.query("SET " + ", ".join(assignments))
            outcome = {}
            work = threading.Thread(target=self.work, args=(connection, statement, named, outcome))
            work.start()
            gone = False
            while work.is_alive():
                work.join(0.02)
                if cancel and not gone and self.is_gone():
                    gone = True
                    mine = quoted(tag(named.get("query_id", "")))
                    session.Session(self.server.folder).query(f"KILL QUERY WHERE startsWith(query, {mine}) ASYNC")
            if gone:
                self.close_connection = True
                return None
            if "error" in outcome:
                raise outcome["error"]
            return outcome["answer"]
        finally:
            connection.close()
            if data:
                os.unlink(data)

    @staticmethod
    def work(connection, statement, named, outcome):
        try:
            answer = connection.query(statement, named.get("default_format", "TabSeparated"))
            outcome["answer"] = answer.bytes()
        except Exception as error:
            outcome["error"] = error

    def is_gone(self):
        """Has the client closed its connection?"""
        readable, _, _ = select.select([self.connection], [], [], 0)
        if not readable:
            return False
        if isinstance(self.connection, ssl.SSLSocket):
            return not self.connection.pending()
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def tag(query_id):
    """How a query is found by its id: the engine in process gives queries ids of its own."""
    return f"/* query_id {query_id} */ "


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that goes away is no news; everything else is a fault of this program."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--cert")
    arguments.add_argument("--key")
    arguments = arguments.parse_args()
    server = Server(("127.0.0.1", arguments.port), Handler)
    server.folder = arguments.folder
    # Held open, so that the engine is not started anew for each connection.
    server.first = session.Session(server.folder)
    server.first.query("SELECT 1")
    scheme = "http"
    if arguments.cert:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.cert, arguments.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"{scheme}://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
