// Definers that are the connected account.
#pragma once
#include <initializer_list>
#include <string_view>

#include "kinds/catalog.hpp"

namespace trueup {

/// A definer that is `user`, the account that read `live`, is left out of what a server tells, but not by
/// everybody who writes it: where `other` names it, `live` gets the `fields` that say so. `options` gives the
/// options of an object that can have a definer, else null.
template <class OptionsOf>
void name_own_definers(Catalog& live, Catalog& other, std::string_view user, OptionsOf options,
                       std::initializer_list<std::string_view> fields) {
  for (auto& [key, body] : other.objects) {
    const Options* named = options(body);
    if (named == nullptr) continue;
    const auto definer = named->find("definer");
    const auto it = live.objects.find(key);
    if (definer == named->end() || definer->second != user || it == live.objects.end()) continue;
    Options* own = options(it->second);
    if (own == nullptr || own->contains("definer")) continue;
    for (const auto field : fields)
      if (const auto said = named->find(std::string(field)); said != named->end()) own->insert(*said);
  }
}

}  // namespace trueup
