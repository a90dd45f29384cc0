// trueup completion bash|zsh|fish: scripts made from the commands as they are registered
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/session.hpp"

namespace trueup::cli {
namespace {
struct Command {
  std::string name, description;
  std::vector<std::string> flags;
};

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

std::vector<Command> commands_of(const CLI::App& app) {
  std::vector<Command> out;
  const auto global = flags_of(app);
  for (const auto* each : app.get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); })) {
    Command command{each->get_name(), each->get_description(), flags_of(*each)};
    for (const auto& flag : global)
      if (flag != "--help" && flag != "--help-all") command.flags.push_back(flag);
    out.push_back(std::move(command));
  }
  return out;
}

std::string names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const auto& each : commands) names.push_back(each.name);
  return join(names, " ");
}

std::string bash(const std::vector<Command>& commands) {
  std::string cases;
  for (const auto& each : commands)
    cases += fmt::format("    {}) flags=\"{}\" ;;\n", each.name, join(each.flags, " "));
  return fmt::format(R"(# bash completion of trueup: source it, or put it into /etc/bash_completion.d/
_trueup() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" command="" flags="" word before=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [ "$before" = --config ]; then before=""; continue; fi
    case "$word" in -*) before="$word" ;; *) command="$word"; break ;; esac
  done
  if [ -z "$command" ]; then
    COMPREPLY=($(compgen -W "{} --help --json --no-color --config" -- "$current"))
    return
  fi
  case "$command" in
{}  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _trueup trueup
)",
                     names_of(commands), cases);
}

std::string zsh(const std::vector<Command>& commands) {
  std::string names;
  std::string cases;
  for (const auto& each : commands) {
    names += fmt::format("    '{}:{}'\n", each.name,
                         replace_all(replace_all(each.description, "'", ""), ":", "\\:"));
    cases += fmt::format("    {}) flags=({}) ;;\n", each.name, join(each.flags, " "));
  }
  return fmt::format(R"(#compdef trueup
# zsh completion of trueup: put it as _trueup into a folder of $fpath
_trueup() {{
  local -a commands flags
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
{}  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    compadd -- $flags
  else
    _files
  fi
}}
compdef _trueup trueup
)",
                     names, cases);
}

std::string fish(const std::vector<Command>& commands) {
  std::string out = "# fish completion of trueup: put it as trueup.fish into ~/.config/fish/completions/\n";
  for (const auto& each : commands) {
    out += fmt::format("complete -c trueup -n __fish_use_subcommand -f -a {} -d '{}'\n", each.name,
                       replace_all(each.description, "'", "\\'"));
    for (const auto& flag : each.flags)
      out += fmt::format("complete -c trueup -n '__fish_seen_subcommand_from {}' -l {}\n", each.name,
                         flag.substr(2));
  }
  return out;
}
}  // namespace

void add_completion(CLI::App& app, Session& session) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = add_command(app, "completion", "Completion script of a shell",
                                  "  source <(trueup completion bash)\n"
                                  "  trueup completion zsh > ~/.zfunc/_trueup\n"
                                  "  trueup completion fish > ~/.config/fish/completions/trueup.fish");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, &session, shell] {
    session.run = [&app, &session, shell] {
      const auto commands = commands_of(app);
      const std::string script = *shell == "bash"  ? bash(commands)
                                 : *shell == "zsh" ? zsh(commands)
                                                   : fish(commands);
      session.result["shell"] = *shell;
      session.result["script"] = script;
      session.out(script);
      return exit_done;
    };
  });
}

}  // namespace trueup::cli
