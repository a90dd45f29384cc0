#include "engine/mysql/routine_handler.hpp"

namespace trueup::mysql {

const KindHandler& function_handler() {
  static const RoutineHandler<Function> handler;
  return handler;
}

}  // namespace trueup::mysql
