// A catalog as schema YAML.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/engine.hpp"
#include "source/yaml_column.hpp"
#include "source/yaml_emit.hpp"

namespace trueup {

/// ` (why)`: what stands behind the digest in the detail of an unmodelled item; empty when nothing does.
std::string why_unmodelled(const InventoryItem&);

class YamlWriter {
 public:
  YamlWriter(const Catalog& catalog, const EngineDialect& dialect);
  std::string write();

 private:
  // yaml_writer.cpp: the document, names, objects at the top level
  YamlOut document();
  /// Adds a section for every object of a kind.
  using Writer = YamlOut (YamlWriter::*)(const ObjectKey&);
  void section(YamlOut& out, std::string_view name, Kind kind, Writer writer);
  std::string top_name(const ObjectKey& key) const;
  YamlOut name_space(const ObjectKey& key);
  YamlOut extension(const ObjectKey& key);
  YamlOut enum_type(const ObjectKey& key);
  YamlOut domain(const ObjectKey& key);
  YamlOut composite_type(const ObjectKey& key);
  YamlOut sequence(const ObjectKey& key);
  YamlOut view(const ObjectKey& key);
  YamlOut materialized_view(const ObjectKey& key);
  YamlOut dictionary(const ObjectKey& key);
  YamlOut event(const ObjectKey& key);
  YamlOut virtual_table(const ObjectKey& key);
  YamlOut function(const ObjectKey& key);
  YamlOut procedure(const ObjectKey& key);
  YamlOut aggregate(const ObjectKey& key);
  YamlOut raw(const ObjectKey& key);
  void rows(YamlOut& out);
  YamlOut row(const ObjectKey& key) const;
  std::string inventory() const;

  // yaml_write_tables.cpp: tables and what belongs to them
  YamlOut table(const ObjectKey& key);
  YamlOut column(const ObjectKey& key, std::int64_t position, std::set<ObjectKey>& said);
  YamlOut column_map(const ObjectKey& key, const Column& column, std::int64_t position);
  /// The short string with constraints that can stand in it; empty when it cannot say everything. Constraints
  /// it holds are added to `said`.
  std::string column_text(const ObjectKey& key, const Column& column, std::int64_t position,
                          std::set<ObjectKey>& said);
  const SqlColumn* read_column(const std::string& text);
  const std::vector<std::string>& column_names(const ObjectKey& table) const;
  std::vector<ObjectKey> inline_constraints(const ObjectKey& column) const;
  std::string inline_clause(const ObjectKey& constraint) const;
  std::string column_clauses(const ObjectKey& key, const Column& column) const;
  bool only_column(const std::vector<IndexPart>& on, const ObjectKey& column) const;
  bool own_name(const ObjectKey& key, const std::vector<std::string>& columns, std::string_view label) const;
  YamlOut primary_key(const ObjectKey& key);
  YamlOut unique(const ObjectKey& key);
  YamlOut check(const ObjectKey& key);
  YamlOut exclusion(const ObjectKey& key);
  YamlOut index(const ObjectKey& key);
  YamlOut projection(const ObjectKey& key);
  YamlOut foreign_key(const ObjectKey& key);
  YamlOut trigger(const ObjectKey& key);
  YamlOut policy(const ObjectKey& key);
  void parts(YamlOut& out, std::string_view name, Kind kind, const ObjectKey& owner,
             const std::set<ObjectKey>& said, Writer writer);
  template <class T>
  void key_fields(YamlOut& out, const ObjectKey& key, const T& body);
  YamlOut index_part(const ObjectKey& owner, const IndexPart& part) const;
  YamlOut reference(const ObjectKey& from, const ForeignKey& body) const;
  static YamlOut column_list(const std::vector<Ref>& refs);

  // values, by the field tables
  template <class T>
  void fields(YamlOut& out, const ObjectKey& key, const T& body,
              std::initializer_list<std::string_view> skip = {});
  std::string type_text(const DataType& type, const std::string& ns);
  std::string type_name(const ObjectKey& type, const std::string& ns);
  YamlOut options(const Options& options) const;
  YamlOut named_values(const std::map<std::string, std::string>& values) const;
  void sequence_options(YamlOut& out, const SequenceOptions& options) const;
  YamlOut identity(const Identity& identity) const;
  static YamlOut depends_on(const std::vector<Ref>& refs);
  /// A name inside SQL text: bare when it is a plain word.
  std::string sql_name(std::string_view name) const;
  std::string relation_name(const ObjectKey& relation, const std::string& ns) const;
  bool is_engine(const std::string& name) const;
  template <class T>
  const T& body(const ObjectKey& key) const {
    return std::get<T>(catalog_.objects.at(key));
  }

  const Catalog& catalog_;
  const EngineDialect& dialect_;
  std::string default_ns_;
  std::map<std::pair<std::string, std::string>, int>
      relation_names_;  ///< how often keys and relations use a name
  std::map<std::pair<ObjectKey, std::string>, std::string> type_names_;
  std::unordered_map<std::string, std::unique_ptr<SqlColumn>> read_;
  mutable ObjectKey names_of_;
  mutable std::vector<std::string> names_;
};

}  // namespace trueup
