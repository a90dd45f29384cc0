#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Gives the expressions of `to` the server's own canonical form, by three providers, each sound: echo
/// (`from` holds the same author's text with its canonical form, and what it reads is what it was), lexical
/// form, and, when `scratch` is not null, creating the objects concerned and what they refer to in a
/// throw-away database beside it and reading them back. Only objects that differ from `from` are looked at,
/// so the cost follows the change. Returns the keys that stay unsettled; `notices` receives what the scratch
/// server refused, a line each.
std::vector<ObjectKey> settle_expressions(const Catalog& from, Catalog& to, const EngineDialect& dialect,
                                          Connection* scratch, std::vector<std::string>* notices = nullptr);

}  // namespace trueup
