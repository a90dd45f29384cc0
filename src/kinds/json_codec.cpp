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
Json encode(const T& value);
template <class T>
void decode(const Json& json, T& value, const Spot& spot);

template <class T>
Json encode_fields(const T& value) {
  Json out = Json::object();
  for_each_field<T>([&](const auto& f) {
    using M = std::remove_cvref_t<decltype(value.*f.member)>;
    // Two expressions are equal on their canonical form, so a default must be told by emptiness, not by ==.
    if constexpr (std::is_same_v<M, Expr>) {
      if ((value.*f.member).empty()) return;
    } else if constexpr (std::is_same_v<M, DataType>) {
      if ((value.*f.member).text.empty() && !(value.*f.member).user) return;
    } else {
      if (value.*f.member == M{}) return;
    }
    out[std::string(f.name)] = encode(value.*f.member);
  });
  return out;
}

template <class T>
Json encode(const T& value) {
  if constexpr (std::is_same_v<T, Expr>) {
    if (value.canonical.empty() || value.canonical == value.text) return value.text;
    return Json{{"text", value.text}, {"canonical", value.canonical}};
  } else if constexpr (std::is_same_v<T, Ref>) {
    return to_string(value.to);
  } else if constexpr (std::is_same_v<T, DataType>) {
    if (!value.user) return value.text;
    Json out{{"user", to_string(value.user->to)}};
    if (!value.suffix.empty()) out["suffix"] = value.suffix;
    if (!value.text.empty()) out["text"] = value.text;
    return out;
  } else if constexpr (std::is_same_v<T, IndexPart>) {
    Json out = encode_fields(value);
    if (value.column && out.size() == 1) return value.column->to.name;  // the owner is known from the key
    if (value.column) out["column"] = value.column->to.name;
    return out;
  } else if constexpr (detail::is_vector<T>::value) {
    Json out = Json::array();
    for (const auto& each : value) out.push_back(encode(each));
    return out;
  } else if constexpr (detail::is_optional<T>::value) {
    return encode(*value);
  } else if constexpr (HasFields<T>) {
    return encode_fields(value);
  } else if constexpr (std::is_same_v<T, RowValues>) {
    Json out = Json::object();
    for (const auto& [k, v] : value) out[k] = encode(v);
    return out;
  } else if constexpr (std::is_same_v<T, Options>) {
    Json out = Json::object();
    for (const auto& [k, v] : value) out[k] = v;
    return out;
  } else {
    return value;
  }
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

/// The body with the canonical form in place of the author's text and without hints: what the state hash
/// covers.
template <class T>
Json encode_state(const T& body, bool ordered) {
  T copy = body;
  detail::walk<Expr>(copy, [](Expr& e) {
    e.text = e.comparable();
    e.canonical.clear();
  });
  for_each_field<T>([&](const auto& f) {
    using M = std::remove_cvref_t<decltype(copy.*f.member)>;
    if (f.compare == Compare::never || (f.compare == Compare::when_ordered && !ordered)) copy.*f.member = M{};
    if constexpr (std::is_same_v<M, DataType>)
      if ((copy.*f.member).user) (copy.*f.member).text.clear();
  });
  return encode_fields(copy);
}
}  // namespace

Json to_json(const ObjectBody& body) {
  return std::visit([](const auto& b) { return encode_fields(b); }, body);
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

Json object_to_json(const Catalog& catalog, const ObjectKey& key) {
  Json out = Json::object();
  out["object"] = to_string(key);
  const Json body = to_json(catalog.objects.at(key));
  for (const auto& [k, v] : body.items()) out[k] = v;
  if (auto it = catalog.uses.find(key); it != catalog.uses.end()) {
    auto list = [](const std::set<ObjectKey>& keys) {
      Json names = Json::array();
      for (const auto& k : keys) names.push_back(to_string(k));
      return names;
    };
    if (!it->second.hard.empty()) out["uses"] = list(it->second.hard);
    if (!it->second.soft.empty()) out["uses_soft"] = list(it->second.soft);
  }
  return out;
}

std::string state_hash(const Catalog& catalog) {
  std::string all;
  for (const auto& [key, body] : catalog.objects) {
    all += to_string(key);
    all += ' ';
    all += std::visit([&](const auto& b) { return encode_state(b, catalog.ordered_columns); }, body).dump();
    all += '\n';
  }
  for (const auto& [name, digest] : catalog.unmodelled)
    all += fmt::format("unmodelled {} {}\n", name, digest);
  return sha256(all);
}

}  // namespace trueup
