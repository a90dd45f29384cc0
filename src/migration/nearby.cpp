#include "migration/nearby.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/beside.hpp"
#include "diff/diff.hpp"
#include "kinds/former_name.hpp"
#include "plan/slice.hpp"

namespace trueup {
namespace {
std::future<void> begin_preparing(State& state, const EngineDialect& dialect) {
  normalize(state, dialect);
  return std::async(beside(), [&] { prepare(state, dialect); });
}
}  // namespace

std::vector<std::string> snapshot_files(const Directory& directory) {
  std::vector<std::string> out;
  for (const auto& m : directory.migrations) {
    if (m.snapshot.empty()) return {};
    out.push_back(m.snapshot);
  }
  return out;
}

Nearby::Nearby(State desired, const EngineDialect& dialect)
    : desired_(std::move(desired)),
      dialect_(dialect),
      preparing_(begin_preparing(desired_, dialect_)),
      text_(desired_.catalog),
      hash_(std::async(beside(), [this] { return text_.hash(); })) {
  hints_ = std::any_of(text_.entries().begin(), text_.entries().end(), [&](const auto& entry) {
    return !entry.plain && !rename_hint(desired_.catalog.objects.at(*entry.key)).empty();
  });
}

void Nearby::check() const {
  precheck(desired_.catalog, dialect_);
}

void Nearby::prepared() {
  if (preparing_.valid()) preparing_.get();
}

State Nearby::take() {
  prepared();
  return std::move(desired_);
}

void Nearby::look_at(const SnapshotLines& recorded) {
  if (hints_ || recorded.head().engine != dialect_.name()) return;
  prepared();
  const Catalog& desired = desired_.catalog;
  if (desired.objects.size() != text_.entries().size()) return;
  std::vector<std::string_view> lines;
  std::string buffer;
  std::size_t met = 0;
  for (const auto& entry : text_.entries()) {
    const std::string_view line = recorded.find(text_.key_text(entry, buffer));
    if (!line.empty()) ++met;
    if (!line.empty() && text_.is_line(entry, desired, line)) continue;
    differing_.insert(*entry.key);
    if (!line.empty()) lines.push_back(line);
  }
  if (met != recorded.size()) {
    std::unordered_set<std::string> known;
    for (const auto& entry : text_.entries()) known.emplace(text_.key_text(entry, buffer));
    for (const auto& [key, line] : recorded.lines())
      if (!known.contains(std::string(key))) lines.push_back(line);
  }
  Catalog from;
  try {
    from = recorded.decode(lines);
  } catch (const InputError&) {
    return;
  }
  for (const auto& [key, body] : from.objects) differing_.insert(key);
  const std::string& state = recorded.head().state;
  if (from.ordered_columns != desired.ordered_columns) return;
  const bool alike = from.unmodelled == desired.unmodelled;
  const bool untouched = differing_.empty() && alike;
  if ((untouched ? hash_.get() : text_.hash_with(differing_, from)) != state) return;
  same_ = untouched || (alike && hash_.get() == state);
  recorded_ = std::move(from);
}

std::optional<Slice> Nearby::narrow() {
  if (!recorded_) return std::nullopt;
  check();
  Catalog& desired = desired_.catalog;
  Catalog from = std::move(*recorded_);
  recorded_.reset();
  const auto namespaces = managed_namespaces(from, desired, {.namespaces = every_namespace()});
  Slice out = TwinCatalog(desired, from, differing_).slice();
  out.from.namespaces = out.to.namespaces = namespaces;
  // Another version's canonical forms are to be brought up to date as a whole.
  State again{out.from, Origin::recorded, {}, nullptr};
  normalize(again, dialect_);
  if (state_hash(again.catalog) != state_hash(out.from)) return std::nullopt;
  for (const Catalog* c : {&out.from, &out.to})
    for (const auto& [key, body] : c->objects) sliced_.insert(key);
  return out;
}

std::string Nearby::hash(const Catalog& to) const {
  std::set<ObjectKey> keys = sliced_;
  for (const auto& [key, body] : to.objects) keys.insert(key);
  return text_.hash_with(keys, to);
}

Catalog Nearby::whole(const Catalog& to) const {
  Catalog out = desired_.catalog;
  for (const auto& key : sliced_) {
    out.objects.erase(key);
    out.uses.erase(key);
  }
  for (const auto& [key, body] : to.objects) out.objects.insert_or_assign(key, body);
  for (const auto& [key, uses] : to.uses) out.uses.insert_or_assign(key, uses);
  out.namespaces = to.namespaces;
  out.unmodelled = to.unmodelled;
  return out;
}

}  // namespace trueup
