#include "engine/postgres/handlers.hpp"
#include "engine/postgres/key_constraint.hpp"

namespace trueup {

const KindHandler& postgres_unique_handler() {
  static const postgres::KeyConstraintHandler<Unique> handler;
  return handler;
}

}  // namespace trueup
