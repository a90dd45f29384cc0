#include "engine/postgres/handlers.hpp"
#include "engine/postgres/key_constraint.hpp"

namespace trueup {

const KindHandler& postgres_primary_key_handler() {
  static const postgres::KeyConstraintHandler<PrimaryKey> handler;
  return handler;
}

}  // namespace trueup
