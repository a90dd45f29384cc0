#include "engine/options.hpp"

#include "base/text.hpp"
#include "engine/finding.hpp"

namespace trueup {

Options* options_of(ObjectBody& body) {
  return std::visit(
      [](auto& b) -> Options* {
        if constexpr (requires { b.options; })
          if constexpr (std::is_same_v<decltype(b.options), Options>) return &b.options;
        return nullptr;
      },
      body);
}

void check_options(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                   const EngineDialect& dialect, std::string_view engine, const SpellOption& spelled,
                   std::vector<Diagnostic>& found) {
  Options* options = options_of(body);
  if (options == nullptr || options->empty()) return;
  std::vector<std::string> names;
  std::map<std::string_view, const OptionSpec*> known;
  for (const auto& spec : dialect.options()) {
    if (spec.on != key.kind) continue;
    names.emplace_back(spec.name);
    known.emplace(spec.name, &spec);
  }
  for (auto option = options->begin(); option != options->end();) {
    auto& [name, value] = *option;
    const auto spec = known.find(name);
    if (spec == known.end()) {
      const std::string near = nearest(name, names);
      found.push_back(finding(catalog, key, fmt::format("{} knows no setting '{}' here", engine, name),
                              near.empty() ? "remove it" : "did you mean '" + near + "'?"));
      ++option;
      continue;
    }
    const std::string_view usual = spec->second->default_value;
    value = spelled(*spec->second, value);
    option = !usual.empty() && value == usual ? options->erase(option) : std::next(option);
  }
}

}  // namespace trueup
