// Parses the command line, runs one command, and is the only place that turns errors into an exit status.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/text.hpp"
#include "cli/session.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace trueup::cli {
namespace {

bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--json") return true;
  return false;
}

/// The command as it was written; empty when there is none.
std::string first_word(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--config")
      ++i;
    else if (!word.starts_with('-'))
      return std::string(word);
  }
  return {};
}

/// CLI11's own message may quote an argument, and an argument may be a URL.
std::string without_secrets(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto end = text.find_first_of(" \t\n", at);
    const auto mark = text.rfind('@', end == std::string::npos ? end : end - 1);
    if (mark != std::string::npos && mark > at) text.replace(at + 3, mark - at - 3, "...");
  }
  return text;
}

int report(Session& session, const std::exception& error) {
  if (session.json) {
    nlohmann::ordered_json document;
    document["command"] = session.command;
    document["ok"] = false;
    document["exit"] = exit_error;
    document["error"] = error_json(error);
    fmt::print(stdout, "{}\n",
               document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  session.note(error_text(error, session.err_colour()));
  return exit_error;
}

int finish(Session& session, int status) {
  if (session.json) {
    nlohmann::ordered_json document;
    document["command"] = session.command;
    document["ok"] = true;
    document["exit"] = status;
    for (const auto& [key, value] : session.result.items()) document[key] = value;
    fmt::print(stdout, "{}\n",
               document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    session.note("error: standard output cannot be written\n");
    return exit_error;
  }
  return status;
}

void add_commands(CLI::App& app, Session& session) {
  add_init(app, session);
  add_introspect(app, session);
  add_generate(app, session);
  add_new(app, session);
  add_diff(app, session);
  add_push(app, session);
  add_apply(app, session);
  add_status(app, session);
  add_verify(app, session);
  add_baseline(app, session);
  add_rollback(app, session);
  add_completion(app, session);
  add_schema_reference(app, session);
  add_version(app, session);
}

int run(int argc, char** argv) {
  Session session;
  CLI::App app{"Brings databases true to a schema file: declarative diff and migrations.", "trueup"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every command");
  app.add_flag("--json", session.json, "One JSON document on standard output");
  app.add_flag("--no-color", session.no_color, "No colours (also: NO_COLOR in the environment)");
  app.add_option("--config", session.config_path,
                 "Configuration file (default: trueup.yaml here, if there is one)");
  app.set_version_flag("--version", version_line(), "Version of this program and its engines");
  app.footer(
      "Exit status: 0 done or no difference, 1 a difference or finding, 2 an error.\n"
      "`trueup COMMAND --help` shows the flags of a command and examples.");
  add_commands(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help
    session.json = asks_for_json(argc, argv);
    session.command = first_word(argc, argv);
    std::vector<std::string> names;
    for (const auto* each : app.get_subcommands({})) names.push_back(each->get_name());
    const bool known =
        session.command.empty() || std::find(names.begin(), names.end(), session.command) != names.end();
    const std::string near = known ? std::string() : nearest(session.command, names);
    const InputError error(
        known ? without_secrets(e.what())
              : fmt::format("there is no command `{}`", without_secrets(one_line(session.command))),
        near.empty() ? "`trueup --help` lists the commands, `trueup COMMAND --help` the flags"
                     : fmt::format("did you mean `{}`?", near));
    return report(session, error);
  }
  for (const auto* chosen : app.get_subcommands()) session.command = chosen->get_name();
  try {
    const int status = finish(session, session.run());
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    // Taking large states apart takes a tenth of a run. What has to be closed or removed is gone with run().
    if (session.until_exit) std::_Exit(status);
#endif
    return status;
  } catch (const std::exception& e) {
    return report(session, e);
  }
}

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
std::uintptr_t end_of_heap() {
  return reinterpret_cast<std::uintptr_t>(sbrk(0));
}

/// Reserves addresses for the heap, not memory, and asks for large pages there: a sixth less time for a state
/// of thousands of tables, most of it page faults and misses.
void reserve_large_pages() {
  rlimit most{};
  if (getrlimit(RLIMIT_AS, &most) != 0 || most.rlim_cur != RLIM_INFINITY) return;
  constexpr std::size_t page = 2 << 20;
  mallopt(M_TOP_PAD, 1 << 30);
  const std::uintptr_t before = end_of_heap();
  std::array<void*, 4> blocks{};  // too small for mappings of their own: one of them lets the heap grow
  for (auto* block = blocks.begin(); block != blocks.end() && end_of_heap() == before; ++block)
    *block = std::malloc(100 << 10);
  for (void* block : blocks) std::free(block);
  const std::uintptr_t begin = (before + page - 1) / page * page;
  // Without large pages all goes on as before.
  if (begin < end_of_heap()) madvise(reinterpret_cast<void*>(begin), end_of_heap() - begin, MADV_HUGEPAGE);
}

/// Large states are read: the heap grows in large steps and is not given back.
void prepare_heap() {
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  reserve_large_pages();
  mallopt(M_TOP_PAD, 64 << 20);
}
#else
void prepare_heap() {}
#endif
}  // namespace
}  // namespace trueup::cli

int main(int argc, char** argv) {
  trueup::cli::prepare_heap();
  try {
    return trueup::cli::run(argc, argv);
  } catch (const std::exception& e) {
    std::fputs("error: ", stderr);
    std::fputs(e.what(), stderr);
    std::fputs("\n", stderr);
  } catch (...) {
    std::fputs("error: unknown failure\n", stderr);
  }
  return trueup::cli::exit_error;
}
