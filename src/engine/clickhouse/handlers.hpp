// The kinds that ClickHouse knows: each is defined in src/kinds/<kind>/clickhouse.cpp.
#pragma once
#include "engine/engine.hpp"

namespace trueup::clickhouse {

const KindHandler& table_handler();
const KindHandler& column_handler();
const KindHandler& primary_key_handler();
const KindHandler& check_handler();
const KindHandler& index_handler();
const KindHandler& projection_handler();
const KindHandler& view_handler();
const KindHandler& materialized_view_handler();
const KindHandler& dictionary_handler();
const KindHandler& function_handler();
const KindHandler& raw_handler();
const KindHandler& row_handler();

}  // namespace trueup::clickhouse
