// Schema YAML into a catalog. Three passes: read every file; declare every object; settle names and
// references.
#pragma once
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "source/yaml_column.hpp"
#include "source/yaml_reader.hpp"
#include "source/yaml_values.hpp"

namespace trueup {

class YamlLoader {
 public:
  /// `folder` is what `from:` paths of reference rows are relative to, and what they may not leave.
  YamlLoader(const EngineDialect& dialect, std::string folder);
  /// Parses one file. Findings are kept for finish().
  void add(std::string name, std::string text);
  /// Files that `data:` reads rows from, by canonical path: no schema files, wherever they lie.
  std::vector<std::string> row_files() const;
  /// Leaves a file out again, by its name.
  void forget(const std::string& name);
  /// Throws InputError with every finding.
  Catalog finish(std::vector<std::string>* declared_engines);

 private:
  /// One parsed file.
  struct File {
    YamlSource source;
    YamlNode root;
    std::string ns;  ///< `namespace:`
  };
  /// A name in YAML: `ns.name`, parts with odd characters in double quotes.
  struct Name {
    std::string ns, name, signature;
    bool has_ns = false, has_signature = false;
  };
  /// A relation while its parts are read.
  struct Relation {
    struct Inline {
      std::string column;
      const YamlNode* at = nullptr;
      SqlColumn says;
    };
    ObjectKey key;
    std::vector<std::string> columns{};  ///< names that parts may refer to
    bool columns_known = true;           ///< false for views whose columns only the query tells
    std::deque<Inline> inlines{};        ///< what columns say about keys and checks
    const YamlNode* primary_key = nullptr;
  };
  /// An owned object without a name yet, or a named one; both wait until all names are known.
  struct Pending {
    ObjectKey key;
    ObjectBody body;
    const YamlNode* at = nullptr;
    std::vector<std::string> name_columns;
    std::string label;
  };

  // yaml_loader.cpp: files, sections, names, declarations
  void read_head(File& file);
  void read_sections(File& file);
  using Reader = void (YamlLoader::*)(const File&, const YamlNode& key, const YamlNode& body);
  void section(const File& file, const YamlNode& node, std::string_view what, Reader reader);
  bool lacks(Kind kind, const YamlNode& at);
  std::optional<Name> name_of(const YamlNode& at, const std::string& text);
  /// Key of a top-level object: namespace from the name, the `namespace:` field or the file.
  std::optional<ObjectKey> key_of(Kind kind, const File& file, const YamlNode& key, YamlMap& body);
  bool declare(const ObjectKey& key, ObjectBody body, const YamlNode& at);
  void pend(Kind kind, const Relation& relation, const std::string& name, ObjectBody body, const YamlNode& at,
            std::vector<std::string> name_columns, std::string label);
  void settle_names();

  // yaml_tables.cpp: tables, their columns and mixins
  void table(const File& file, const YamlNode& key, const YamlNode& body);
  void columns(Relation& relation, const YamlNode* node);
  void column(Relation& relation, const YamlNode& key, const YamlNode& body);
  std::optional<SqlColumn> column_map(Relation& relation, const YamlNode& key, const YamlNode& body);
  void column_keys(YamlMap& map, SqlColumn& out);
  using ColumnParser = SqlColumn (*)(std::string_view, const EngineDialect&);
  std::optional<SqlColumn> column_text(const YamlNode& node, ColumnParser parse = parse_sql_column);
  void inline_constraints(Relation& relation);
  void inline_references(Relation& relation, const Relation::Inline& column);
  void autoincrement(const Relation& relation, const std::string& name, const YamlNode& at);
  /// Mixins of an `include:`, nested ones after those that include them.
  void mixins_of(const YamlNode& include, std::vector<const YamlNode*>& out, std::vector<std::string>& path);
  void table_parts(Relation& relation, YamlMap& map);
  void identity(const YamlNode& node, std::optional<Identity>& out);
  void sequence_options(YamlMap& map, SequenceOptions& out);

  // yaml_parts.cpp: keys, checks, indexes, triggers; yaml_refs.cpp: what they refer to
  /// Calls `f(name, key node, value)` for a mapping of named parts, or a list of unnamed ones.
  using PartReader = void (YamlLoader::*)(Relation&, const std::string& name, const YamlNode& at,
                                          const YamlNode& body);
  void parts(Relation& relation, const YamlNode* node, std::string_view what, PartReader reader);
  void primary_key(Relation& relation, const YamlNode& node);
  void unique(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void check(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void exclusion(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void index(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void foreign_key(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void projection(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void trigger(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void policy(Relation& relation, const std::string& name, const YamlNode& at, const YamlNode& body);
  void trigger_events(YamlMap& map, const Relation& relation, Trigger& out);
  template <class T>
  void key_like(Relation& relation, YamlMap& map, T& out);
  void add_primary_key(Relation& relation, const std::string& name, PrimaryKey body, const YamlNode& at);

  std::vector<IndexPart> index_parts(const Relation& relation, const YamlNode* node, const YamlNode& owner);
  std::optional<IndexPart> index_part(const Relation& relation, const YamlNode& node);
  std::vector<Ref> column_refs(const Relation& relation, const YamlNode& node, std::string_view what);
  std::optional<Ref> column_ref(const Relation& relation, const SqlName& name, const YamlNode& at);
  std::optional<SqlName> lone_name(const YamlNode& node, std::string_view what);
  std::optional<SqlReference> reference_of(const YamlNode& node);
  /// Adds a foreign key whose target is looked up once everything is declared.
  void pend_foreign_key(const Relation& relation, const std::string& name, ForeignKey body,
                        SqlReference target, const YamlNode& at, const YamlNode& target_at);
  void resolve(const ObjectKey& key, const SqlReference& target, const YamlNode& at);
  /// A reference to a table that the schema does not have, where the engine takes that.
  void leave_open(const ObjectKey& key, ForeignKey& body, const SqlReference& target, const YamlNode& at);
  const ObjectKey* find_relation(const std::vector<SqlName>& name, const std::string& ns, const YamlNode& at);
  std::optional<Ref> find_column(const ObjectKey& relation, const SqlName& name, const YamlNode& at);

  // yaml_objects.cpp: everything else at the top level
  void database(const YamlNode& body);
  void name_space(const File& file, const YamlNode& key, const YamlNode& body);
  void extension(const File& file, const YamlNode& key, const YamlNode& body);
  void enum_type(const File& file, const YamlNode& key, const YamlNode& body);
  void domain(const File& file, const YamlNode& key, const YamlNode& body);
  void composite_type(const File& file, const YamlNode& key, const YamlNode& body);
  void sequence(const File& file, const YamlNode& key, const YamlNode& body);
  void view(const File& file, const YamlNode& key, const YamlNode& body);
  void materialized_view(const File& file, const YamlNode& key, const YamlNode& body);
  void dictionary(const File& file, const YamlNode& key, const YamlNode& body);
  void event(const File& file, const YamlNode& key, const YamlNode& body);
  void virtual_table(const File& file, const YamlNode& key, const YamlNode& body);
  void function(const File& file, const YamlNode& key, const YamlNode& body);
  void procedure(const File& file, const YamlNode& key, const YamlNode& body);
  void aggregate(const File& file, const YamlNode& key, const YamlNode& body);
  void raw(const File& file, const YamlNode& key, const YamlNode& body);
  void unmodelled(const File& file, const YamlNode& key, const YamlNode& body);
  template <class T>
  void routine(const File& file, const YamlNode& key, const YamlNode& body);
  template <class T>
  void any_view(const File& file, const YamlNode& key, const YamlNode& body);
  void domain_checks(const std::string& domain, const YamlNode& node, Domain& out);
  void owned_by(const ObjectKey& sequence, const YamlNode& node);
  /// `depends_on:` of an object declared under `key`; looked up once everything is declared.
  void depends_on(const ObjectKey& key, YamlMap& map);
  std::optional<ObjectKey> find_any(const std::string& text, const std::string& ns);
  void note_names();

  // yaml_rows.cpp: reference rows
  struct RowTarget;
  void data(const File& file, const YamlNode& key, const YamlNode& body);
  void data_entry(const File& file, const YamlNode& key, const YamlNode& body);
  bool rows(const RowTarget& target, const YamlNode& list);
  void row(const RowTarget& target, const YamlNode& node);
  bool rows_file(RowTarget target, const YamlNode& node);
  std::optional<RowValue> row_value(const RowTarget& target, const YamlNode& node);
  void read_boolean(const YamlEntry& entry, RowValue& value);
  std::vector<std::string> row_key(const ObjectKey& table, const YamlNode* node, const YamlNode& at);
  /// Canonical path of a file that `from:` names; a finding when it lies outside the folder.
  std::optional<std::string> inside_folder(const YamlNode& node, YamlFindings& found) const;

  const EngineDialect& dialect_;
  std::string folder_;
  YamlFindings found_;
  YamlValues values_;
  std::list<File> files_;  ///< nodes point into it
  std::list<YamlSource> row_sources_;
  std::list<YamlNode> row_nodes_;
  std::map<std::string, const YamlNode*> mixins_;
  std::vector<std::string> engines_;
  const YamlNode* engines_at_ = nullptr;
  /// Columns are said in the same few ways over and over.
  std::map<std::pair<std::string, ColumnParser>, SqlColumn> parsed_columns_;
  std::deque<Pending> pending_;
  std::vector<std::function<void()>> later_;  ///< once every object is declared
  Catalog catalog_;
  std::unordered_map<const ObjectKey*, Place> places_;  ///< by the keys in catalog_
  std::map<std::string, ObjectKey> names_;              ///< display names, for `depends_on:`
};

}  // namespace trueup
