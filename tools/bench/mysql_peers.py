"""trueup on MySQL or MariaDB beside skeema and mysqldump."""
import os
import shutil
import subprocess
import urllib.parse

import made_up


class Server:
    def __init__(self, url):
        self.parts = urllib.parse.urlsplit(url)

    def login(self):
        p = self.parts
        return [f"--host={p.hostname}", f"--port={p.port or 3306}", f"--user={p.username or 'root'}",
                *([f"--password={p.password}"] if p.password else [])]

    def client(self, *arguments, script=None):
        subprocess.run(["mariadb", "--no-defaults", "--protocol=tcp", *self.login(), *arguments], check=True,
                       input=script, text=True, stdout=subprocess.DEVNULL)


def measure(bench, tables, url):
    """Introspect and diff of that many tables, with nothing to do and with one change."""
    server = Server(url)
    name = f"bench_{os.getpid()}_{tables}"
    server.client("-e", f"create database {name}")
    try:
        server.client(name, script="set foreign_key_checks = 0;" + made_up.mysql(tables))
        own = server.parts._replace(path="/" + name).geturl()
        compare(bench, tables, server, name, own)
    finally:
        server.client("-e", f"drop database {name}")


def compare(bench, tables, server, name, url):
    project = bench.work / f"mysql_{tables}"
    project.mkdir()
    yaml = project / "schema.yaml"
    dump = shutil.which("mysqldump") or shutil.which("mariadb-dump")
    tools = {"trueup": ([bench.options.trueup, "introspect", url, "-o", str(yaml)], None)}
    if dump:
        tools["mysqldump --no-data"] = ([dump, "--no-defaults", "--protocol=tcp", *server.login(), "--no-data",
                                         f"--result-file={os.devnull}", name], None)
    bench.run("mysql introspect", tables, tools)
    tools = {"trueup": ([bench.options.trueup, "diff", url, str(yaml), "--exit-code"], None)}
    parent = bench.work / f"skeema_{tables}"  # skeema reads every .sql where it is started
    parent.mkdir()
    folder = parent / "schema"
    if shutil.which("skeema") and not bench.options.no_peers:
        subprocess.run(["skeema", "init", *server.login(), f"--schema={name}", "--dir=schema"], check=True,
                       cwd=parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        password = [f"--password={server.parts.password}"] if server.parts.password else []
        tools["skeema diff"] = (["skeema", "diff", *password], folder)
    bench.run("mysql diff, nothing", tables, tools)
