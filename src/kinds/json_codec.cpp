#include "kinds/json_codec.hpp"

#include "base/text.hpp"
#include "kinds/walk.hpp"

namespace trueup {
namespace {
using Json = nlohmann::ordered_json;

/// Where in the document decoding stands, for error messages.
struct Spot {
  const std::string& object;
  std::string field;
  [[noreturn]] void fail(std::string_view why) const {
    throw InputError(
        fmt::format("{}: field '{}': {}", object, field, why),
        "the file is damaged or was written by another version; restore it from version control");
  }
};

template <class T>
void decode(const Json& json, T& value, const Spot& spot);

bool needs_no_escape(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f && c != '"' &&
           c != '\\';
  });
}

/// Writes JSON as text: the lines of snapshots, and what the state hash covers.
class Encoder {
 public:
  /// `snapshot`: everything. `state`: the canonical form in place of the author's text, and no hints;
  /// `ordered_state` with the positions of columns.
  enum class Of { snapshot, state, ordered_state };
  Encoder(std::string& out, Of of) : out_(out), of_(of) {}

  /// Has everything since the last call the same text in a snapshot?
  bool as_in_snapshot() { return std::exchange(as_in_snapshot_, true); }

  void text(std::string_view value) {
    if (needs_no_escape(value))
      out_.append(1, '"').append(value).append(1, '"');
    else
      out_ += Json(std::string(value)).dump();
  }
  void key(std::string_view name, bool& first) {
    if (!std::exchange(first, false)) out_ += ',';
    text(name);
    out_ += ':';
  }

  /// The fields of an object, without braces. `first`: nothing stands before them.
  template <class T>
  void body(const T& value, bool& first) {
    for_each_field<T>([&](const auto& f) {
      const auto& member = value.*f.member;
      if (absent(member)) return;
      if ((of_ != Of::snapshot && f.compare == Compare::never) ||
          (of_ == Of::state && f.compare == Compare::when_ordered)) {
        as_in_snapshot_ = false;
        return;
      }
      using M = std::remove_cvref_t<decltype(member)>;
      if constexpr (std::is_same_v<M, DataType>) {
        key(f.name, first);
        type(member, of_ == Of::snapshot);
      } else {
        field(f.name, member, first);
      }
    });
  }

 private:
  template <class M>
  static bool absent(const M& member) {
    // Two expressions are equal on their canonical form, so a default must be told by emptiness, not by ==.
    if constexpr (std::is_same_v<M, Expr>)
      return member.empty();
    else if constexpr (std::is_same_v<M, DataType>)
      return member.text.empty() && !member.user;
    else
      return member == M{};
  }
  template <class M>
  void field(std::string_view name, const M& member, bool& first) {
    key(name, first);
    write(member);
  }
  template <class T>
  void fields(const T& value, bool& first) {
    for_each_field<T>([&](const auto& f) {
      if (!absent(value.*f.member)) field(f.name, value.*f.member, first);
    });
  }
  void type(const DataType& value, bool authored) {
    if (!value.user) return text(value.text);
    bool first = true;
    out_ += '{';
    field("user", *value.user, first);
    if (!value.suffix.empty()) field("suffix", value.suffix, first);
    if (authored && !value.text.empty()) field("text", value.text, first);
    if (!authored && !value.text.empty()) as_in_snapshot_ = false;
    out_ += '}';
  }
  void expression(const Expr& value) {
    if (value.canonical.empty() || value.canonical == value.text) return text(value.text);
    if (of_ != Of::snapshot) {
      as_in_snapshot_ = false;
      return text(value.comparable());
    }
    bool first = true;
    out_ += '{';
    field("text", value.text, first);
    field("canonical", value.canonical, first);
    out_ += '}';
  }
  /// A bare name stands for a column: the owner is known from the key.
  void part(const IndexPart& value) {
    IndexPart rest = value;
    rest.column.reset();
    if (value.column && rest == IndexPart{}) return text(value.column->to.name);
    bool first = true;
    out_ += '{';
    if (value.column) field("column", value.column->to.name, first);
    fields(rest, first);
    out_ += '}';
  }

  template <class T>
  void write(const T& value) {
    if constexpr (std::is_same_v<T, Expr>) {
      expression(value);
    } else if constexpr (std::is_same_v<T, Ref>) {
      text(to_string(value.to));
    } else if constexpr (std::is_same_v<T, DataType>) {
      type(value, true);
    } else if constexpr (std::is_same_v<T, IndexPart>) {
      part(value);
    } else if constexpr (detail::is_vector<T>::value) {
      out_ += '[';
      for (bool first = true; const auto& each : value) {
        if (!std::exchange(first, false)) out_ += ',';
        write(each);
      }
      out_ += ']';
    } else if constexpr (detail::is_optional<T>::value) {
      write(*value);
    } else if constexpr (HasFields<T>) {
      bool first = true;
      out_ += '{';
      fields(value, first);
      out_ += '}';
    } else if constexpr (std::is_same_v<T, RowValues> || std::is_same_v<T, Options>) {
      bool first = true;
      out_ += '{';
      for (const auto& [k, v] : value) field(k, v, first);
      out_ += '}';
    } else if constexpr (std::is_same_v<T, std::string>) {
      text(value);
    } else if constexpr (std::is_same_v<T, bool>) {
      out_ += value ? "true" : "false";
    } else {
      static_assert(std::is_same_v<T, std::int64_t>);
      out_ += fmt::format_int(value).str();
    }
  }

  std::string& out_;
  const Of of_;
  bool as_in_snapshot_ = true;
};

/// `,"uses":[...],"uses_soft":[...]`
void write_uses(Encoder& encoder, std::string& out, const Catalog& catalog, const ObjectKey& key) {
  const auto it = catalog.uses.find(key);
  if (it == catalog.uses.end()) return;
  bool first = false;
  const auto list = [&](std::string_view name, const std::set<ObjectKey>& keys) {
    if (keys.empty()) return;
    encoder.key(name, first);
    char before = '[';
    for (const auto& k : keys) {
      out += std::exchange(before, ',');
      encoder.text(to_string(k));
    }
    out += ']';
  };
  list("uses", it->second.hard);
  list("uses_soft", it->second.soft);
}

template <class T>
void decode_fields(const Json& json, T& value, const Spot& spot) {
  if (!json.is_object()) spot.fail("expected an object");
  std::size_t known = 0;
  for_each_field<T>([&](const auto& f) {
    auto it = json.find(std::string(f.name));
    if (it == json.end()) return;
    ++known;
    decode(*it, value.*f.member,
           Spot{spot.object,
                spot.field.empty() ? std::string(f.name) : fmt::format("{}.{}", spot.field, f.name)});
  });
  if (known == json.size()) return;
  for (const auto& item : json.items()) {
    bool found = false;
    for_each_field<T>([&](const auto& f) { found = found || f.name == item.key(); });
    if (!found) Spot{spot.object, item.key()}.fail("unknown field");
  }
}

std::string text_of(const Json& json, const Spot& spot) {
  if (!json.is_string()) spot.fail("expected text");
  return json.get<std::string>();
}

/// The owner column of a bare name is filled in by body_from_json, which knows the key.
void decode_part(const Json& json, IndexPart& value, const Spot& spot) {
  auto named = [](std::string name) { return Ref{ObjectKey{Kind::column, "", "", std::move(name), ""}}; };
  if (json.is_string()) {
    value.column = named(json.get<std::string>());
    return;
  }
  Json rest = json;
  if (rest.is_object() && rest.contains("column")) {
    value.column = named(text_of(rest["column"], spot));
    rest.erase("column");
  }
  decode_fields(rest, value, spot);
}

void decode_type(const Json& json, DataType& value, const Spot& spot) {
  if (json.is_string()) {
    value.text = json.get<std::string>();
    return;
  }
  if (!json.is_object() || !json.contains("user")) spot.fail("expected a type");
  for (const auto& [k, v] : json.items()) {
    if (k == "user")
      value.user = Ref{parse_key(text_of(v, spot))};
    else if (k == "suffix")
      value.suffix = text_of(v, spot);
    else if (k == "text")
      value.text = text_of(v, spot);
    else
      spot.fail("unknown key '" + k + "' in a type");
  }
}

void decode_expr(const Json& json, Expr& value, const Spot& spot) {
  if (json.is_string()) {
    value.text = json.get<std::string>();
    return;
  }
  if (!json.is_object() || json.size() != 2 || !json.contains("text") || !json.contains("canonical"))
    spot.fail("expected an expression");
  value.text = text_of(json["text"], spot);
  value.canonical = text_of(json["canonical"], spot);
}

template <class T>
void decode(const Json& json, T& value, const Spot& spot) {
  if constexpr (std::is_same_v<T, Expr>) {
    decode_expr(json, value, spot);
  } else if constexpr (std::is_same_v<T, Ref>) {
    value.to = parse_key(text_of(json, spot));
  } else if constexpr (std::is_same_v<T, DataType>) {
    decode_type(json, value, spot);
  } else if constexpr (std::is_same_v<T, IndexPart>) {
    decode_part(json, value, spot);
  } else if constexpr (detail::is_vector<T>::value) {
    if (!json.is_array()) spot.fail("expected a list");
    for (const auto& each : json) decode(each, value.emplace_back(), spot);
  } else if constexpr (detail::is_optional<T>::value) {
    decode(json, value.emplace(), spot);
  } else if constexpr (HasFields<T>) {
    decode_fields(json, value, spot);
  } else if constexpr (std::is_same_v<T, RowValues>) {
    if (!json.is_object()) spot.fail("expected an object");
    for (const auto& [k, v] : json.items()) decode(v, value[k], spot);
  } else if constexpr (std::is_same_v<T, Options>) {
    if (!json.is_object()) spot.fail("expected an object");
    for (const auto& [k, v] : json.items()) value[k] = text_of(v, spot);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = text_of(json, spot);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) spot.fail("expected true or false");
    value = json.get<bool>();
  } else {
    static_assert(std::is_same_v<T, std::int64_t>);
    if (!json.is_number_integer()) spot.fail("expected a whole number");
    value = json.get<std::int64_t>();
  }
}
}  // namespace

Json to_json(const ObjectBody& body) {
  std::string out = "{";
  bool first = true;
  std::visit([&](const auto& b) { Encoder(out, Encoder::Of::snapshot).body(b, first); }, body);
  return Json::parse(out + '}');
}

ObjectBody body_from_json(const ObjectKey& key, const Json& json) {
  const std::string object_name = to_string(key);
  ObjectBody out = make_body(key.kind);
  std::visit([&](auto& b) { decode_fields(json, b, Spot{object_name, ""}); }, out);
  std::visit(
      [&](auto& b) {
        detail::walk<IndexPart>(b, [&](IndexPart& part) {
          if (part.column) part.column->to.ns = key.ns, part.column->to.owner = key.owner;
        });
      },
      out);
  return out;
}

std::string object_line(const Catalog& catalog, const ObjectKey& key) {
  std::string out = "{";
  Encoder encoder(out, Encoder::Of::snapshot);
  bool first = true;
  encoder.key("object", first);
  encoder.text(to_string(key));
  std::visit([&](const auto& b) { encoder.body(b, first); }, catalog.objects.at(key));
  write_uses(encoder, out, catalog, key);
  out += '}';
  return out;
}

namespace {
Encoder::Of state_form(bool ordered) {
  return ordered ? Encoder::Of::ordered_state : Encoder::Of::state;
}

/// `KEY {BODY}` and a newline. Returns where the body begins.
std::size_t write_state(Encoder& encoder, std::string& out, const ObjectKey& key, const ObjectBody& body) {
  out += to_string(key);
  out += " {";
  const std::size_t begin = out.size();
  bool first = true;
  std::visit([&](const auto& b) { encoder.body(b, first); }, body);
  out += "}\n";
  return begin;
}

std::string unmodelled_text(const Catalog& catalog) {
  std::string out;
  for (const auto& [name, digest] : catalog.unmodelled)
    out += fmt::format("unmodelled {} {}\n", name, digest);
  return out;
}
}  // namespace

std::string state_hash(const Catalog& catalog) {
  return StateText(catalog).hash();
}

StateText::StateText(const Catalog& catalog)
    : unmodelled_(unmodelled_text(catalog)), ordered_(catalog.ordered_columns) {
  constexpr std::size_t usual = 100;  // bytes of an object
  text_.reserve(catalog.objects.size() * usual);
  entries_.reserve(catalog.objects.size());
  Encoder encoder(text_, state_form(ordered_));
  for (const auto& [key, body] : catalog.objects) {
    Entry entry{&key, &body, text_.size(), 0, 0, false};
    entry.body = write_state(encoder, text_, key, body);
    entry.end = text_.size();
    entry.plain = encoder.as_in_snapshot();
    entries_.push_back(entry);
  }
}

std::string StateText::hash() const {
  return sha256(text_ + unmodelled_);
}

std::string StateText::hash_with(const std::set<ObjectKey>& keys, const Catalog& other) const {
  std::string all;
  all.reserve(text_.size());
  Encoder encoder(all, state_form(ordered_));
  auto next = keys.begin();
  const auto write_next = [&] {
    if (const auto it = other.objects.find(*next); it != other.objects.end())
      write_state(encoder, all, it->first, it->second);
    ++next;
  };
  for (const auto& entry : entries_) {
    while (next != keys.end() && *next < *entry.key) write_next();
    if (next != keys.end() && *next == *entry.key)
      write_next();
    else
      all += part(entry.begin, entry.end);
  }
  while (next != keys.end()) write_next();
  return sha256(all + unmodelled_text(other));
}

std::string_view StateText::key_of(const Entry& entry) const {
  return part(entry.begin, entry.body - std::string_view(" {").size());
}

std::string_view StateText::key_text(const Entry& entry, std::string& buffer) const {
  const std::string_view key = key_of(entry);
  if (needs_no_escape(key)) return key;
  buffer.clear();
  Encoder(buffer, Encoder::Of::snapshot).text(key);
  return std::string_view(buffer).substr(1, buffer.size() - 2);
}

bool StateText::is_line(const Entry& entry, const Catalog& catalog, std::string_view line) const {
  const auto take = [&line](std::string_view expected) {
    const bool there = line.starts_with(expected);
    if (there) line.remove_prefix(expected.size());
    return there;
  };
  std::string buffer;
  if (!take("{\"object\":\"") || !take(key_text(entry, buffer)) || !take("\"")) return false;
  std::string rest;
  Encoder encoder(rest, Encoder::Of::snapshot);
  bool first = false;
  if (!entry.plain) {
    std::visit([&](const auto& b) { encoder.body(b, first); }, *entry.object);
  } else if (const auto body = part(entry.body, entry.end - std::string_view("}\n").size()); !body.empty()) {
    if (!take(",") || !take(body)) return false;
  }
  write_uses(encoder, rest, catalog, *entry.key);
  return take(rest) && line == "}";
}

}  // namespace trueup
