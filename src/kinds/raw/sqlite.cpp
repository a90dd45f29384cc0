#include "engine/raw_objects.hpp"
#include "engine/sqlite/dialect.hpp"
#include "engine/sqlite/handlers.hpp"

namespace trueup::sqlite {

const KindHandler& raw_handler() {
  static const RawObjects handler(sqlite_dialect(), "select 1");
  return handler;
}

}  // namespace trueup::sqlite
