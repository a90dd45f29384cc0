// trueup schema-reference: docs/schema.md, for those who build trueup
#include "cli/session.hpp"
#include "report/schema_reference.hpp"

namespace trueup::cli {

void add_schema_reference(CLI::App& app, Session& session) {
  CLI::App* command = add_command(app, "schema-reference", "Print docs/schema.md",
                                  "  trueup schema-reference > docs/schema.md");
  command->group("");  // hidden: nothing that a user of trueup needs
  command->callback([&session] {
    session.run = [&session] {
      const std::string text = schema_reference();
      session.result["schema_reference"] = text;
      session.out(text);
      return exit_done;
    };
  });
}

}  // namespace trueup::cli
