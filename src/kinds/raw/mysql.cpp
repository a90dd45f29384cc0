#include "engine/mysql/dialect.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/raw_objects.hpp"

namespace trueup::mysql {

const KindHandler& raw_handler() {
  static const RawObjects handler(mysql_dialect(), "DO 0");
  return handler;
}

}  // namespace trueup::mysql
