"""A Stagepunt API on a PostgreSQL of its own in a temporary folder, for the benches."""

import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVE_WITHIN = 60.0  # Seconds within which a server that was started must serve.


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(condition, within, what, pause=0.005):
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            sys.exit(f"{what}: not within {within:.0f} s")
        time.sleep(pause)


def malloc_of_the_image():
    """How the Dockerfile sets the memory allocator of the process."""
    return dict(re.findall(r"\b(MALLOC_\w+)=(\d+)", (ROOT / "Dockerfile").read_text()))


class Service:
    """One process of the API; its private PostgreSQL lives in `folder/data`, unless it is given another."""

    def __init__(self, binary, folder, **settings):
        self.binary, self.folder, self.settings = binary, folder, settings
        self.port, self.admin = free_port(), free_port()
        self.process = None
        self.tokens = {}  # Client → token, when it was asked for.

    def start(self, *arguments):
        environment = dict(
            os.environ,
            LISTEN=f"127.0.0.1:{self.port}",
            ADMIN_LISTEN=f"127.0.0.1:{self.admin}",
            DATA_FOLDER=str(self.folder / "data"),
            REQUESTS_PER_SECOND="0",
            **self.settings,
        )
        with open(self.folder / "log", "ab") as log:
            command = [self.binary, "serve", *arguments]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def serves(self):
        try:
            return self.call("GET", "/v1")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def call(self, method, path, body=None, headers=(), timeout=20):
        """Status, answer. Raises ConnectionRefusedError when certainly nothing was sent."""
        status, answer, _ = self.ask(method, path, body, headers, timeout)
        return status, answer

    def ask(self, method, path, body=None, headers=(), timeout=20):
        """Status, answer, headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.connect()
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def demo_client(self, role, organisation=""):
        clients = json.loads((self.folder / "data/demo-clients.json").read_text())["clients"]
        return next(one for one in clients if one["role"] == role and organisation in one["organisation"])

    def sign_up(self, organisation, role, name):
        """A new client of an organisation, made by the platform."""
        headers = {"Authorization": f"Bearer {self.token_of(self.demo_client('platform'))}", "Content-Type": "application/json"}
        body = json.dumps({"organisationId": organisation, "role": role, "name": name})
        status, answer = self.call("POST", "/v1/api-clients", body, headers)
        if status != 201:
            raise OSError(f"no client: {status} {answer[:500]}")
        made = json.loads(answer)
        return {"clientId": made["id"], "clientSecret": made["clientSecret"], "role": role}

    def token_of(self, client):
        """A token lasts ten minutes."""
        token, since = self.tokens.get(client["clientId"], (None, 0.0))
        if token is None or time.monotonic() - since > 300:
            login = base64.b64encode(f"{client['clientId']}:{client['clientSecret']}".encode()).decode()
            headers = {"Authorization": f"Basic {login}", "Content-Type": "application/x-www-form-urlencoded"}
            status, answer = self.call("POST", "/oauth/token", "grant_type=client_credentials", headers)
            if status != 200:
                raise OSError(f"no token: {status}")
            token = json.loads(answer)["access_token"]
            self.tokens[client["clientId"]] = token, time.monotonic()
        return token

    def postmaster(self):
        return (self.folder / "data/cluster/data/postmaster.pid").read_text().split("\n")

    def psql(self, text, *options):
        """What psql prints, as the superuser of the private PostgreSQL."""
        return self.run_as_superuser(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", *options], text)

    def run_as_superuser(self, command, text=None, **settings):
        """What a program of PostgreSQL prints that connects as the superuser of the private one."""
        environment = dict(
            os.environ,
            PGPASSWORD=(self.folder / "data/cluster/password").read_text().strip(),
            PGHOST="127.0.0.1",
            PGPORT=self.postmaster()[3].strip(),
            PGUSER="stagepunt_owner",
            PGDATABASE="stagepunt",
            **settings,
        )
        done = subprocess.run(command, env=environment, input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
        return done.stdout

    def memory(self, name):
        """A figure of the process in MB: VmRSS, RssAnon, VmHWM (the peak)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


class Cluster:
    """The PostgreSQL of a service that has stopped, for several processes to share."""

    def __init__(self, service):
        data = service.folder / "data/cluster/data"
        owner = data.stat()
        self.service, self.port = service, free_port()
        bin_folder = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        options = ["-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        account = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.getuid() == 0 else {}
        with open(service.folder / "postgres.log", "ab") as log:
            command = [pathlib.Path(bin_folder) / "postgres", *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **account)
        wait(self.accepts, SERVE_WITHIN, "PostgreSQL", 0.1)
        app_password = uuid.uuid4().hex
        service.psql(f"ALTER ROLE stagepunt_app PASSWORD '{app_password}'")
        password = (service.folder / "data/cluster/password").read_text().strip()
        self.owner_url = f"postgres://stagepunt_owner:{password}@127.0.0.1:{self.port}/stagepunt"
        # What each process is told.
        self.settings = {
            "DATABASE_URL": f"postgres://stagepunt_app:{app_password}@127.0.0.1:{self.port}/stagepunt",
            "MASTER_KEY": (service.folder / "data/master-key").read_text().strip(),
        }

    def accepts(self):
        with contextlib.suppress(SystemExit, OSError):
            return self.service.psql("SELECT 1").strip() == "1"

    def stop(self):
        self.process.terminate()  # Waits for those who are connected: they are gone by now.
        self.process.wait()
