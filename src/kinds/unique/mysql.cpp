#include "engine/mysql/handlers.hpp"
#include "engine/mysql/part_handler.hpp"

namespace trueup::mysql {
namespace {
class UniqueHandler final : public PartHandler {
 public:
  RenameMeans rename_means(const ObjectKey&, const ObjectKey& new_key, const Catalog& from) const override {
    return index_rename(new_key, from);
  }
};
}  // namespace

const KindHandler& unique_handler() {
  static const UniqueHandler handler;
  return handler;
}

}  // namespace trueup::mysql
