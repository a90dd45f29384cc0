// Generic walks over the values that field tables lead to: references and expressions, however deeply nested.
#pragma once
#include "kinds/all.hpp"

namespace trueup::detail {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

/// Calls `f` on every `Wanted` inside `value`. `Value` may be const.
template <class Wanted, class Value, class F>
void walk(Value& value, F&& f) {
  using T = std::remove_const_t<Value>;
  if constexpr (std::is_same_v<T, Wanted>) {
    f(value);
  } else if constexpr (std::is_same_v<T, DataType>) {
    if constexpr (std::is_same_v<Wanted, Ref>)
      if (value.user) f(*value.user);
  } else if constexpr (is_vector<T>::value) {
    for (auto& each : value) walk<Wanted>(each, f);
  } else if constexpr (is_optional<T>::value) {
    if (value) walk<Wanted>(*value, f);
  } else if constexpr (HasFields<T>) {
    for_each_field<T>([&](const auto& field) { walk<Wanted>(value.*field.member, f); });
  }
}

}  // namespace trueup::detail
