"""The engines that the corpus runner knows: how to make a database, load a script and compare two databases."""
import contextlib
import itertools
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import sqlite_form

COUNTER = itertools.count()


class LoadError(Exception):
    """The engine's own client refused a script."""


class Unavailable(Exception):
    """The engine cannot be used here."""


class Database:
    def __init__(self, url, name):
        self.url = url
        self.name = name


def call(arguments, **more):
    return subprocess.run(arguments, capture_output=True, text=True, errors="replace", timeout=300, **more)


def difference(left, right):
    """The lines that only one side has, as text; empty when both have the same."""
    lines = [f"only in A: {x}" for x in sorted(set(left) - set(right))]
    lines += [f"only in B: {x}" for x in sorted(set(right) - set(left))]
    if not lines and sorted(left) != sorted(right):
        lines = ["one side has a line more often than the other"]
    return "\n".join(lines)


class Postgres:
    has_cluster = True

    def __init__(self, server):
        if not server:
            raise Unavailable("PostgreSQL cases need --server postgres://... or TRUEUP_TEST_POSTGRES")
        self.server = urllib.parse.urlsplit(server)
        for client in ("psql", "pg_dump"):
            if not shutil.which(client):
                raise Unavailable(f"{client} is not installed")
        self.env = dict(os.environ, PGOPTIONS="--client-min-messages=warning")
        self.key = ["--restrict-key=x"] if "--restrict-key" in call(["pg_dump", "--help"]).stdout else []

    def url(self, name):
        return self.server._replace(path="/" + name).geturl()

    def psql(self, url, *arguments):
        return call(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *arguments, url], env=self.env,
                    stdin=subprocess.DEVNULL)

    def setup(self, file):
        call(["psql", "-X", "-q", "-f", str(file), self.url("postgres")], env=self.env)

    @contextlib.contextmanager
    def database(self, label):
        name = f"corpus_{os.getpid()}_{next(COUNTER)}_{label}"
        made = self.psql(self.url("postgres"), "-c", f"CREATE DATABASE {name} TEMPLATE template0")
        if made.returncode:
            raise Unavailable(made.stderr.strip())
        try:
            yield Database(self.url(name), name)
        finally:
            self.psql(self.url("postgres"), "-c", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def load(self, database, file):
        if file is None or not Path(file).stat().st_size:
            return
        done = self.psql(database.url, "-f", str(file))
        if done.returncode:
            raise LoadError(done.stderr.strip())

    def dump(self, database):
        done = call(["pg_dump", "-s", "--no-owner", "--no-acl", *self.key, database.url], env=self.env)
        if done.returncode:
            raise LoadError(f"pg_dump: {done.stderr.strip()}")
        return done.stdout

    def reloaded(self, text, work):
        """The entries of a dump after it went through a server once more."""
        with self.database("c") as copy, tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(text)
            file.flush()
            self.load(copy, file.name)
            return entries(self.dump(copy))

    def compare(self, left, right, work):
        a, b = self.dump(left), self.dump(right)
        (work / "a.dump").write_text(a)
        (work / "b.dump").write_text(b)
        found = difference(entries(a), entries(b))
        if not found:
            return ""
        # A few old spellings are not what the server itself writes after reading its own dump.
        try:
            settled = self.reloaded(b, work)
            if not difference(entries(a), settled) or not difference(self.reloaded(a, work), settled):
                return ""
        except LoadError:
            pass
        return found


HEADER = re.compile(r"^-- Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: .*$")
SESSION = re.compile(r"^SET default_(tablespace|table_access_method) = (.*);$")


def entries(dump):
    """One text per object of a pg_dump, free of the order of objects and of columns in a table."""
    found, title, kind, lines = [], None, "", []
    session = {"tablespace": "''", "table_access_method": "heap"}

    def close():
        if title is not None:
            found.append(title + "\n" + "\n".join(settle(kind, lines, session)))

    for line in dump.splitlines():
        header = HEADER.match(line)
        setting = SESSION.match(line)
        if header:
            close()
            title, kind, lines = f"{header[2]} {header[3]}.{header[1]}", header[2], []
        elif setting:
            # Written before the first object that needs it, so it belongs to what follows.
            close()
            title, lines = None, []
            session[setting[1]] = setting[2]
        elif line.rstrip() and line != "--" and not line.startswith(("\\restrict", "\\unrestrict")):
            if not line.startswith("-- PostgreSQL database dump complete"):
                lines.append(line.rstrip())
    close()
    return found


def settle(kind, lines, session):
    if kind == "TABLE":
        lines = sorted(line.strip().rstrip(",") for line in lines)
    if kind in ("TABLE", "MATERIALIZED VIEW", "INDEX", "CONSTRAINT"):
        lines = lines + [f"{k} {v}" for k, v in session.items() if v not in ("''", "heap")]
    return lines


class Sqlite:
    has_cluster = False

    def __init__(self, server):
        del server
        if not shutil.which("sqlite3"):
            raise Unavailable("sqlite3 is not installed")

    @contextlib.contextmanager
    def database(self, label):
        with tempfile.TemporaryDirectory(prefix="trueup-corpus-db-") as folder:
            path = f"{folder}/{label}.db"
            sqlite3.connect(path).close()
            yield Database("sqlite:" + path, path)

    def load(self, database, file):
        if file is None or not Path(file).stat().st_size:
            return
        with open(file, encoding="utf-8") as script:
            done = call(["sqlite3", "-batch", "-bail", database.name], stdin=script)
        if done.returncode or "Error" in done.stderr:
            raise LoadError(done.stderr.strip() or f"sqlite3: exit status {done.returncode}")

    def compare(self, left, right, work):
        a, b = sqlite_form.describe(left.name), sqlite_form.describe(right.name)
        (work / "a.dump").write_text("\n".join(a) + "\n")
        (work / "b.dump").write_text("\n".join(b) + "\n")
        return difference(a, b)


class Mysql:
    """MySQL and MariaDB, by MariaDB's client."""
    has_cluster = False

    def __init__(self, server):
        server = server if server.startswith(("mysql:", "mariadb:")) else os.environ.get("TRUEUP_TEST_MARIADB", "")
        if not server:
            raise Unavailable("MySQL cases need --server mysql://... or TRUEUP_TEST_MARIADB")
        if not shutil.which("mariadb"):
            raise Unavailable("the client mariadb is not installed")
        self.server = urllib.parse.urlsplit(server)

    def client(self, name, *arguments, **more):
        s = self.server
        login = [f"-h{s.hostname}", f"-P{s.port or 3306}", f"-u{s.username or 'root'}", "--default-character-set=utf8mb4",
                 # Old schemas have zero dates as defaults, which newer servers refuse by default.
                 "--init-command=set sql_mode='STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"]
        if s.password:
            login.append(f"-p{s.password}")
        return call(["mariadb", *login, *arguments, *([name] if name else [])], **more)

    @contextlib.contextmanager
    def database(self, label):
        name = f"corpus_{os.getpid()}_{next(COUNTER)}_{label}"
        made = self.client("", "-e", f"CREATE DATABASE {name}")
        if made.returncode:
            raise Unavailable(made.stderr.strip())
        try:
            yield Database(self.server._replace(path="/" + name).geturl(), name)
        finally:
            self.client("", "-e", f"DROP DATABASE IF EXISTS {name}")

    def load(self, database, file):
        if file is None or not Path(file).stat().st_size:
            return
        with open(file, encoding="utf-8") as script:
            done = self.client(database.name, stdin=script)
        if done.returncode:
            raise LoadError(done.stderr.strip())

    def rows(self, database, sql):
        done = self.client(database.name, "-N", "-B", "-r", "-e", sql)
        if done.returncode:
            raise LoadError(done.stderr.strip())
        return done.stdout

    def describe(self, database):
        """SHOW CREATE of every object; keys and constraints of a table in any order."""
        lists = {
            "TABLE": "select table_name from information_schema.tables where table_schema = database() "
                     "and table_type <> 'VIEW'",
            "VIEW": "select table_name from information_schema.views where table_schema = database()",
            "TRIGGER": "select trigger_name from information_schema.triggers where trigger_schema = database()",
            "EVENT": "select event_name from information_schema.events where event_schema = database()",
            "FUNCTION": "select routine_name from information_schema.routines where routine_schema = database() "
                        "and routine_type = 'FUNCTION'",
            "PROCEDURE": "select routine_name from information_schema.routines where routine_schema = database() "
                         "and routine_type = 'PROCEDURE'",
        }
        found = []
        for kind, query in lists.items():
            for name in self.rows(database, query).splitlines():
                quoted = "`" + name.replace("`", "``") + "`"
                text = self.rows(database, f"SHOW CREATE {kind} {quoted}")
                text = re.sub(r" AUTO_INCREMENT=\d+", "", text).replace(database.name, "DB")
                if kind == "TRIGGER":
                    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d", "", text)
                if kind == "TABLE":
                    text = table_form(text)
                if kind in ("FUNCTION", "PROCEDURE", "EVENT", "TRIGGER"):  # the session's modes are no part of it
                    text = re.sub(r"\t[A-Z_,]*\t", "\t", text, count=1)
                found.append(f"{kind} {name}\n{text}")
        return found

    def compare(self, left, right, work):
        a, b = self.describe(left), self.describe(right)
        (work / "a.dump").write_text("\n".join(a) + "\n")
        (work / "b.dump").write_text("\n".join(b) + "\n")
        return difference(a, b)


def table_form(text):
    """Columns in order, then keys and constraints sorted."""
    lines = [line.rstrip(",") if line.startswith("  ") else line for line in text.splitlines()]
    columns = [line for line in lines if line.startswith("  `")]
    others = sorted(line for line in lines if line.startswith("  ") and not line.startswith("  `"))
    rest = [line for line in lines if not line.startswith("  ")]
    return "\n".join(rest[:1] + columns + others + rest[1:])


class Clickhouse:
    """ClickHouse by its HTTP interface, one statement a request."""
    has_cluster = False

    def __init__(self, server):
        server = server if server.startswith("clickhouse:") else os.environ.get("TRUEUP_TEST_CLICKHOUSE", "")
        if not server:
            raise Unavailable("ClickHouse cases need --server clickhouse://... or TRUEUP_TEST_CLICKHOUSE")
        self.server = urllib.parse.urlsplit(server)

    def ask(self, name, sql):
        s = self.server
        # A statement is over when its mutation is; copies into other partitions are one block of rows here.
        settings = {"database": name, "mutations_sync": 2, "alter_sync": 2, "max_partitions_per_insert_block": 0}
        request = urllib.request.Request(
            f"http://{s.hostname}:{s.port or 8123}/?{urllib.parse.urlencode(settings)}", sql.encode(),
            {"X-ClickHouse-User": s.username or "default", "X-ClickHouse-Key": s.password or ""})
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as e:
            raise LoadError(e.read().decode(errors="replace").strip()) from None

    @contextlib.contextmanager
    def database(self, label):
        name = f"corpus_{os.getpid()}_{next(COUNTER)}_{label}"
        self.ask("default", f"CREATE DATABASE {name}")
        try:
            yield Database(self.server._replace(path="/" + name).geturl(), name)
        finally:
            self.ask("default", f"DROP DATABASE IF EXISTS {name} SYNC")

    def load(self, database, file):
        text = Path(file).read_text() if file is not None else ""
        for statement in re.findall(SQL_STATEMENT, text):
            if re.sub(SQL_COMMENT, "", statement).strip():
                self.ask(database.name, statement)

    def describe(self, database):
        """The server's CREATE of every object; what has no order in any order."""
        answer = self.ask(database.name, "SELECT name, replaceAll(create_table_query, currentDatabase(), 'DB') FROM system.tables "
                          "WHERE database = currentDatabase() AND NOT startsWith(name, '.') ORDER BY name "
                          "FORMAT JSONCompactEachRow")
        return [f"{name}: {clickhouse_form(text)}" for name, text in map(json.loads, answer.splitlines())]

    def compare(self, left, right, work):
        a, b = self.describe(left), self.describe(right)
        (work / "a.dump").write_text("\n".join(a) + "\n")
        (work / "b.dump").write_text("\n".join(b) + "\n")
        return difference(a, b)


def clickhouse_form(create):
    """Columns in order, then indexes, projections and constraints sorted, then the rest with its settings sorted."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"{SQL_STRING}|[()\[\]{{}},]", create):
        token = match[0]
        if token in "([{":
            depth += 1
            if depth == 1 and not parts:
                parts.append(create[:match.start()])
                start = match.end()
        elif token in ")]}":
            depth -= 1
        if depth == 0 and token == ")" or depth == 1 and token == ",":
            parts.append(create[start:match.start()].strip())
            start = match.end()
            if depth == 0:
                break
    if not parts or not create.startswith(("CREATE TABLE", "CREATE DICTIONARY")):
        return create
    others = sorted(p for p in parts[1:] if re.match("(INDEX|PROJECTION|CONSTRAINT) ", p))
    rest, _, settings = create[start:].partition(" SETTINGS ")
    settings, comment, told = settings.partition(" COMMENT ")
    return "\n".join([parts[0], *(p for p in parts[1:] if p not in others), *others, rest,
                      *sorted(settings.split(", ")), comment + told])


SQL_STRING = r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\"(?:[^\"\\]|\\.)*\""
SQL_COMMENT = r"--[^\n]*|/\*(?:[^*]|\*(?!/))*\*/"
SQL_STATEMENT = re.compile(rf"(?:{SQL_STRING}|{SQL_COMMENT}|[^;])+", re.S)


ENGINES = {"pg": Postgres, "sqlite": Sqlite, "mysql": Mysql, "clickhouse": Clickhouse}


def engine_of(path):
    return next((p for p in reversed(Path(path).parts) if p in ENGINES), None)
