#include "source/yaml_column.hpp"

#include <charconv>

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::array<std::string_view, 12> clause_words{
    "not",    "null",       "default", "identity", "generated",  "primary",
    "unique", "references", "check",   "collate",  "constraint", "autoincrement"};

/// Does a clause of a column begin at the cursor? `not` only as `not null`.
bool at_clause(const SqlCursor& c) {
  if (c.done() || c.token().type != Token::Type::word) return false;
  if (c.at("not")) return c.at("null", 1);
  if (c.at("as")) return c.at("(", 1);
  for (auto word : clause_words)
    if (c.at(word)) return true;
  return false;
}

/// A comma outside parentheses belongs to no column: something was left out of the list around it.
void refuse_comma(const SqlCursor& c) {
  if (c.at(",")) c.fail("unexpected ',' in a column", "does the next column lack its type?");
}

/// A default runs until the next clause outside parentheses; `is null` and `is not null` belong to it.
std::string default_text(SqlCursor& c) {
  if (c.done()) c.fail("expected an expression after 'default'");
  const std::size_t first = c.position();
  bool after_is = false;
  do {
    refuse_comma(c);
    after_is = c.at("is") || (after_is && c.at("not"));
    c.skip();
  } while (!c.done() && (after_is || !at_clause(c)));
  return c.text_from(first);
}

std::int64_t number(SqlCursor& c) {
  const std::size_t first = c.position();
  c.accept({"-"});
  if (c.done()) c.fail("expected a whole number");
  c.next();
  const std::string text = replace_all(c.text_from(first), " ", "");
  std::int64_t out = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (stop != text.data() + text.size() || problem != std::errc{}) {
    c.seek(first);
    c.fail("expected a whole number");
  }
  return out;
}

SequenceOptions sequence_options(SqlCursor& c) {
  SequenceOptions out;
  while (!c.done() && !c.at(")")) {
    if (c.accept({"start"})) {
      c.accept({"with"});
      out.start = number(c);
    } else if (c.accept({"increment"})) {
      c.accept({"by"});
      out.increment = number(c);
    } else if (c.accept({"minvalue"})) {
      out.minimum = number(c);
    } else if (c.accept({"maxvalue"})) {
      out.maximum = number(c);
    } else if (c.accept({"cache"})) {
      out.cache = number(c);
    } else if (c.accept({"cycle"})) {
      out.cycle = true;
    } else if (!c.accept({"no", "cycle"}) && !c.accept({"no", "minvalue"}) && !c.accept({"no", "maxvalue"})) {
      c.fail(fmt::format("unknown identity option '{}'", one_line(c.token().text)),
             "known: start, increment, minvalue, maxvalue, cache, cycle");
    }
  }
  return out;
}

Identity identity(SqlCursor& c, std::string_view generation) {
  Identity out{std::string(generation), {}};
  if (c.accept({"("})) {
    out.options = sequence_options(c);
    c.expect(")", "after the identity options");
  }
  return out;
}

/// `(expression) [stored | virtual]`
void computed(SqlCursor& c, Column& column) {
  column.generated = Expr{c.parenthesized("the generated expression"), {}};
  if (c.accept({"stored"}))
    column.generated_kind = "stored";
  else if (c.accept({"virtual"}))
    column.generated_kind = "virtual";
}

void generated(SqlCursor& c, Column& column) {
  if (c.accept({"by", "default", "as", "identity"})) {
    column.identity = identity(c, "by default");
  } else if (c.accept({"always", "as", "identity"})) {
    column.identity = identity(c, "always");
  } else if (c.accept({"always", "as"})) {
    computed(c, column);
  } else {
    c.fail(
        "expected 'always as (expression)', 'always as identity' or 'by default as identity' after "
        "'generated'");
  }
}

std::string action(SqlCursor& c) {
  if (c.accept({"cascade"})) return "cascade";
  if (c.accept({"restrict"})) return "restrict";
  if (c.accept({"set", "null"})) return "set null";
  if (c.accept({"set", "default"})) return "set default";
  if (c.accept({"no", "action"})) return "no action";
  c.fail("expected cascade, restrict, set null, set default or no action");
}

bool reference_clause(SqlCursor& c, SqlReference& out) {
  ForeignKey& k = out.clauses;
  if (c.accept({"on", "delete"})) {
    k.on_delete = action(c);
    if (k.on_delete.starts_with("set") && c.at("(")) out.on_delete_columns = c.name_list("columns");
  } else if (c.accept({"on", "update"})) {
    k.on_update = action(c);
  } else if (c.accept({"match"})) {
    if (c.accept({"full"}))
      k.match = "full";
    else if (c.accept({"partial"}))
      k.match = "partial";
    else
      c.expect("simple", "after 'match'");
  } else if (c.accept({"deferrable"})) {
    k.deferrable = true;
  } else if (c.accept({"initially", "deferred"})) {
    k.deferrable = k.initially_deferred = true;
  } else if (c.accept({"not", "valid"})) {
    k.not_valid = true;
  } else if (c.accept({"not", "enforced"})) {
    k.not_enforced = true;
  } else {
    return c.accept({"initially", "immediate"}) || c.accept({"not", "deferrable"});
  }
  return true;
}

SqlReference reference(SqlCursor& c) {
  SqlReference out;
  out.table = c.qualified("a table");
  if (c.at("(")) out.columns = c.name_list("columns");
  while (reference_clause(c, out)) continue;
  return out;
}

/// The text of a collation: its name, in the case it is written in, or namespace and name as written.
std::string collation(SqlCursor& c) {
  const std::size_t first = c.position();
  const auto parts = c.qualified("a collation");
  return parts.size() == 1 ? parts.front().written : c.text_from(first);
}

void constraint_clause(SqlCursor& c, SqlColumn& out) {
  SqlConstraint k;
  k.offset = c.offset();
  if (c.accept({"constraint"})) k.name = c.name("the constraint's name").written;
  if (c.accept({"primary", "key"})) {
    if (c.accept({"autoincrement"})) out.autoincrement = true;
    out.primary_key = std::move(k);
  } else if (c.accept({"unique"})) {
    out.unique = std::move(k);
  } else if (c.accept({"check"})) {
    k.expression = c.parenthesized("the condition");
    k.no_inherit = c.accept({"no", "inherit"});
    out.checks.push_back(std::move(k));
  } else if (c.accept({"references"})) {
    k.reference = reference(c);
    out.references.push_back(std::move(k));
  } else {
    c.fail("expected primary key, unique, check or references");
  }
}

void column_clause(SqlCursor& c, SqlColumn& out) {
  if (c.accept({"not", "null"})) {
    out.column.not_null = true;
  } else if (c.accept({"null"})) {
    return;
  } else if (c.accept({"default"})) {
    out.column.default_value = Expr{default_text(c), {}};
  } else if (c.accept({"identity"})) {
    out.column.identity = identity(c, "by default");
  } else if (c.accept({"generated"})) {
    generated(c, out.column);
  } else if (c.accept({"as"})) {
    computed(c, out.column);
  } else if (c.accept({"collate"})) {
    out.column.collation = collation(c);
  } else if (c.accept({"autoincrement"})) {
    out.autoincrement = true;
  } else if (at_clause(c)) {
    constraint_clause(c, out);
  } else {
    const std::vector<std::string> words(clause_words.begin(), clause_words.end());
    const std::string near = nearest(lower(c.token().text), words);
    c.fail(fmt::format("unexpected '{}' in a column", one_line(c.token().text)),
           near.empty() ? "use the mapping form for what the short string cannot say"
                        : fmt::format("did you mean '{}'?", near));
  }
}

/// From the first token on: the type, then its clauses.
SqlColumn type_and_clauses(SqlCursor& c) {
  SqlColumn out;
  c.seek(0);
  while (!c.done() && !at_clause(c)) {
    refuse_comma(c);
    c.skip();
  }
  out.column.type.text = c.text_from(0);
  while (!c.done()) column_clause(c, out);
  return out;
}
}  // namespace

SqlColumn parse_sql_type(std::string_view text, const EngineDialect& dialect) {
  SqlCursor c(text, dialect);
  return type_and_clauses(c);
}

SqlColumn parse_sql_column(std::string_view text, const EngineDialect& dialect) {
  // `int nott null`: without this the misspelt word would pass as part of the type.
  static const std::vector<std::string> words(clause_words.begin(), clause_words.end());
  SqlCursor c(text, dialect);
  for (bool first = true; !c.done() && !at_clause(c); first = false) {
    if (!first && c.token().type == Token::Type::word)
      if (const std::string near = nearest(lower(c.token().text), words); !near.empty())
        c.fail(fmt::format("unexpected '{}' in a column", c.token().text),
               fmt::format("did you mean '{}'? A type of that name goes into `type:`", near));
    c.skip();
  }
  return type_and_clauses(c);
}

SqlReference parse_sql_reference(std::string_view text, const EngineDialect& dialect) {
  SqlCursor c(text, dialect);
  SqlReference out = reference(c);
  if (!c.done()) c.fail(fmt::format("unexpected '{}' after a reference", one_line(c.token().text)));
  return out;
}

SequenceOptions parse_sql_sequence_options(std::string_view text, const EngineDialect& dialect) {
  SqlCursor c(text, dialect);
  SequenceOptions out = sequence_options(c);
  if (!c.done()) c.fail("unexpected ')'");
  return out;
}

namespace {
/// `[collate c] [opclass [(...)]] [asc|desc] [nulls first|last]` up to the end; false when something else is
/// there.
bool part_clauses(SqlCursor& c, IndexPart& part) {
  if (c.accept({"collate"})) {
    if (!c.at_name()) return false;
    part.collation = collation(c);
  }
  const bool order_next = c.at("asc") || c.at("desc") || c.at("nulls");
  if (c.at_name() && !order_next) {
    const std::size_t first = c.position();
    c.qualified("an operator class");
    if (c.at("(")) c.skip();
    part.opclass = c.text_from(first);
  }
  if (c.accept({"desc"}))
    part.order = "desc";
  else if (c.accept({"asc"}))
    part.order = "asc";
  if (c.accept({"nulls", "first"}))
    part.nulls = "first";
  else if (c.accept({"nulls", "last"}))
    part.nulls = "last";
  return c.done();
}

/// The leading element: a name, a call or a parenthesis.
bool part_element(SqlCursor& c, SqlPart& out, const EngineDialect& dialect) {
  const std::size_t first = c.position();
  if (c.at("(")) {
    std::string inside = c.parenthesized("an expression");
    std::string whole = c.text_from(first);
    // Where the server keeps the words of an index, the parentheses are some of them.
    const bool kept =
        !dialect.capabilities().respells && dialect.lexical_form(whole) == dialect.lexical_form(inside);
    out.part.expression = Expr{kept ? std::move(whole) : std::move(inside), {}};
    return true;
  }
  if (!c.at_name()) return false;
  const auto names = c.qualified("a column");
  if (c.at("(")) {
    c.skip();
    out.part.expression = Expr{c.text_from(first), {}};
    return true;
  }
  if (names.size() != 1) return false;
  out.column = names.front();
  return true;
}
}  // namespace

SqlPart parse_sql_part(std::string_view text, const EngineDialect& dialect) {
  SqlCursor c(text, dialect);
  if (c.done()) c.fail("a part of a key is empty");
  SqlPart out;
  if (part_element(c, out, dialect) && part_clauses(c, out.part)) return out;
  // Anything else is an expression, perhaps with an order at its end.
  out = SqlPart{};
  c.seek(0);
  while (!c.done()) {
    const std::size_t here = c.position();
    IndexPart tail;
    if (here > 0 && (c.at("asc") || c.at("desc") || c.at("nulls")) && part_clauses(c, tail)) {
      out.part = tail;
      c.seek(here);
      break;
    }
    c.seek(here);
    if (c.at(",")) c.fail("unexpected ',' in a part of a key", "write the parts as a list");
    c.skip();
  }
  out.part.expression = Expr{c.text_from(0), {}};
  return out;
}

}  // namespace trueup
