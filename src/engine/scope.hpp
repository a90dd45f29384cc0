// What an introspection is to read.
#pragma once
#include <set>
#include <string>

namespace trueup {

/// What an engine's introspect() keeps for its handlers while it runs.
class ReadContext {
 public:
  virtual ~ReadContext() = default;
};

enum class WithUses { yes, no };

struct Scope {
  std::set<std::string> namespaces;  ///< empty: every user namespace
  std::string ignore_table;          ///< trueup's own history table, by bare name
  WithUses uses = WithUses::yes;     ///< may leave Catalog::uses empty: planning needs it, YAML does not
  ReadContext* context = nullptr;    ///< the engine's own; set only inside its introspect()
};

}  // namespace trueup
