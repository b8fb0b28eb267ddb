"""Measures the API against what its database can do at most, in one run: see README.md. Begun by benches/run."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from floor import Floor
from large import BUREAU, REGION, SCHOOL, Large
from service import SERVE_WITHIN, Service, malloc_of_the_image, wait

SECONDS = int(os.environ.get("SECONDS_EACH", 10))
CONNECTIONS = int(os.environ.get("CONNECTIONS", 64))
INITIATIVES = int(os.environ.get("INITIATIVES", 2000))
STUDENTS = int(os.environ.get("STUDENTS", 1_000_000))
CORES = os.cpu_count()
POOL = 2 * CORES

# A UUID as the API makes them, which grow with time: version and variant do not matter here.
FRESH = (
    "encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send("
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 'hex')"
)
POSTS = """
local number, threads = 0, 0
local students, offers = {%s}, {%s}
function setup(thread)
    threads = threads + 1
    thread:set("name", "%s-" .. threads .. "-")
    thread:set("seed", threads)
end
function init()
    math.randomseed(seed)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
end
function request()
    number = number + 1
    wrk.headers["Idempotency-Key"] = name .. number
    return wrk.format(nil, nil, nil, string.format('{"studentId":"%%s","offerId":"%%s"}',
        students[math.random(#students)], offers[math.random(#offers)]))
end
"""


class Case:
    """What is asked of the API, and what it sends to its database for it."""

    def __init__(self, name, client, path):
        self.name, self.client, self.path = name, client, path
        self.transaction = self.drawn = self.posts = self.bytes = None

    def headers(self, service):
        return {"Authorization": f"Bearer {service.token_of(self.client)}", "Content-Type": "application/json"}

    def get(self, service):
        status, answer = service.call("GET", self.path, headers=self.headers(service))
        if status != 200:
            sys.exit(f"{self.path}: {status} {answer[:500]}")
        return answer

    def record(self, service, floor, mark):
        """The second time, for by then the API knows what the client stands for."""
        answer, self.transaction = floor.recorded(lambda: [self.get(service), self.get(service)][1], mark)
        self.bytes = len(answer)
        return json.loads(answer)

    def record_posts(self, service, floor, candidates):
        """A POST of which each repetition draws student, offer and what must be new."""
        students, offers = candidates
        (student, (offer, practice)) = students[0], offers[0]

        def post():
            for key in ("first", "second"):
                body = json.dumps({"studentId": student, "offerId": offer})
                headers = {**self.headers(service), "Idempotency-Key": f"recorded-{key}"}
                status, answer = service.call("POST", self.path, body, headers)
                if status != 201:
                    sys.exit(f"POST {self.path}: {status} {answer[:500]}")
            return answer

        answer, self.transaction = floor.recorded(post, 'INSERT INTO "placements"')
        self.bytes = len(answer)
        names = {json.loads(answer)["id"]: "placement", student: "student", f"{{{student}}}": "students"}
        names |= {offer: "offer", practice: "practice"}
        fresh = ["placement"]
        for text, parameters in self.transaction.statements:
            if text.startswith("INSERT INTO idempotency_keys"):
                names[parameters["2"]] = "key"
            elif text.startswith("INSERT INTO ") and parameters["1"] not in names:
                names[parameters["1"]] = f"fresh{len(fresh)}"
                fresh.append(names[parameters["1"]])
        columns = [f"{FRESH} AS {name}" for name in fresh]
        columns += ["sha256(uuid_send(gen_random_uuid())) AS key"]
        columns += ["s[i] AS student, '{' || s[i] || '}' AS students, o[j] AS offer, p[j] AS practice"]
        source = (
            f"(SELECT '{{{','.join(students)}}}'::text[] AS s, '{{{','.join(offer for offer, _ in offers)}}}'::text[] AS o,"
            f" '{{{','.join(practice for _, practice in offers)}}}'::text[] AS p,"
            f" 1 + floor(random() * {len(students)})::integer AS i, 1 + floor(random() * {len(offers)})::integer AS j) AS drawn"
        )
        self.drawn = names, ", ".join(columns), source
        self.posts = [",".join(f'"{one}"' for one in ids) for ids in (students, [offer for offer, _ in offers])]


class Bench:
    """One process of the API, its database, and what is asked of it."""

    def __init__(self, service):
        self.service = service
        self.floor = Floor(service, POOL, SECONDS)
        self.memories = []

    def answers(self):
        """How many answers of each status the process gave so far."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.service.admin}/metrics") as answer:
            text = answer.read().decode()
        counts = {}
        for status, count in re.findall(r'^http_requests_total\{.*status="(\d+)".*\} (\d+)', text, re.MULTILINE):
            counts[status] = counts.get(status, 0) + int(count)
        return counts

    def load(self, case, connections):
        """Good answers per second, p50 and p99, and what else came."""
        before = self.answers()
        headers = {"Authorization": f"Bearer {self.service.token_of(case.client)}"}
        command = ["wrk", "--latency", "-t", str(CORES), "-c", str(connections), "-d", str(SECONDS)]
        command += [f"-H{name}: {value}" for name, value in headers.items()]
        if case.posts:
            script = self.service.folder / "posts.lua"
            script.write_text(POSTS % (*case.posts, f"{time.time_ns()}"))
            command += ["-s", str(script)]
        command.append(f"http://127.0.0.1:{self.service.port}{case.path}")
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

        def number(pattern):
            return float((re.search(pattern, told) or [0, 0])[1])

        every, bad = number(r"(\d+) requests in"), number(r"Non-2xx or 3xx responses: (\d+)")
        others = {
            status: count - before.get(status, 0)
            for status, count in self.answers().items()
            if not status.startswith("2") and count > before.get(status, 0)
        }
        if lost := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told):
            others["lost"] = sum(map(int, lost.groups()))
        rate = number(r"Requests/sec:\s+([0-9.]+)") * (every - bad) / every if every else 0.0
        percentiles = [milliseconds(re.search(rf"^\s+{share}%\s+(\S+)", told, re.MULTILINE)[1]) for share in (50, 99)]
        return rate, *percentiles, ", ".join(f"{count} × {name}" for name, count in others.items()) or "0"

    def compare(self, case):
        """A row: floor, API, floor; of what one statement reads also that alone, with and without row security."""
        before = self.floor.whole(case.transaction, case.drawn)
        rate, p50, p99, others = self.load(case, CONNECTIONS)
        after = self.floor.whole(case.transaction, case.drawn)
        row = [f"{case.name}, {CONNECTIONS} connections", f"{rate:,.0f}", p50, p99, others, f"{before:,.0f}, {after:,.0f}"]
        share = f"**{rate / ((before + after) / 2):.2f}**"
        if case.drawn:
            print_row([*row, "", share, "", ""])
            return
        bare = self.floor.bare(case.transaction)
        off = self.floor.bare(case.transaction, row_security=False)
        print_row([*row, f"{bare:,.0f}", share, f"{rate / bare:.2f}", f"{bare / off:.2f}"])

    def spread(self, case):
        """Two rows: few and many connections."""
        few = self.load(case, 16)
        print_row([f"{case.name}, 16 connections", f"{few[0]:,.0f}", *few[1:], "", "", "", "", ""])
        many = self.load(case, 256)
        share = f"**{many[0] / few[0]:.2f}** of 16"
        print_row([f"{case.name}, 256 connections", f"{many[0]:,.0f}", *many[1:], "", "", share, "", ""])

    def remember(self, when):
        self.memories.append((when, *map(self.service.memory, ("VmRSS", "RssAnon", "VmHWM"))))

    def print_memory(self):
        print()
        print_row(["memory", *(when for when, *_ in self.memories), "peak"])
        print_row(["---"] * (len(self.memories) + 2))
        print_row(["resident", *(f"{resident:.1f} MB" for _, resident, _, _ in self.memories), f"{self.memories[-1][3]:.1f} MB"])
        own = (f"{own:.1f} MB" for _, _, own, _ in self.memories)
        print_row(["of it its own, without the pages of the binary", *own, ""])


def milliseconds(told):
    number, unit = re.match(r"([0-9.]+)(\w+)", told).groups()
    value = float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def print_row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def multiply_initiatives(service):
    """Gives the first bureau of the demo many more initiatives like its own; one's id."""
    client = service.demo_client("region")
    one = json.loads(Case("", client, "/v1/initiatives?limit=1").get(service))["items"][0]["id"]
    columns = "title, summary, region_id, lead_organisation_id, funder_id, status, starts_on, ends_on, goals, activities,"
    columns += "benefits, professions, learning_paths, policy_frameworks, contact_text"
    service.psql(
        f"INSERT INTO initiatives (id, code, {columns}) SELECT gen_random_uuid(), 'bench-' || n, {columns}"
        f" FROM initiatives, generate_series(1, {INITIATIVES}) AS n WHERE id = '{one}'; VACUUM (ANALYZE) initiatives;"
    )
    return client, one


def prepare(service):
    """Loads the data in two parts, tenfold; the cases, and how the second part changed what a page takes."""
    bench, large = Bench(service), Large(service, STUDENTS)

    def grow(students):
        begun = time.monotonic()
        large.grow(students)
        print(f"{large.told()}: loaded in {time.monotonic() - begun:.0f} s", flush=True)

    large.lay_out()
    grow(STUDENTS // 10)
    bureau = service.sign_up(large.id(BUREAU, 0), "region", "Bench")
    school = service.sign_up(large.id(SCHOOL, 0), "school", "Bench")
    demo, initiative = multiply_initiatives(service)
    page = Case("list of 50 placements", bureau, "/v1/placements?limit=50&status=active")
    with bench.floor.logging():
        placement = page.record(service, bench.floor, "speaks_for_host")["items"][0]
        one = Case("get a placement", bureau, f"/v1/placements/{placement['id']}")
        one.record(service, bench.floor, "speaks_for_host")
        initiative = Case("get an initiative", demo, f"/v1/initiatives/{initiative}")
        initiative.record(service, bench.floor, "writes_initiative")
        initiatives = Case("list of 50 initiatives", demo, "/v1/initiatives?limit=50")
        initiatives.record(service, bench.floor, "writes_initiative")
        insert = Case("insert a placement", school, "/v1/placements")
        insert.record_posts(service, bench.floor, large.candidates(50))
    if placement["region"]["id"] != large.id(REGION, 0):
        sys.exit("the bureau sees another region")
    cases = [one, page]

    def cost():
        return [(bench.floor.bare(case.transaction), bench.floor.pages(case.transaction)) for case in cases]

    small = cost()
    grow(STUDENTS)
    growth = list(zip(cases, small, cost()))
    return [one, page, insert, initiative, initiatives], growth


def measure(service, cases, growth):
    bench = Bench(service)
    load = " ".join(f"{load:.2f}" for load in os.getloadavg())
    sizes = ", ".join(f"{case.name} {case.bytes / 1000:.1f} kB" for case in cases)
    print(f"\n{CORES} cores, {POOL} database connections, {SECONDS} s a run, load average before {load}; {sizes}\n")
    # The first request of every kind is not what is measured.
    for case in cases:
        case.get(service)
    bench.remember("before")
    print_row(["", "good/s", "p50", "p99", "not 2xx", "floor, again", "bare", "/floor", "/bare", "row security on ÷ off"])
    print_row(["---"] * 10)
    for case in cases:
        bench.compare(case)
    bench.remember(f"after {CONNECTIONS} connections")
    bench.spread(cases[0])
    bench.remember("after 256 connections")
    bench.print_memory()
    print()
    few, many = f"{STUDENTS // 10:,} students", f"{STUDENTS:,} students"
    print_row(["bare, a second", few, many, "time, tenfold data", f"pages, {few}", many])
    print_row(["---"] * 6)
    for case, (before, looked_at), (after, looks_at) in growth:
        print_row([case.name, f"{before:,.0f}", f"{after:,.0f}", f"× {before / after:.2f}", f"{looked_at}", f"{looks_at}"])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)  # The account of the private PostgreSQL enters it.
        service = Service(sys.argv[1], folder, DATABASE_CONNECTIONS=str(POOL), **malloc_of_the_image())
        service.start("--demo")
        try:
            wait((folder / "data/demo-clients.json").exists, SERVE_WITHIN, "the demo data", 0.1)
            wait(service.serves, SERVE_WITHIN, "the API", 0.1)
            cases, growth = prepare(service)
            # What is measured has loaded no data itself.
            service.stop()
            service.start()
            wait(service.serves, SERVE_WITHIN, "the API", 0.1)
            measure(service, cases, growth)
        except BaseException:
            print((folder / "log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            service.stop()


if __name__ == "__main__":
    main()
