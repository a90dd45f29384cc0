// The kinds that MySQL and MariaDB know.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

const KindHandler& database_handler();
const KindHandler& table_handler();
const KindHandler& column_handler();
const KindHandler& primary_key_handler();
const KindHandler& unique_handler();
const KindHandler& check_handler();
const KindHandler& foreign_key_handler();
const KindHandler& index_handler();
const KindHandler& sequence_handler();
const KindHandler& function_handler();
const KindHandler& procedure_handler();
const KindHandler& view_handler();
const KindHandler& trigger_handler();
const KindHandler& event_handler();
const KindHandler& raw_handler();
const KindHandler& row_handler();

}  // namespace trueup::mysql
