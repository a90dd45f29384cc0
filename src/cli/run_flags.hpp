// What apply and rollback have in common on the command line.
#pragma once
#include "cli/large_tables.hpp"
#include "cli/progress.hpp"

namespace trueup::cli {

struct RunFlags {
  TargetFlags target;
  AllowFlags allow;
  LockFlags lock;
  CopyFlags copy;
  std::optional<std::int64_t> resume_at;
  bool dry_run = false;
};
void add_run_flags(CLI::App& command, RunFlags& flags);
void fill_run_options(RunOptions& options, Session& session, const Url& url, const RunFlags& flags);

}  // namespace trueup::cli
