// symwave: the command line. Starts and stops; the work is done by Execute.
#include <CLI/CLI.hpp>
#include <iostream>

#include "domain/base/error.hpp"
#include "domain/base/runtime.hpp"
#include "jobs/cli/command_line.hpp"
#include "jobs/cli/commands.hpp"
#include "jobs/run/version.hpp"

namespace {

using namespace symwave;

/// UserError.
[[noreturn]] void Refuse(const CLI::App& app, const CLI::ParseError& error,
                         const std::string& given) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::string nearest = base::Nearest(given, names);
  if (!nearest.empty() && nearest != given) {
    base::Fail(
        "{} is not a command (did you mean {}?)\n       run 'symwave --help' for the commands",
        given, nearest);
  }
  base::Fail("{}\n       run 'symwave --help' for the commands", error.what());
}

}  // namespace

int main(int argc, char** argv) {
  jobs::cli::Command command;
  CLI::App app{
      "symwave: full-wave optics over MPI; photonic chips that learn by forward fields only",
      "symwave"};
  jobs::cli::DescribeCommands(app, command);
  base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] {
    try {
      app.parse(argc, argv);
    } catch (const CLI::Success& help) {
      return runtime.Rank() == 0 ? app.exit(help) : 0;
    } catch (const CLI::ParseError& error) {
      Refuse(app, error, argc > 1 ? argv[1] : "");
    }
    for (const CLI::App* chosen : app.get_subcommands()) {
      return jobs::cli::Execute(chosen->get_name(), command, runtime);
    }
    if (runtime.Rank() == 0) {
      std::cout << (app.count("--version") > 0 ? jobs::run::VersionText() : app.help());
    }
    return 0;
  });
}
