// The life of a scratch database on a server: created beside a session, opened, dropped with the object.
#pragma once
#include <functional>

#include "engine/engine.hpp"

namespace trueup {

/// What the names of all scratch databases begin with.
inline constexpr std::string_view scratch_prefix = "trueup_scratch_";

struct TemporaryDatabase {
  std::string create, drop;  ///< statements; the second must not mind that it is not there
};
/// An empty database of a new name on the server of `beside`, made and dropped by the statements that
/// `statements` gives for the name (it may ask the session). `opened` may put something around the session in
/// the new database. WorldError when the server does not let us.
std::unique_ptr<ScratchDatabase> temporary_database(
    Connection& beside,
    const std::function<TemporaryDatabase(Connection& session, const std::string& name)>& statements,
    const std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>, const std::string& name)>&
        opened = {});

}  // namespace trueup
