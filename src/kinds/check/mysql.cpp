#include "engine/mysql/handlers.hpp"
#include "engine/mysql/part_handler.hpp"

namespace trueup::mysql {
namespace {
class CheckHandler final : public PartHandler {
 public:
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
};
}  // namespace

const KindHandler& check_handler() {
  static const CheckHandler handler;
  return handler;
}

}  // namespace trueup::mysql
