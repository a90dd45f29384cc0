"""What a SQLite database declares, as a list of lines free of spelling: blanks, quotes, letter case, column order.

The lines come from sqlite_schema and the table pragmas, not from trueup. What the pragmas do not tell (checks,
generated expressions, collations, conflict clauses, deferrable keys, names of constraints) is cut out of the SQL text.
"""
import re
import sqlite3

TOKEN = re.compile(r"""
    (?P<blank>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<string>[xX]?'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
  | (?P<word>[\w$]+(?:\.\d+)?)
  | (?P<symbol>\|\||<<|>>|<=|>=|<>|!=|==|->>|->|.)
""", re.X | re.S)
CONVENTIONAL = re.compile(r"_(pkey|key|check|fkey|not_null)\d*$")


def tokens(sql):
    """Words in lower case, quoted identifiers without quotes, strings as they are, no blanks and no comments."""
    found = []
    for match in TOKEN.finditer(sql or ""):
        text = match.group()
        if match.lastgroup == "blank":
            continue
        if match.lastgroup == "quoted":
            quote = text[-1]
            text = text[1:-1].replace(quote * 2, quote).lower()
        elif match.lastgroup == "word":
            text = text.lower()
        elif match.lastgroup == "string" and text[0] in "xX":
            text = text.lower()
        found.append({"<>": "!=", "==": "="}.get(text, text))
    return found


def strip_parentheses(found):
    while len(found) > 1 and found[0] == "(" and closing(found, 0) == len(found) - 1:
        found = found[1:-1]
    return found


def closing(found, start):
    depth = 0
    for i in range(start, len(found)):
        depth += {"(": 1, ")": -1}.get(found[i], 0)
        if depth == 0:
            return i
    return len(found) - 1


def expression(sql):
    found = strip_parentheses(tokens(sql))
    # A double-quoted default is a string to SQLite when no column has that name.
    if len(found) == 1 and sql.strip().startswith('"'):
        return "'" + found[0] + "'"
    return " ".join(found)


def items(found):
    """The parts between top-level commas of the first parenthesis, and what follows it."""
    start = found.index("(")
    end = closing(found, start)
    parts, part, depth = [], [], 0
    for token in found[start + 1:end]:
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "," and depth == 0:
            parts.append(part)
            part = []
        else:
            part.append(token)
    return [*parts, part], found[end + 1:]


def clauses(part, column):
    """Lines for what the pragmas do not show about one column or table constraint."""
    found, i, name, subject = [], 0, "", column
    while i < len(part):
        word = part[i]
        if word == "constraint" and i + 1 < len(part):
            name = "" if CONVENTIONAL.search(part[i + 1]) else part[i + 1]
            i += 1
        elif word in ("check", "as", "unique", "key", "null", "references") and column is not None:
            subject = f"{column} {word}"
        if word in ("check", "as") and i + 1 < len(part) and part[i + 1] == "(":
            end = closing(part, i + 1)
            text = " ".join(strip_parentheses(part[i + 1:end + 1]))
            owner = column if word == "as" else ""
            found.append(f"{word} {owner or ''} {name} ({text})")
            name, i = "", end
        elif word in ("unique", "key") and i + 1 < len(part) and part[i + 1] == "(":
            end = closing(part, i + 1)
            subject = f"{word} {' '.join(part[i + 1:end + 1])}"
            i = end
        elif word in ("unique", "key"):
            subject = f"{word} ( {column} )"
        elif word == "null":
            subject = f"not null {column}"
        elif word == "autoincrement":
            found.append("autoincrement")
        elif word == "collate" and column is not None:
            found.append(f"collate {column} {part[i + 1]}")
        elif word == "on" and part[i + 1:i + 2] == ["conflict"] and part[i + 2] != "abort":
            found.append(f"conflict {subject} {part[i + 2]}")
        elif word == "initially" and part[i + 1] == "deferred":
            found.append(f"deferred {subject}")
        if name and word in ("unique", "key", "references", "null"):
            found.append(f"name {name} {subject}")
            name = ""
        i += 1
    return found


def table_text(sql):
    if "(" not in tokens(sql):
        return ["as " + " ".join(tokens(sql))]
    parts, tail = items(tokens(sql))
    found = []
    for part in parts:
        constraint = part and part[0] in ("constraint", "check", "unique", "primary", "foreign")
        found += clauses(part, None if constraint else part[0] if part else "")
    found += ["option " + " ".join(o) for o in ([t] for t in tail) if o[0] in ("strict", "without")]
    return found


def describe(path):
    db = sqlite3.connect(path)
    try:
        return sorted(lines(db))
    finally:
        db.close()


def pragma(db, name, argument):
    return db.execute(f"select * from pragma_{name}(?)", (argument,)).fetchall()


def lines(db):
    shadow = {r[1] for r in db.execute("pragma table_list") if r[2] == "shadow"}
    for kind, name, table, sql in db.execute("select type, name, tbl_name, sql from sqlite_schema").fetchall():
        if name.startswith("sqlite_") or table in shadow:
            continue
        low = name.lower()
        if kind != "table":
            yield f"{kind} {low} on {table.lower()}: {' '.join(t for t in tokens(sql) if t != ';')}".replace(
                "if not exists ", "")
        elif re.match(r"\s*create\s+virtual\s", sql, re.I):
            yield f"virtual table {low}: {' '.join(tokens(sql))}".replace("if not exists ", "")
        else:
            yield from (f"table {low}: {line}" for line in table_lines(db, name, sql))


def table_lines(db, name, sql):
    yield "exists"
    yield from table_text(sql)
    columns = pragma(db, "table_xinfo", name)
    for _, column, kind, not_null, default, key, hidden in columns:
        yield f"column {column.lower()} {' '.join(tokens(kind))} not_null={not_null} " \
              f"default={expression(default) if default is not None else None} key={key} hidden={hidden}"
    keys = {}
    for number, _, target, source, to, update, delete, match in pragma(db, "foreign_key_list", name):
        keys.setdefault((number, target.lower(), update, delete, match), []).append(
            (source.lower(), to.lower() if to else None))
    for (_, target, update, delete, match), pairs in keys.items():
        yield f"foreign key {pairs} to {target} update={update} delete={delete} match={match}"
    for _, index, unique, origin, partial in pragma(db, "index_list", name):
        parts = [(c[2].lower() if c[2] else c[1], c[3], c[4].lower()) for c in pragma(db, "index_xinfo", index) if c[5]]
        yield f"index {index.lower() if origin == 'c' else origin} unique={unique} partial={partial} {parts}"
