// What no PostgreSQL server would accept, found before any is asked.
#include <charconv>

#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

struct Limit {
  std::string_view type;
  std::int64_t dimensions;
  std::string_view remedy;
};
/// pgvector 0.8: https://github.com/pgvector/pgvector#indexing
constexpr std::array limits{
    Limit{"vector", 2000, "use halfvec for up to 4,000 dimensions, or fewer dimensions, or drop the index"},
    Limit{"halfvec", 4000, "use fewer dimensions, index a binary quantization of it, or drop the index"},
    Limit{"bit", 64000, "use fewer bits, or drop the index"},
};

class Prechecker {
 public:
  Prechecker(const Catalog& to, std::vector<Diagnostic>& found) : to_(to), found_(found) {}
  void run() {
    for (const auto& [key, body] : to_.objects) {
      name(key);
      if (const auto* index = std::get_if<Index>(&body)) vectors(key, *index);
      if (const auto* index = std::get_if<Index>(&body);
          index != nullptr && index->options.contains("invalid"))
        report(key, "the index is invalid on the server it was read from",
               "drop it there or REINDEX it, and read the state again");
    }
  }

 private:
  void report(const ObjectKey& key, const std::string& why, std::string remedy) {
    found_.push_back(finding(to_, key, why, std::move(remedy)));
  }

  void name(const ObjectKey& key) {
    if (key.kind == Kind::row || key.kind == Kind::raw || key.name.size() <= 63) return;
    std::string remedy = fmt::format("shorten it to 63 bytes; it has {}", key.name.size());
    ObjectKey cut = key;
    cut.name.resize(63);
    for (const auto& [other, body] : to_.objects)
      if (other != key && other.kind == key.kind && other.ns == key.ns && other.owner == key.owner &&
          other.signature == key.signature && other.name.substr(0, 63) == cut.name)
        remedy = fmt::format("the server would cut it and {} to the same name; shorten it to 63 bytes",
                             to_string(other));
    report(key, "the name is longer than PostgreSQL keeps", std::move(remedy));
  }

  void vectors(const ObjectKey& key, const Index& index) {
    if (index.method != "ivfflat" && index.method != "hnsw") return;
    for (const auto& part : index.on) {
      if (!part.column) continue;
      const auto* column = to_.find<Column>(part.column->to);
      if (column == nullptr || column->type.user) continue;
      const TypeParts type = parse_type(column->type.text);
      if (type.base == "sparsevec" && index.method == "ivfflat")
        report(key, "ivfflat cannot index a sparsevec", "use hnsw");
      for (const auto& limit : limits) {
        if (type.base != limit.type) continue;
        if (type.modifiers.empty())
          report(key,
                 fmt::format("{} needs a column with a number of dimensions, and {} has none", index.method,
                             part.column->to.name),
                 fmt::format("write {}(N)", limit.type));
        else if (size(type) > limit.dimensions)
          report(key,
                 fmt::format("{} indexes {} of at most {} dimensions; {} has {}", index.method, limit.type,
                             limit.dimensions, part.column->to.name, size(type)),
                 std::string(limit.remedy));
      }
    }
  }
  static std::int64_t size(const TypeParts& type) {
    std::int64_t out = 0;
    const auto& m = type.modifiers.front();
    std::from_chars(m.data(), m.data() + m.size(), out);
    return out;
  }

  const Catalog& to_;
  std::vector<Diagnostic>& found_;
};
}  // namespace

void PostgresDialect::precheck(const Catalog& to, std::vector<Diagnostic>& found) const {
  Prechecker(to, found).run();
}

}  // namespace trueup
