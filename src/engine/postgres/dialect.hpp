#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// PostgreSQL 13 to 18.
class PostgresDialect final : public EngineDialect {
 public:
  std::string_view name() const override { return "postgres"; }
  Capabilities capabilities() const override;
  std::span<const OptionSpec> options() const override;
  const KindHandler* handler(Kind) const override;
  std::string quote(std::string_view identifier) const override;
  std::string literal(std::string_view text) const override;
  std::string value(const RowValue& value, const DataType& type) const override;
  std::string type_sql(const DataType& type) const override;
  std::string canonical_type(std::string_view written) const override;
  std::vector<Token> tokens(std::string_view sql) const override;
  std::string lexical_form(std::string_view sql) const override;
  std::vector<ScriptStatement> split(std::string_view script) const override;
  Catalog introspect(Connection&, const Scope&) const override;
  void normalize(Catalog&, std::vector<Diagnostic>& found) const override;
  void complete(Catalog& from, Catalog& to) const override;
  void arrange(std::vector<Statement>&) const override;
  std::vector<std::pair<ObjectKey, ObjectKey>> implied_renames(const Catalog& before,
                                                               const ObjectKey& old_key, const Catalog& after,
                                                               const ObjectKey& new_key) const override;
  std::vector<HeldName> held_names(const ObjectKey&, const ObjectBody&) const override;
  void infer_uses(Catalog&) const override;
  std::unique_ptr<ScratchDatabase> scratch_beside(Connection& beside) const override;
  void read_rows(Connection&, const Catalog& desired, Catalog& from) const override;
  void precheck(const Catalog& to, std::vector<Diagnostic>& found) const override;
  const ApplySupport* apply_support() const override;
};

const EngineDialect& postgres_dialect();

}  // namespace trueup
