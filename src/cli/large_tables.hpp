#pragma once
#include "cli/session.hpp"
#include "migration/apply.hpp"

namespace trueup::cli {

struct CopyFlags {
  bool allowed = false;
};
void add_copy_flags(CLI::App& command, CopyFlags& flags);

/// Lets the configured command make the changes that copy large tables. It is run by the shell and finds what
/// it needs in its environment: TRUEUP_DATABASE, TRUEUP_TABLE, TRUEUP_ALTER, TRUEUP_ROWS, TRUEUP_HOST,
/// TRUEUP_PORT, TRUEUP_SOCKET, TRUEUP_USER and TRUEUP_PASSWORD. Exit status 100 hands the change back.
void fill_copy_options(TargetOptions& options, Session& session, const Url& url, const CopyFlags& flags);

}  // namespace trueup::cli
