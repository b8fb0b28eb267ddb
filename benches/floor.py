"""What the API sends to its database, taken from the server's log, and pgbench sending the very same."""

import contextlib
import itertools
import json
import os
import re
import time

ENTRY = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL):  (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = (?:NULL|'((?:[^']|'')*)')")


def entries(log):
    """Process, kind and text of each entry; its further lines begin with a tab."""
    for entry in re.split(r"\n(?!\t)", log):
        if found := ENTRY.match(entry):
            yield found.groups()


class Transaction:
    """BEGIN, the settings that tell who asks, and the statements with their parameters."""

    def __init__(self, begin, settings):
        self.begin, self.settings, self.statements = begin, settings.rstrip(";"), []

    def identity(self):
        """The settings for a whole connection."""
        found = re.findall(r"set_config\('([^']*)','([^']*)',true\)", self.settings)
        return " ".join(f"-c {name}={value}" for name, value in found)

    def script(self, drawn=None):
        """As a script of pgbench with its variables. Of what is `drawn` (value → variable, with the columns and
        the source it is drawn from) each transaction draws its own, along with the settings."""
        names, columns, source = drawn or ({}, "", "")
        values = {}

        def variable(parameters, number):
            value = parameters[number]
            if value is None:
                return "NULL"
            if value in names:
                return f":{names[value]}"
            return ":" + values.setdefault(value, f"v{len(values)}")

        settings = f"{self.settings}, {columns} FROM {source} \\gset" if drawn else f"{self.settings};"
        lines = [f"{self.begin};", settings]
        for text, parameters in self.statements:
            lines.append(re.sub(r"\$(\d+)", lambda found: variable(parameters, found[1]), " ".join(text.split())) + ";")
        return lines + ["COMMIT;"], {name: value for value, name in values.items()}


def transactions(log):
    """The transactions of the log that were committed."""
    running = {}
    for process, kind, text in entries(log):
        if kind == "LOG" and (found := re.match(r"statement: (BEGIN[^;]*); (SELECT .*)", text, re.DOTALL)):
            running[process] = Transaction(*found.groups())
        elif process not in running:
            continue
        elif kind == "LOG" and (found := re.match(r"execute [^:]*: (.*)", text, re.DOTALL)):
            running[process].statements.append((found[1], {}))
        elif kind == "DETAIL" and text.lower().startswith("parameters: "):
            told = ((number, value) for number, value in PARAMETER.findall(text))
            values = {number: value.replace("''", "'") for number, value in told}
            # An empty text and NULL look alike to the pattern.
            values |= {number: None for number in re.findall(r"\$(\d+) = NULL", text)}
            running[process].statements[-1][1].update(values)
        elif kind == "LOG" and text == "statement: COMMIT":
            yield running.pop(process)


class Floor:
    """The database of a service, asked by pgbench as by the API with so many connections."""

    def __init__(self, service, connections, seconds):
        self.service, self.connections, self.seconds = service, connections, seconds
        self.cores = os.cpu_count()
        # SET ROLE does not bring the settings of the role along.
        self.role = service.psql(
            "SELECT string_agg('-c ' || setting, ' ') FROM pg_roles, unnest(rolconfig) AS setting"
            " WHERE rolname = 'stagepunt_app'"
        ).strip()
        self.numbers = itertools.count()

    @contextlib.contextmanager
    def logging(self):
        self.service.psql("ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf();")
        time.sleep(1)
        try:
            yield
        finally:
            self.service.psql("ALTER SYSTEM RESET log_statement; SELECT pg_reload_conf();")
            time.sleep(0.5)

    def recorded(self, work, mark):
        """What `work` gave, and the last transaction meanwhile with `mark` in a statement."""
        path = self.service.folder / "data/postgres.log"
        before = path.stat().st_size
        done = work()
        time.sleep(0.5)
        with open(path, errors="replace") as log:
            log.seek(before)
            found = [one for one in transactions(log.read()) if any(mark in text for text, _ in one.statements)]
        return done, found[-1]

    def whole(self, transaction, drawn=None):
        """Transactions per second, with BEGIN, settings and COMMIT."""
        lines, values = transaction.script(drawn)
        return self.pgbench(lines, values, "-c role=stagepunt_app")

    def bare(self, transaction, row_security=True):
        """Statements per second: the last one alone, by connections that told once who asks."""
        lines, values = transaction.script()
        role = "-c role=stagepunt_app" if row_security else ""
        used = {name: value for name, value in values.items() if re.search(rf":{name}\b", lines[-2])}
        return self.pgbench(lines[-2:-1], used, f"{role} {transaction.identity()}")

    def pages(self, transaction):
        """Pages of the database that the last statement looks at, which no noise changes."""
        text, parameters = transaction.statements[-1]
        values = (parameters[number] for number in sorted(parameters, key=int))
        given = ", ".join("NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in values)
        asked = f"PREPARE asked AS {text}; EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked({given});"
        options = f"-c role=stagepunt_app {transaction.identity()} {self.role}"
        told = self.service.run_as_superuser(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1"], asked, PGOPTIONS=options)
        plan = json.loads(told)[0]["Plan"]
        return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]

    def pgbench(self, lines, values, options):
        script = self.service.folder / f"pgbench-{next(self.numbers)}"
        script.write_text("\n".join(lines) + "\n")
        command = ["pgbench", "-M", "prepared", "-n", "-c", str(self.connections), "-j", str(self.cores)]
        command += ["-T", str(self.seconds), "-f", str(script)]
        command += [f"-D{name}={value}" for name, value in values.items()]
        done = self.service.run_as_superuser(command, PGOPTIONS=f"{options} {self.role}")
        return float(re.search(r"^tps = ([0-9.]+)", done, re.MULTILINE)[1])
