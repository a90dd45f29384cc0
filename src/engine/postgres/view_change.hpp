// Which changes of a view CREATE OR REPLACE VIEW can make.
#pragma once
#include "kinds/catalog.hpp"

namespace trueup::postgres {

/// Have both queries the same columns, as far as their text shows: the same select list over the same FROM
/// clause, so that only what comes after it differs? The new one may have more columns at the end when
/// nothing reads the view: who selects `*` from it must be made again to get them.
bool replaceable(const ObjectKey& view, const Catalog& from, const Catalog& to);

}  // namespace trueup::postgres
