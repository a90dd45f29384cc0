#include "engine/mysql/handlers.hpp"
#include "engine/mysql/part_handler.hpp"

namespace trueup::mysql {
namespace {
class PrimaryKeyHandler final : public PartHandler {
 public:
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::implied;
  }
};
}  // namespace

const KindHandler& primary_key_handler() {
  static const PrimaryKeyHandler handler;
  return handler;
}

}  // namespace trueup::mysql
