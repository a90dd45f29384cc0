#include "engine/mysql/show_create.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {

ObjectKey table_key(const std::string& name) {
  return {Kind::table, {}, {}, name, {}};
}
ObjectKey child_key(Kind kind, const std::string& table, const std::string& name) {
  return {kind, {}, table, name, {}};
}

namespace {

class Reader {
 public:
  Reader(const std::string& sql, const Server& server) : c_(sql), server_(server) {}

  void run(Catalog& out) {
    c_.expect("create");
    c_.expect("table");
    table_ = c_.name();
    c_.expect("(");
    do {
      element();
    } while (c_.accept(","));
    c_.expect(")");
    while (!c_.done() && !c_.at("partition")) table_option();
    if (c_.accept({"partition", "by"})) partitions();
    if (!c_.done()) c_.fail("the end of the statement");
    charset();
    json();
    for (auto& [key, body] : parts_) out.objects.emplace(key, std::move(body));
    out.objects.emplace(table_key(table_), std::move(body_));
  }

 private:
  /// MySQL writes the session's character set before every string, MariaDB what was written.
  Expr server_expr(const std::string& text) const {
    const std::string form =
        lexical_form(text, server_.mariadb ? Introducers::keep : Introducers::drop_utf8mb4);
    return {form, form};
  }
  ObjectKey child(Kind kind, const std::string& name) const { return child_key(kind, table_, name); }

  void element() {
    if (c_.at_type(Token::Type::quoted_identifier)) return column();
    if (c_.accept({"primary", "key"})) {
      auto key = key_body<PrimaryKey>();
      add(child(Kind::primary_key, conventional_name(table_, {}, "pkey")), std::move(key));
    } else if (c_.accept({"unique", "key"})) {
      const std::string name = c_.name();
      add(child(Kind::unique, name), key_body<Unique>());
    } else if (c_.at("constraint")) {
      constraint();
    } else {
      index();
    }
  }
  void add(const ObjectKey& key, ObjectBody body) {
    if (!parts_.emplace(key, std::move(body)).second) throw ParseError("two of " + to_string(key));
  }

  // ---- columns
  std::string type_text() {
    const std::size_t first = c_.position();
    c_.take();
    if (c_.at("precision") || c_.at("varying")) c_.take();
    if (c_.at("(")) c_.skip();
    while (c_.at("unsigned") || c_.at("zerofill")) c_.take();
    return canonical_type(c_.text_since(first));
  }

  void column() {
    name_ = c_.name();
    Column column;
    column.position = ++position_;
    column.type.text = type_text();
    std::string charset, collation;
    if (c_.accept({"character", "set"})) charset = canonical_charset(c_.name());
    if (c_.accept("collate")) collation = canonical_charset(c_.name());
    const bool is_default = server_.mariadb && server_.default_collations.contains(charset) &&
                            server_.default_collations.at(charset) == collation;
    // MySQL names the table's own collation, too, and the character set only where it was given explicitly.
    const bool inherits = !server_.mariadb && charset.empty();
    if (!inherits && (collation.empty() || is_default)) {
      if (!charset.empty()) column.options["charset"] = charset;
    } else if (!inherits) {
      column.collation = collation;
    }
    has_default_ = false;
    while (!c_.at(",") && !c_.at(")")) column_clause(column);
    if (!column.not_null && column.identity) column.options["nullable"] = "true";
    // MySQL says DEFAULT NULL where that is the default, but for texts.
    if (!server_.mariadb && !has_default_ && !column.not_null) column.options["no_default"] = "true";
    add(child(Kind::column, name_), std::move(column));
  }

  void column_clause(Column& column) {
    if (c_.accept({"not", "null"})) {
      column.not_null = true;
    } else if (c_.accept("null")) {
      return;
    } else if (c_.accept("default")) {
      const std::string text = default_text();
      has_default_ = true;
      if (!same_word(text, "null")) column.default_value = server_expr(text);
    } else if (c_.accept({"on", "update"})) {
      const std::size_t first = c_.position();
      c_.take();
      if (c_.at("(")) c_.skip();
      column.options["on_update"] = lexical_form(c_.text_since(first));
    } else if (c_.accept("auto_increment")) {
      column.identity = Identity{"by default", {}};
    } else if (c_.accept({"generated", "always", "as", "("})) {
      throw_if_row();
      generated(column);
    } else if (c_.accept("invisible")) {
      column.options["invisible"] = "true";
    } else if (c_.accept("comment")) {
      column.comment = c_.string();
    } else if (c_.accept("check")) {
      check(column);
    } else {
      rare_column_clause(column);
    }
  }
  void rare_column_clause(Column& column) {
    if (c_.accept("srid"))
      column.options["srid"] = c_.take().text;
    else if (c_.accept({"ref_system_id", "="}))
      column.options["ref_system_id"] = c_.take().text;
    else if (c_.accept("column_format"))
      column.options["column_format"] = lower(c_.name());
    else if (c_.accept("storage"))
      column.options["storage"] = lower(c_.name());
    else if (c_.accept({"without", "system", "versioning"}))
      column.options["system_versioning"] = "without";
    else
      c_.fail(fmt::format("a known clause of column {}", name_));
  }
  void throw_if_row() {
    if (c_.at("row")) c_.fail("an expression");
  }
  void generated(Column& column) {
    const std::size_t first = c_.position();
    while (!c_.at(")")) c_.skip();
    column.generated = server_expr(c_.text_since(first));
    c_.expect(")");
    column.generated_kind = lower(c_.name());
    if (column.generated_kind == "persistent") column.generated_kind = "stored";
  }
  std::string default_text() {
    constexpr std::array<std::string_view, 11> ends{"without",        ",",         ")",     "on",
                                                    "auto_increment", "comment",   "check", "storage",
                                                    "collate",        "invisible", "srid"};
    const std::size_t first = c_.position();
    do {
      c_.skip();
    } while (std::none_of(ends.begin(), ends.end(), [&](auto e) { return c_.at(e); }) &&
             !c_.at("column_format") && !c_.at("ref_system_id"));
    return c_.text_since(first);
  }
  /// MariaDB keeps a check in its column.
  void check(const Column& column) {
    Check check;
    check.expression = server_expr(c_.group());
    if (column.type.text == "longtext" && check.expression.canonical == "json_valid(" + quote(name_) + ")")
      json_.push_back(name_);
    check.options["in_column"] = "true";
    add(child(Kind::check, name_), std::move(check));
  }
  /// A check of json_valid() and the binary collation are what makes a JSON column there.
  void json() {
    for (const auto& name : json_) {
      Column& column = std::get<Column>(parts_.at(child(Kind::column, name)));
      const auto it = body_.options.find("collation");
      const std::string table = it == body_.options.end() ? "" : it->second;
      const bool own = !column.collation.empty() || column.options.contains("charset");
      if ((own ? column.collation : table) != "utf8mb4_bin") continue;
      column.type.text = "json";
      column.collation.clear();
      column.options.erase("charset");
      parts_.erase(child(Kind::check, name));
    }
  }

  // ---- keys
  std::vector<IndexPart> key_parts() {
    std::vector<IndexPart> out;
    c_.expect("(");
    do {
      IndexPart part;
      if (c_.at("(")) {
        part.expression = server_expr(c_.group());
      } else {
        part.column = Ref{child(Kind::column, c_.name())};
        if (c_.accept("(")) {
          part.prefix = std::stoll(std::string(c_.take().text));
          c_.expect(")");
        }
      }
      if (c_.accept("desc")) part.order = "desc";
      c_.accept("asc");
      out.push_back(std::move(part));
    } while (c_.accept(","));
    c_.expect(")");
    return out;
  }
  void key_options(Options& options, std::string& comment) {
    while (!c_.at(",") && !c_.at(")")) {
      if (c_.accept("using")) {
        options["using"] = lower(c_.name());
      } else if (c_.accept("comment")) {
        comment = c_.string();
      } else if (c_.accept({"key_block_size", "="})) {
        options["key_block_size"] = c_.take().text;
      } else if (c_.accept("invisible")) {
        options["invisible"] = "true";
      } else if (c_.accept("ignored")) {
        options["ignored"] = "true";
      } else if (c_.accept({"with", "parser"})) {
        options["parser"] = c_.name();
      } else if (c_.at_type(Token::Type::quoted_identifier)) {
        const std::string name = lower(c_.name());
        c_.expect("=");
        const Token& value = c_.take();
        options[name] = value.type == Token::Type::string ? string_value(value.text) : value.value();
      } else {
        c_.fail("a known option of a key");
      }
    }
  }
  template <class T>
  T key_body() {
    T key;
    key.on = key_parts();
    key_options(key.options, key.comment);
    return key;
  }
  void index() {
    Index index;
    for (const char* method : {"fulltext", "spatial", "vector"})
      if (c_.accept(method)) index.method = method;
    c_.expect("key");
    const std::string name = c_.name();
    index.on = key_parts();
    key_options(index.options, index.comment);
    if (const auto it = index.options.find("using"); it != index.options.end()) {
      index.method = it->second;
      index.options.erase(it);
    }
    add(child(Kind::index, name), std::move(index));
  }

  // ---- constraints
  void constraint() {
    c_.expect("constraint");
    const std::string name = c_.name();
    if (c_.accept("check")) {
      Check check;
      check.expression = server_expr(c_.group());
      if (c_.accept({"not", "enforced"})) check.not_enforced = true;
      add(child(Kind::check, name), std::move(check));
      return;
    }
    c_.expect("foreign");
    c_.expect("key");
    ForeignKey fk;
    fk.columns = names(table_);
    c_.expect("references");
    const std::string table = c_.name();
    if (c_.at(".")) throw ParseError(name + " refers to another database");
    fk.ref_table = Ref{table_key(table)};
    fk.ref_columns = names(table);
    while (c_.accept("on")) {
      const bool on_delete = c_.accept("delete");
      if (!on_delete) c_.expect("update");
      (on_delete ? fk.on_delete : fk.on_update) = action();
    }
    add(child(Kind::foreign_key, name), std::move(fk));
  }
  std::vector<Ref> names(const std::string& table) {
    std::vector<Ref> out;
    c_.expect("(");
    do {
      out.push_back(Ref{child_key(Kind::column, table, c_.name())});
    } while (c_.accept(","));
    c_.expect(")");
    return out;
  }
  std::string action() {
    if (c_.accept("cascade")) return "cascade";
    if (c_.accept("restrict")) return "restrict";
    if (c_.accept({"set", "null"})) return "set null";
    if (c_.accept({"set", "default"})) return "set default";
    if (c_.accept({"no", "action"})) return "no action";
    c_.fail("an action");
  }

  // ---- options of the table
  void table_option() {
    if (c_.accept({"with", "system", "versioning"})) {
      body_.options["system_versioning"] = "true";
      return;
    }
    c_.accept("default");
    std::string name = lower(c_.name());
    if (name == "data" || name == "index") {
      c_.expect("directory");
      name += "_directory";
    }
    if (name == "union") {
      c_.expect("=");
      body_.options[name] = "(" + c_.group() + ")";
      return;
    }
    if (name != "tablespace") c_.expect("=");
    const Token& value = c_.take();
    const std::string text = value.type == Token::Type::string ? string_value(value.text) : value.value();
    if (name == "comment")
      body_.comment = text;
    else if (name == "charset" || name == "collate")
      (name == "charset" ? charset_ : collation_) = canonical_charset(text);
    else if (name == "row_format")
      body_.options[name] = lower(text);
    else if (name != "auto_increment")
      body_.options[name] = text;
  }
  void charset() { put_collation(server_, charset_, collation_, body_.options); }
  void partitions() {
    const std::size_t first = c_.position();
    while (!c_.done() && !c_.at("(")) c_.take();
    if (c_.at("(")) c_.skip();
    while (!c_.done() && !c_.at("(")) {  // PARTITIONS n, SUBPARTITION BY ...
      const bool by = c_.at("by");
      c_.take();
      if (by)
        while (!c_.done() && !c_.at("(")) c_.take();
      if (by && c_.at("(")) c_.skip();
    }
    body_.options["partition_by"] = c_.tokens_since(first);
    if (c_.done()) return;
    std::vector<std::string> list;
    for (const auto& each : c_.elements()) list.push_back(each);
    body_.options["partitions"] = join(list, ", ");
    normalize_partitions(body_.options);
  }
  Cursor c_;
  const Server& server_;
  std::string table_, name_, charset_, collation_;
  Table body_;
  std::int64_t position_ = 0;
  bool has_default_ = false;  // of the column that is read
  std::map<ObjectKey, ObjectBody> parts_;
  std::vector<std::string> json_;  // columns that may be JSON
};
}  // namespace

void put_collation(const Server& server, const std::string& charset, const std::string& collation,
                   Options& options) {
  const auto it = server.default_collations.find(charset);
  const bool is_default = it != server.default_collations.end() && it->second == collation;
  if (collation.empty() || is_default)
    options["charset"] = charset;
  else
    options["collation"] = collation;
}

void read_create_table(const std::string& sql, const Server& server, Catalog& out) {
  Reader(sql, server).run(out);
}

}  // namespace trueup::mysql
