// The kinds that SQLite knows.
#pragma once
#include "engine/engine.hpp"

namespace trueup::sqlite {

const KindHandler& table_handler();
const KindHandler& column_handler();
const KindHandler& primary_key_handler();
const KindHandler& unique_handler();
const KindHandler& check_handler();
const KindHandler& foreign_key_handler();
const KindHandler& index_handler();
const KindHandler& view_handler();
const KindHandler& trigger_handler();
const KindHandler& virtual_table_handler();
const KindHandler& raw_handler();
const KindHandler& row_handler();

}  // namespace trueup::sqlite
