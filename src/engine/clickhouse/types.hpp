// Names of types as ClickHouse prints them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace trueup::clickhouse {

/// Canonical spelling of a type: aliases and portable names resolved, enum values numbered, blanks as the
/// server sets them. Unknown names pass. Idempotent.
std::string canonical_type(std::string_view written);

/// A name in it that says bytes on other engines and would say bits here, with what to write; empty for none.
std::string doubtful_type(std::string_view canonical);

/// The type inside `Nullable(...)`; the type itself when it is not nullable. LowCardinality is looked
/// through.
std::string without_nullable(std::string_view canonical);
bool is_nullable(std::string_view canonical);
/// One value, not a container of values or a value of any type.
bool is_simple(std::string_view canonical);
/// The name before the parenthesis.
std::string_view base_of(std::string_view canonical);

/// `name Type` of a Tuple, `path Type` of JSON, and the types that an Array, a Map or another has, without
/// names.
struct TypeElement {
  std::string name, type;
};
std::vector<TypeElement> type_elements(std::string_view canonical);

}  // namespace trueup::clickhouse
