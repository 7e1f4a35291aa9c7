#include "io/folder_files.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <system_error>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace fs = std::filesystem;

namespace {

void RequireListed(const std::string& folder, const std::error_code& error) {
  if (error) base::Fail("{}: cannot be listed: {}", folder, error.message());
}

template <class Iterator>
std::vector<std::string> Matching(const std::string& folder, const std::string& pattern) {
  std::vector<std::string> paths;
  std::error_code error;
  if (!fs::exists(folder, error) && !error) return paths;
  RequireListed(folder, error);
  const std::regex name(pattern);
  Iterator entry(folder, error);
  RequireListed(folder, error);
  while (entry != Iterator()) {
    const fs::path path = entry->path();
    std::error_code gone;  // meanwhile
    if (std::regex_match(path.filename().string(), name) && entry->is_regular_file(gone)) {
      paths.push_back(path.string());
    }
    entry.increment(error);
    RequireListed(fs::is_directory(path, gone) ? path.string() : folder, error);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::vector<std::string> FilesLike(const std::string& folder, const std::string& pattern) {
  return Matching<fs::directory_iterator>(folder, pattern);
}

std::vector<std::string> FilesBelow(const std::string& folder, const std::string& pattern) {
  return Matching<fs::recursive_directory_iterator>(folder, pattern);
}

}  // namespace symwave::io
