// Reference rows (`data:`): inline or from JSON, YAML and CSV files inside the schema folder.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "kinds/row/row_name.hpp"
#include "source/csv.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {
namespace fs = std::filesystem;

/// The table that rows go to, once it is known.
struct YamlLoader::RowTarget {
  ObjectKey table;
  std::vector<std::string> columns;
  std::set<std::string> booleans;  ///< columns declared `boolean`
  std::vector<std::string> key;
  std::string on_removed;
  bool from_file = false;  ///< values are plain data: `{sql: ...}` means nothing there
};

namespace {
/// JSON text of a node, numbers as they are written.
std::string json_text(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::null:
      return "null";
    case YamlNode::Type::scalar: {
      const bool word = node.text == "true" || node.text == "false";
      if (node.plain && (word || is_json_number(node.text))) return node.text;
      return nlohmann::json(node.text).dump();
    }
    case YamlNode::Type::sequence: {
      std::string out;
      for (const auto& item : node.items) out += (out.empty() ? "" : ",") + json_text(item);
      return "[" + out + "]";
    }
    case YamlNode::Type::mapping: {
      std::string out;
      for (const auto& entry : node.entries)
        out +=
            (out.empty() ? "" : ",") + nlohmann::json(entry.key.text).dump() + ":" + json_text(entry.value);
      return "{" + out + "}";
    }
  }
  return {};
}

/// The one value of `{sql: ...}` or `{json: ...}`.
const YamlNode* tagged(const YamlNode& node, std::string_view tag) {
  return node.is_mapping() && node.entries.size() == 1 ? node.find(tag) : nullptr;
}
}  // namespace

void YamlLoader::data(const File& file, const YamlNode& key, const YamlNode& body) {
  if (!body.is_sequence()) return data_entry(file, key, body);
  for (const auto& item : body.items)
    if (values_.applies(item)) data_entry(file, key, item);
}

void YamlLoader::data_entry(const File& file, const YamlNode& key, const YamlNode& body) {
  if (lacks(Kind::row, key)) return;
  YamlMap map(found_, body, "data of " + named(key.text));
  if (!body.is_mapping()) {
    if (body.is_null()) found_.add(key, "data without rows", "add `rows:` or `from:`");
    return;
  }
  map.take("engines");
  const auto name = name_of(key, key.text);
  const YamlNode* key_columns = map.take("key");
  const YamlNode* list = map.take("rows");
  const YamlNode* from = map.take("from");
  std::string on_removed = "keep";
  if (const YamlNode* node = map.take("on_removed"))
    values_.word(*node, "on_removed", yaml_words("on_removed"), on_removed);
  map.finish();
  if (list == nullptr && from == nullptr) found_.add(key, "data without rows", "add `rows:` or `from:`");
  if (!name) return;
  std::vector<SqlName> path;
  if (name->has_ns) path.push_back({name->ns, name->ns});
  path.push_back({name->name, name->name});
  later_.emplace_back([this, path, ns = file.ns, at = &key, key_columns, list, from, on_removed] {
    const ObjectKey* table = find_relation(path, ns, *at);
    if (table == nullptr) return;
    RowTarget target{*table, {}, {}, row_key(*table, key_columns, *at), on_removed, false};
    for (const auto& column : catalog_.columns(*table)) {
      target.columns.push_back(column.name);
      const DataType& type = catalog_.find<Column>(column)->type;
      const std::string word = type.user ? std::string() : lower(trim(type.text));
      if (word == "boolean" || word == "bool") target.booleans.insert(column.name);
    }
    if (target.key.empty()) return;
    const YamlNode* inline_rows = list == nullptr ? nullptr : values_.pick(list, "rows");
    const YamlNode* files = values_.pick(from, "from");
    bool empty = inline_rows != nullptr || files != nullptr;
    if (inline_rows != nullptr && rows(target, *inline_rows)) empty = false;
    if (files != nullptr && !files->is_sequence() && rows_file(target, *files)) empty = false;
    if (files != nullptr)
      for (const auto& item : files->items)
        if (rows_file(target, item)) empty = false;
    if (empty && on_removed == "delete")
      found_.add(
          *at, fmt::format("`on_removed: delete` without any row for {}", to_string(target.table)),
          "leave the entry out: generate deletes the rows that it declared; others are not the schema's");
  });
}

std::vector<std::string> YamlLoader::row_key(const ObjectKey& table, const YamlNode* node,
                                             const YamlNode& at) {
  std::vector<std::string> out;
  if (node != nullptr) {
    const YamlNode* chosen = values_.pick(node, "key");
    if (chosen == nullptr || !values_.read(*chosen, "key", out)) return {};
    if (out.empty()) found_.add(*chosen, "'key' names no column");
    for (std::size_t i = 0; i < out.size(); ++i)
      if (!find_column(table, {out[i], out[i]}, chosen->is_sequence() ? chosen->items[i] : *chosen))
        return {};
    return out;
  }
  for (const auto& child : catalog_.children(table, Kind::primary_key))
    if (const auto* primary = catalog_.find<PrimaryKey>(child))
      for (const auto& part : primary->on)
        if (part.column) out.push_back(part.column->to.name);
  if (out.empty())
    found_.add(at, fmt::format("{} has no primary key to tell rows apart", to_string(table)),
               "add `key: [column]`");
  return out;
}

/// False when the list is empty.
bool YamlLoader::rows(const RowTarget& target, const YamlNode& list) {
  if (list.is_null()) return false;
  if (!list.is_sequence()) {
    found_.add(list, fmt::format("rows must be a list of mappings, not {}", type_name(list)));
    return true;
  }
  for (const auto& item : list.items) {
    if (item.is_mapping())
      row(target, item);
    else
      found_.add(item, fmt::format("a row must be a mapping of columns, not {}", type_name(item)));
  }
  return !list.items.empty();
}

/// Of a text in a column declared `boolean`, which files of rows have: not all engines read the same words.
void YamlLoader::read_boolean(const YamlEntry& entry, RowValue& value) {
  if (value.type != "text") return;
  const std::string word = lower(value.text);
  for (const auto& [yes, no] :
       {std::pair{"true", "false"}, {"t", "f"}, {"yes", "no"}, {"y", "n"}, {"on", "off"}, {"1", "0"}})
    if (word == yes || word == no) {
      value = {"bool", word == yes ? "true" : "false"};
      return;
    }
  found_.add(entry.value,
             fmt::format("{} is no value of the boolean column {}", named(value.text), named(entry.key.text)),
             "write true or false");
}

void YamlLoader::row(const RowTarget& target, const YamlNode& node) {
  Row out;
  out.key = target.key;
  out.on_removed = target.on_removed;
  for (const auto& entry : node.entries) {
    if (std::find(target.columns.begin(), target.columns.end(), entry.key.text) == target.columns.end()) {
      const std::string near = nearest(entry.key.text, target.columns);
      found_.add(entry.key,
                 fmt::format("{} has no column {}", to_string(target.table), named(entry.key.text)),
                 near.empty() ? std::string() : fmt::format("did you mean '{}'?", one_line(near)));
    } else if (auto value = row_value(target, entry.value)) {
      if (target.booleans.contains(entry.key.text)) read_boolean(entry, *value);
      out.values[entry.key.text] = std::move(*value);
    }
  }
  for (const auto& column : target.key) {
    const YamlNode* value = node.find(column);
    if (value == nullptr || value->is_null()) {
      found_.add(node, fmt::format("a row without a value for its key column {}", named(column)), "add it");
      return;
    }
    const bool known = out.values.contains(column);
    if (known && (out.values.at(column).type == "sql" || out.values.at(column).type == "null")) {
      found_.add(*value, fmt::format("key column {} must be a value, not an expression", named(column)));
      return;
    }
    if (!known) return;
  }
  const ObjectKey key{Kind::row, target.table.ns, target.table.name, row_name(out.key, out.values), ""};
  declare(key, std::move(out), node);
}

std::optional<RowValue> YamlLoader::row_value(const RowTarget& target, const YamlNode& written) {
  const YamlNode* node = &written;
  if (target.from_file) {
    for (const auto tag : {"sql", "json"})
      if (tagged(written, tag) != nullptr) {
        found_.add(
            written, fmt::format("`{{ {}: ... }}` in a file of rows, whose values are plain data", tag),
            "write the row under `rows:` of the schema; a JSON document of that form goes into quotes");
        return std::nullopt;
      }
  } else {
    node = values_.pick(&written, "value");
    if (node == nullptr) return std::nullopt;
    if (const YamlNode* sql = tagged(*node, "sql")) {
      RowValue out{"sql", {}};
      return values_.read(*sql, "sql", out.text) ? std::optional(out) : std::nullopt;
    }
    if (const YamlNode* json = tagged(*node, "json"))
      return RowValue{"json", json->is_scalar() ? json->text : json_text(*json)};
  }
  if (node->is_null()) return RowValue{"null", {}};
  if (!node->is_scalar()) return RowValue{"json", json_text(*node)};
  const std::string word = node->plain ? lower(node->text) : "";
  if (word == "true" || word == "false") return RowValue{"bool", word};
  if (node->plain && is_json_number(node->text)) return RowValue{"number", node->text};
  return RowValue{"text", node->text};
}

std::optional<std::string> YamlLoader::inside_folder(const YamlNode& node, YamlFindings& found) const {
  if (!node.is_scalar() || node.text.empty()) {
    found.add(node, "'from' must be the path of a file");
    return std::nullopt;
  }
  std::error_code problem;
  const fs::path root = fs::weakly_canonical(folder_, problem);
  const fs::path path = fs::weakly_canonical(fs::path(folder_) / node.text, problem);
  const fs::path relative = path.lexically_relative(root);
  // Symbolic links are resolved above, so what leads out by one is refused as well.
  if (problem || relative.empty() || *relative.begin() == ".." || fs::path(node.text).is_absolute()) {
    found.add(node, fmt::format("{} lies outside the schema folder", named(node.text)),
              "move the file into the folder and name it by a relative path");
    return std::nullopt;
  }
  return path.string();
}

/// False when there is no row in it.
bool YamlLoader::rows_file(RowTarget target, const YamlNode& node) {
  const auto path = inside_folder(node, found_);
  if (!path) return true;
  std::ifstream in(*path, std::ios::binary);
  if (!in || !fs::is_regular_file(*path)) {
    found_.add(node, fmt::format("cannot read the file {}", named(node.text)),
               "check the path; it is relative to the folder");
    return true;
  }
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const YamlSource& source =
      row_sources_.emplace_back((fs::path(folder_) / node.text).string(), std::move(text));
  const std::string extension = lower(fs::path(*path).extension().string());
  target.from_file = true;
  try {
    YamlNode& root = row_nodes_.emplace_back();
    if (extension == ".json")
      root = parse_json(source);
    else if (extension == ".csv")
      root = parse_csv(source);
    else if (extension == ".yaml" || extension == ".yml")
      root = parse_yaml(source);
    else {
      found_.add(node, fmt::format("{} is no JSON, YAML or CSV file", named(node.text)),
                 "name it .json, .yaml or .csv");
      return true;
    }
    return rows(target, root);
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) found_.add(d);
    return true;
  }
}

std::vector<std::string> YamlLoader::row_files() const {
  std::vector<std::string> out;
  YamlFindings ignored;
  auto one = [&](const YamlNode& node) {
    if (auto path = inside_folder(node, ignored)) out.push_back(*path);
  };
  auto any = [&](auto&& self, const YamlNode& node) -> void {
    if (node.is_scalar()) one(node);
    for (const auto& item : node.items) self(self, item);
    for (const auto& entry : node.entries) self(self, entry.value);
  };
  for (const File& file : files_) {
    const YamlNode* section = file.root.find("data");
    if (section == nullptr) continue;
    for (const auto& entry : section->entries) {
      if (const YamlNode* from = entry.value.find("from")) any(any, *from);
      for (const auto& item : entry.value.items)
        if (const YamlNode* from = item.find("from")) any(any, *from);
    }
  }
  return out;
}

}  // namespace trueup
