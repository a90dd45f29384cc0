// The generic part of YamlWriter: plain fields by the kinds' tables.
#pragma once
#include "kinds/walk.hpp"
#include "source/yaml_writer.hpp"

namespace trueup {

template <class T>
void YamlWriter::fields(YamlOut& out, const ObjectKey& key, const T& body,
                        std::initializer_list<std::string_view> skip) {
  for_each_field<T>([&](const auto& f) {
    using M = std::remove_cvref_t<decltype(body.*f.member)>;
    const M& value = body.*f.member;
    const std::string name(f.name);
    if (std::find(skip.begin(), skip.end(), f.name) != skip.end()) return;
    if constexpr (std::is_same_v<M, Expr>) {
      if (!value.empty()) out.add(name, YamlOut::loose(value.comparable()));
    } else if constexpr (std::is_same_v<M, std::optional<Expr>>) {
      if (value) out.add(name, YamlOut::loose(value->comparable()));
    } else if constexpr (std::is_same_v<M, DataType>) {
      out.add(name, YamlOut::loose(type_text(value, key.ns)));
    } else if constexpr (std::is_same_v<M, Options>) {
      if (!value.empty()) out.add(name, f.name == "options" ? options(value) : named_values(value));
    } else if constexpr (std::is_same_v<M, std::string>) {
      if (!value.empty()) out.add(name, YamlOut::text(value));
    } else if constexpr (std::is_same_v<M, bool>) {
      if (value) out.add(name, YamlOut::word("true"));
    } else if constexpr (std::is_same_v<M, std::int64_t>) {
      if (value != 0) out.add(name, YamlOut::word(std::to_string(value)));
    } else if constexpr (std::is_same_v<M, std::vector<std::string>>) {
      if (value.empty()) return;
      YamlOut list = YamlOut::list();
      for (const auto& each : value) list.push(YamlOut::text(each));
      out.add(name, std::move(list));
    } else if constexpr (std::is_same_v<M, std::vector<Ref>>) {
      if (f.name == "depends_on" && !value.empty()) out.add(name, depends_on(value));
    }
  });
}

}  // namespace trueup
