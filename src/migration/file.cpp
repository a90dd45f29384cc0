#include "migration/file.hpp"

#include "base/text.hpp"
#include "migration/directory.hpp"
#include "source/snapshot.hpp"

namespace trueup {
namespace {
constexpr std::string_view magic = "-- trueup migration";
constexpr std::string_view remark = "-- trueup: ";  ///< begins comments that speak of no statement

void put(std::string& out, std::string_view key, std::string_view value) {
  if (!value.empty()) out += fmt::format("-- {}: {}\n", key, one_line(value));
}

/// The header's lines; `end` receives the offset of the first character after it.
MigrationHeader parse_header(std::string_view text, const std::string& path, std::size_t& end) {
  MigrationHeader header;
  end = 0;
  if (!text.starts_with(magic)) return header;  // written by hand: no header
  int line = 0;
  while (end < text.size()) {
    const std::size_t stop = std::min(text.find('\n', end), text.size());
    const std::string_view here = text.substr(end, stop - end);
    if (!here.starts_with("--")) break;
    end = std::min(stop + 1, text.size());
    if (++line == 1) continue;
    const auto fail = [&](std::string_view why) {
      throw InputError(fmt::format("{} in the header: {}", why, trim(here.substr(2))),
                       "comments of your own go below the header, after an empty line", Place{path, line, 1});
    };
    const auto colon = here.find(':');
    if (colon == std::string_view::npos) fail("a line without a colon");
    const std::string_view key = trim(here.substr(2, colon - 2));
    const std::string value(trim(here.substr(colon + 1)));
    if (key == "version") {
      if (value.empty() || value.size() > 9 || value.find_first_not_of("0123456789") != std::string::npos)
        fail("not a number");
      for (char c : value) header.version = header.version * 10 + (c - '0');
    } else if (key == "name")
      header.name = value;
    else if (key == "engine")
      header.engine = value;
    else if (key == "parent")
      header.parent = value;
    else if (key == "state")
      header.state = value;
    else if (key == "verified")
      header.verified = value;
    else if (key == "deletes")
      header.deletes.push_back(value);
    else if (key == "allowed")
      header.allowed.push_back(value);
    else if (key == "renames")
      header.renames.push_back(value);
    else
      fail("unknown key");
  }
  return header;
}

/// Offset of the statement's first word, past leading blanks and comments.
struct Opening {
  std::size_t offset = 0;
  std::string word, second;  ///< the first two words, upper case as they are keywords
  std::string title;
};

Opening opening_of(std::string_view sql, const EngineDialect& dialect) {
  Opening out;
  bool fresh = true;  // the next comment begins a new block
  for (const Token& t : dialect.tokens(sql)) {
    if (t.type == Token::Type::blank) {
      if (std::count(t.text.begin(), t.text.end(), '\n') > 1) fresh = true;
      if (out.word.empty()) out.offset += t.text.size();
    } else if (t.type == Token::Type::comment) {
      if (!out.word.empty()) continue;
      if (t.text.starts_with("/*!") || t.text.starts_with("/*M!")) {  // runs, where it means something
        out.word = "/*!";
        break;
      }
      out.offset += t.text.size();
      if (t.text.starts_with(remark)) {
        fresh = true;
        continue;
      }
      if (fresh) out.title = t.text.starts_with("--") ? std::string(trim(t.text.substr(2))) : std::string();
      // A line comment may or may not hold its line end, depending on the engine's lexer.
      fresh = std::count(t.text.begin(), t.text.end(), '\n') > 1;
    } else if (out.word.empty()) {
      out.word = upper(t.text);
    } else {
      out.second = upper(t.text);
      break;
    }
  }
  return out;
}

/// Without what editors and checkouts change by themselves: line ends and a byte order mark.
std::string plain_text(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return replace_all(std::move(text), "\r\n", "\n");
}

/// The statements of what stands behind the header.
std::vector<ScriptStatement> cut(std::string_view body, const std::string& path, int header_lines,
                                 const EngineDialect& dialect) {
  try {
    return dialect.split(body);
  } catch (const InputError& e) {
    auto found = e.diagnostics();
    for (auto& each : found) each.place = {path, each.place.line + header_lines, each.place.column};
    throw InputError(std::move(found));
  }
}

bool controls_transaction(const Opening& o) {
  if (o.word == "ROLLBACK") return o.second != "TO";
  if (o.word == "START") return o.second == "TRANSACTION";
  return o.word == "BEGIN" || o.word == "COMMIT" || o.word == "END" || o.word == "ABORT";
}
}  // namespace

std::string write_migration(const MigrationHeader& header, std::string_view body) {
  std::string out = fmt::format("{}\n", magic);
  put(out, "version", version_text(header.version));
  put(out, "name", header.name);
  put(out, "engine", header.engine);
  put(out, "parent", header.parent);
  put(out, "state", header.state);
  put(out, "verified", header.verified);
  for (const auto& each : header.renames) put(out, "renames", each);
  for (const auto& each : header.deletes) put(out, "deletes", each);
  for (const auto& each : header.allowed) put(out, "allowed", each);
  out += '\n';
  out += body;
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

MigrationScript parse_migration(std::string text, const std::string& path, const EngineDialect& dialect) {
  MigrationScript out;
  out.path = path;
  text = plain_text(std::move(text));
  if (!is_utf8(text))
    throw InputError("not UTF-8 text", "save the file as UTF-8, without NUL characters", Place{path, 0, 0});
  out.checksum = sha256(text);
  std::size_t end = 0;
  out.header = parse_header(text, path, end);
  const int header_lines =
      static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  for (auto& script : cut(std::string_view(text).substr(end), path, header_lines, dialect)) {
    script.line += header_lines;
    const Opening opening = opening_of(script.sql, dialect);
    if (opening.word.empty()) continue;  // nothing but comments
    const auto skipped = script.sql.begin() + static_cast<std::ptrdiff_t>(opening.offset);
    script.line += static_cast<int>(std::count(script.sql.begin(), skipped, '\n'));
    script.sql.erase(script.sql.begin(), skipped);
    if (controls_transaction(opening))
      throw InputError(
          fmt::format("{} in a migration: trueup opens and ends transactions itself", opening.word),
          "remove the statement", Place{path, script.line, 1});
    out.statements.push_back({std::move(script), opening.title});
  }
  out.text = std::move(text);
  return out;
}

std::string migration_checksum(std::string text) {
  return sha256(plain_text(std::move(text)));
}

MigrationScript read_migration(const std::string& path, const EngineDialect& dialect) {
  return parse_migration(read_file(path), path, dialect);
}

}  // namespace trueup
