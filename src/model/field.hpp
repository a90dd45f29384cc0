#pragma once
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

#include "model/values.hpp"

namespace trueup {

/// Does the differ look at a field? `when_ordered`: only where the engine can move columns
/// (Catalog::ordered_columns); `never`: hints and texts that are not part of the state.
enum class Compare { always, when_ordered, never };

/// One row of a kind's field table. Loader, codec, equality, diff, dependency walk, rename and docs read
/// these rows.
template <class T, class M>
struct Field {
  std::string_view name;  ///< YAML key and snapshot key
  M T::*member;
  std::string_view doc;  ///< one sentence for the schema reference
  Compare compare = Compare::always;
};
template <class T, class M>
constexpr Field<T, M> field(std::string_view name, M T::*member, std::string_view doc,
                            Compare c = Compare::always) {
  return {name, member, doc, c};
}

/// Number of members of an aggregate; lets the build refuse a member that has no field.
struct AnyInit {
  template <class T>
  operator T&() const& noexcept;
  template <class T>
  operator T&&() const&& noexcept;
};
template <class T, class... A>
consteval std::size_t arity() {
  if constexpr (requires { T{A{}..., AnyInit{}}; })
    return arity<T, A..., AnyInit>();
  else
    return sizeof...(A);
}
template <class T>
concept HasFields = std::is_aggregate_v<T> && requires {
  T::fields();
};
template <class T>
concept ObjectKind = HasFields<T> && requires {
  T::kind;
} && std::tuple_size_v<decltype(T::fields())>
== arity<T>();

template <class T, class F>
constexpr void for_each_field(F&& f) {
  std::apply([&](const auto&... each) { (f(each), ...); }, T::fields());
}

constexpr auto IndexPart::fields() {
  return std::tuple{field("column", &IndexPart::column, "The column."),
                    field("expression", &IndexPart::expression, "An expression instead of a column."),
                    field("order", &IndexPart::order, "`desc` for descending."),
                    field("nulls", &IndexPart::nulls, "`first` or `last`."),
                    field("collation", &IndexPart::collation, "Collation of this part."),
                    field("opclass", &IndexPart::opclass, "Operator class, with parameters."),
                    field("prefix", &IndexPart::prefix, "Prefix length in characters.")};
}
constexpr auto SequenceOptions::fields() {
  return std::tuple{field("start", &SequenceOptions::start, "First value."),
                    field("increment", &SequenceOptions::increment, "Step; negative counts down."),
                    field("minimum", &SequenceOptions::minimum, "Least value."),
                    field("maximum", &SequenceOptions::maximum, "Greatest value."),
                    field("cache", &SequenceOptions::cache, "Values preallocated a session."),
                    field("cycle", &SequenceOptions::cycle, "Wrap around at the end.")};
}
constexpr auto Identity::fields() {
  return std::tuple{field("generation", &Identity::generation, "`always` or `by default`."),
                    field("options", &Identity::options, "Options of the implicit sequence.")};
}
constexpr auto Attribute::fields() {
  return std::tuple{field("name", &Attribute::name, "Name."), field("type", &Attribute::type, "Type."),
                    field("collation", &Attribute::collation, "Collation."),
                    field("comment", &Attribute::comment, "Comment.")};
}
constexpr auto DomainCheck::fields() {
  return std::tuple{field("name", &DomainCheck::name, "Name."),
                    field("expression", &DomainCheck::expression, "Condition on VALUE."),
                    field("not_valid", &DomainCheck::not_valid, "Existing values are not checked."),
                    field("comment", &DomainCheck::comment, "Comment.")};
}
constexpr auto RowValue::fields() {
  return std::tuple{field("type", &RowValue::type, "Sort of value."),
                    field("text", &RowValue::text, "Its text.")};
}
static_assert(std::tuple_size_v<decltype(IndexPart::fields())> == arity<IndexPart>());
static_assert(std::tuple_size_v<decltype(SequenceOptions::fields())> == arity<SequenceOptions>());
static_assert(std::tuple_size_v<decltype(Attribute::fields())> == arity<Attribute>());

}  // namespace trueup
