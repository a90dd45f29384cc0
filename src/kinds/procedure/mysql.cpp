#include "engine/mysql/routine_handler.hpp"

namespace trueup::mysql {

const KindHandler& procedure_handler() {
  static const RoutineHandler<Procedure> handler;
  return handler;
}

}  // namespace trueup::mysql
