#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// ClickHouse 23.8 and later. The connected database is the scope; names carry no namespace.
class ClickhouseDialect final : public EngineDialect {
 public:
  std::string_view name() const override { return "clickhouse"; }
  Capabilities capabilities() const override;
  std::span<const OptionSpec> options() const override;
  const KindHandler* handler(Kind) const override;
  bool has_field(Kind, std::string_view) const override { return true; }
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
  void infer_uses(Catalog&) const override;
  std::unique_ptr<ScratchDatabase> scratch_beside(Connection& beside) const override;
  void read_rows(Connection&, const Catalog& desired, Catalog& from) const override;
  void precheck(const Catalog& to, std::vector<Diagnostic>& found) const override;
  void arrange(std::vector<Statement>&) const override;
  void spread(std::vector<Statement>&, const Cluster&) const override;
  const ApplySupport* apply_support() const override;
};

const EngineDialect& clickhouse_dialect();

}  // namespace trueup
