#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Gives the expressions of `to` that `from` spells differently the server's own canonical form: echo from `from`
/// (same author's text), then lexical form, then, when `scratch` is not null, by creating the objects concerned and
/// what they refer to in a throw-away database beside `scratch`'s and reading them back. Keys of objects that stay
/// unsettled are returned.
std::vector<ObjectKey> settle_expressions(const Catalog& from, Catalog& to, const EngineDialect& dialect,
                                          Connection* scratch);

}  // namespace trueup
