"""Starts the service with the demo data, runs Schemathesis once for each role, stops the service."""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).parent
ROLES = ["public", "practice", "school", "region", "funder", "platform"]
# So few of each kind that a row and its part are often asked for together.
KNOWN = 6


def main() -> int:
    options = read_options()
    # However we end, the service ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The database runs as another user when we are root, so it has to be able to look in.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stagepunt-"))
    folder.chmod(0o755)
    server = None
    try:
        api, probe = (f"127.0.0.1:{port}" for port in free_ports(2))
        server = start(options.binary, folder, api, probe)
        base = f"http://{api}"
        clients = wait_for_clients(server, folder, f"http://{probe}", base)
        contract = folder / "openapi.json"
        contract.write_text(json.dumps(as_served(get(f"{base}/v1/openapi.json"))))
        failed = [role for role in options.role or ROLES if not passes(role, clients, base, contract, folder, options)]
        if server.poll() is not None:
            failed.append(f"the service itself, which ended with {server.returncode}")
        if failed:
            defects = [line for line in tail(folder).splitlines() if "ERROR" in line or "WARN" in line]
            print("\n=== what the service logged", *defects, sep="\n")
    except BaseException:
        sys.stderr.write(tail(folder))
        raise
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'FAILED for ' + ', '.join(failed) if failed else 'The answers keep to the contract.'}")
    return 1 if failed else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--role", action="append", choices=ROLES)
    parser.add_argument("--seed", type=int, default=20180901)
    parser.add_argument("--examples", type=int, default=8)
    return parser.parse_args()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def start(binary: str, folder: pathlib.Path, api: str, probe: str) -> subprocess.Popen:
    settings = {
        "--data-folder": folder / "data", "--listen": api, "--admin-listen": probe,
        "--requests-per-second": 0, "--log": "warn",
    }
    arguments = [str(part) for setting in settings.items() for part in setting]
    # No setting of the machine's own may reach the service: above all not a database.
    environment = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "PG_BIN"}}
    log = (folder / "log").open("wb")
    return subprocess.Popen([binary, "serve", "--demo", *arguments], stdout=log, stderr=log, env=environment)


def wait_for_clients(server: subprocess.Popen, folder: pathlib.Path, probe: str, base: str) -> list[dict]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            get(f"{base}/health/ready")
            return json.loads((folder / "data" / "demo-clients.json").read_text())["clients"]
        except (OSError, ValueError):
            time.sleep(0.2)
    raise SystemExit("The service does not start.")


def stop(server: subprocess.Popen | None) -> None:
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        server.kill()


def tail(folder: pathlib.Path) -> str:
    log = folder / "log"
    return log.read_text(errors="replace")[-4000:] if log.exists() else ""


def get(url: str, token: str | None = None) -> dict:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def token_of(client: dict, base: str) -> str:
    secret = base64.b64encode(f"{client['clientId']}:{client['clientSecret']}".encode()).decode()
    body = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
    request = urllib.request.Request(f"{base}/oauth/token", body, {"Authorization": f"Basic {secret}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["access_token"]


def as_served(contract: dict) -> dict:
    """Schemathesis knows one server only, so paths are written as they are served."""
    paths = {}
    for path, item in contract["paths"].items():
        elsewhere = item.pop("servers", None)
        paths[path if elsewhere else "/v1" + path.rstrip("/")] = item
    return contract | {"paths": paths, "servers": [{"url": "/"}]}


def seen_by(token: str, base: str, contract: dict) -> dict[str, list[str]]:
    """Ids of rows that the caller can see, its own first, so that half of the requests meet something: for each path
    that ends in a parameter, what the collection before it lists; parts after what they are parts of."""
    me = get(f"{base}/v1/me", token)
    seen = {"organisationId": [me["organisation"]["id"]], "regionId": [region["id"] for region in me["regions"]]}
    seen["schoolId"] = seen["organisationId"]
    for path in sorted(contract["paths"], key=lambda path: (path.count("/"), path)):
        collection, _, last = path.rpartition("/")
        if not re.fullmatch(r"{\w+Id}", last) or "get" not in contract["paths"].get(collection, {}):
            continue
        ids = seen.setdefault(last[1:-1], [])
        for listed in filled(collection, seen):
            try:
                items = get(f"{base}{listed}?limit=50", token)["items"]
            except urllib.error.HTTPError:
                continue
            ids += [item["id"] for item in items if "id" in item and item["id"] not in ids]
            if len(ids) >= KNOWN:
                break
        del ids[KNOWN:]
    return {parameter: ids for parameter, ids in seen.items() if ids}


def with_examples(contract: dict, ids: dict[str, list[str]]) -> dict:
    """The contract with ids that the caller can see as examples: those are sent as they stand."""
    for item in contract["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []) if isinstance(operation, dict) else []:
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter.pop("example", None)
                    parameter["examples"] = {known: {"value": known} for known in ids[parameter["name"]]}
    return contract


def filled(path: str, seen: dict[str, list[str]]) -> list[str]:
    """The path with each of the ids that its one parameter may stand for."""
    parameters = re.findall(r"{(\w+)}", path)
    if len(parameters) > 1:
        return []
    if not parameters:
        return [path]
    return [path.replace(f"{{{parameters[0]}}}", known) for known in seen.get(parameters[0], [])]


def passes(role: str, clients: list[dict], base: str, contract: pathlib.Path, folder: pathlib.Path, options) -> bool:
    print(f"\n=== as {role}", flush=True)
    extra, ids = [], {}
    if role == "public":
        # Without a token every path that is not public answers 401, whatever the method.
        extra = ["--exclude-checks", "unsupported_method"]
    else:
        token = token_of(next(client for client in clients if client["role"] == role), base)
        extra = ["--header", f"Authorization: Bearer {token}"]
        ids = seen_by(token, base, json.loads(contract.read_text()))
        print(f"Known: {', '.join(f'{len(known)} {name}' for name, known in sorted(ids.items()))}", flush=True)
    named = folder / f"{role}.json"
    named.write_text(json.dumps(with_examples(json.loads(contract.read_text()), ids)))
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"),
        "run", str(named), "--url", base, *extra,
        "--seed", str(options.seed), "--generation-database", "none", "--no-shrink",
        # Some formats match few random texts; that says nothing about the API.
        "--suppress-health-check", "filter_too_much",
        "--max-examples", str(options.examples), "--max-time", str(options.seconds), "--no-color",
    ]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "KNOWN_IDS": json.dumps(ids),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
