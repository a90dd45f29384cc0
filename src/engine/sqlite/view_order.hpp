// ALTER TABLE reads every view and trigger, and fails when one does not stand: what is away or broken for a
// while must not be there then.
#pragma once
#include <vector>

#include "engine/engine.hpp"

namespace trueup::sqlite {

/// Before a column is renamed: drops views that read its view's columns by name, and triggers that know it by
/// a view, as far as the plan drops them anyway, because SQLite writes the new name into the view below and
/// then looks whether these still stand. arrange() takes back what the plan does not drop after all, and the
/// plan's own drops of these views.
void drop_early(const ObjectKey& column, const RenderContext& context, SqlWriter& w);

/// DROP COLUMN waits for views that are to be created again, unless the column itself comes again before; and
/// what drop_early() says.
void arrange(std::vector<Statement>& all);

}  // namespace trueup::sqlite
