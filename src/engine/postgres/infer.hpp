#pragma once
#include "kinds/catalog.hpp"

namespace trueup::postgres {

/// What the bodies of routines name that the server keeps as plain strings, as soft uses beside what is
/// known: the server looks at such a body when it creates the routine, but records nothing.
void infer_body_uses(Catalog& catalog);

}  // namespace trueup::postgres
