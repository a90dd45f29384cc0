// Engines that write the bodies of functions into what calls them.
#pragma once
#include <set>

#include "kinds/catalog.hpp"

namespace trueup {

/// What uses a function whose body differs between the states, or another function that does, and so on;
/// functions themselves, which keep their text, left out. Only objects that both states hold.
std::set<ObjectKey> callers_of_changed_functions(const Catalog& from, const Catalog& to);
/// What calls a function of another body than in `from` is no longer equal by its text alone: it is made to
/// differ there, unless the server's own form of it is known.
void differ_with_functions(Catalog& from, const Catalog& to);

}  // namespace trueup
