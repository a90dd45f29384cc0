// What becomes of rows and values that grow old.
#pragma once
#include <string_view>

namespace trueup::clickhouse {

/// Could values that the TTL `before` keeps go at once under `after`? Both are the text behind `TTL`, of a
/// table or of a column; no text means that nothing grows old. Yes where it cannot be told.
bool ttl_takes_more(std::string_view before, std::string_view after);

}  // namespace trueup::clickhouse
