// The servers write the columns that a `*` of a view stands for into it when the view is made.
#pragma once
#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// Views with a `*` differ when the columns of what they read do: such a view has to be made again, and what
/// is known of the server's spelling of its text counts no longer.
void compare_star_views(Catalog& from, Catalog& to);

}  // namespace trueup::mysql
