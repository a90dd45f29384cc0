// trueup introspect URL
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/session.hpp"
#include "cli/state.hpp"
#include "kinds/json_codec.hpp"
#include "source/source.hpp"
#include "source/yaml_writer.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  std::string output;
  std::vector<std::string> namespaces;
  bool strict = false;
};

std::vector<std::string> unmodelled(const Catalog& catalog) {
  std::vector<std::string> out;
  for (const auto& [name, digest] : catalog.unmodelled) out.push_back(name);
  return out;
}

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const auto connection = open_existing(target.url);
  const Catalog catalog =
      read_live(session, *connection, dialect,
                flags.namespaces.empty() ? target.namespaces : namespace_set(flags.namespaces), WithUses::no);
  const std::string yaml = to_yaml(catalog, dialect);
  const auto left_out = unmodelled(catalog);

  session.result["url"] = target.url.text();
  session.result["engine"] = dialect.name();
  session.result["namespaces"] = catalog.namespaces;
  session.result["unmodelled"] = left_out;
  session.result["inventory"] = inventory_json(catalog.inventory);
  if (!flags.output.empty() && flags.output != "-") {
    write_file(flags.output, yaml);
    session.result["file"] = flags.output;
    if (!session.json) session.note(fmt::format("wrote {}\n", flags.output));
  } else {
    session.result["yaml"] = yaml;
    session.out(yaml);
  }
  if (!session.json) {
    for (const auto& item : catalog.inventory)
      if (catalog.unmodelled.contains(item.object))
        session.note(fmt::format("{} {}\n", paint("- unmodelled:", Tone::warning, session.err_colour()),
                                 one_line(item.object + why_unmodelled(item))));
    session.note(inventory_summary(catalog.inventory) + "\n");
  }
  return flags.strict && !left_out.empty() ? exit_difference : exit_done;
}
}  // namespace

void add_introspect(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = add_command(app, "introspect", "Write a live database's schema as YAML",
                                  "  trueup introspect sqlite:app.db -o schema/app.yaml\n"
                                  "  trueup introspect postgres://me@host/app --namespaces app,audit\n"
                                  "  trueup introspect --target production --strict > schema/app.yaml");
  add_target_flags(*command, flags->target);
  command->add_option("-o,--output", flags->output, "File to write (default: standard output)");
  command
      ->add_option("--namespaces", flags->namespaces, "Namespaces to read: a,b (default: all of the user's)")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "Exit with 1 when an object has no place in the YAML");
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
