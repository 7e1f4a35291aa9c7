#include "io/insitu/catalyst_script.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "domain/base/error.hpp"
#include "domain/base/process.hpp"

namespace symwave::io::insitu {

ScriptFacts FactsOf(const std::string& text) {
  std::istringstream lines(text);
  std::string code;
  for (std::string line; std::getline(lines, line);) code += line.substr(0, line.find('#')) + "\n";

  ScriptFacts facts;
  facts.renders = std::regex_search(code, std::regex("View|Render|Screenshot"));
  const std::regex source(
      R"((Reader\w*|TrivialProducer|OpenDataFile)\s*\(\s*registrationName\s*=\s*['"]([^'"]+)['"])");
  for (std::sregex_iterator it(code.begin(), code.end(), source), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (std::find(facts.sources.begin(), facts.sources.end(), name) == facts.sources.end()) {
      facts.sources.push_back(name);
    }
  }
  return facts;
}

ScriptFacts ReadScript(const std::string& path) {
  namespace fs = std::filesystem;
  errno = 0;
  std::ifstream file(path);
  if (!file) {
    base::Fail("{}: the script cannot be read on {}: {}", path, base::HostName(),
               std::strerror(errno));
  }
  if (fs::is_directory(path) || fs::path(path).extension() == ".zip") return {};
  std::ostringstream text;
  text << file.rdbuf();
  return FactsOf(text.str());
}

}  // namespace symwave::io::insitu
