#include "domain/base/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace symwave::base {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// The number behind `key` in a file of lines "key number"; `missing` where there is none.
double NumberAfter(const std::string& path, const std::string& key, double missing) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    double number = 0;
    if (words >> word >> number && word == key) return number;
  }
  return missing;
}

/// What the limit of one control group leaves.
double Left(const std::string& group) {
  std::ifstream file(group + "/memory.max");
  double limit = 0;
  if (!(file >> limit)) return kNoLimit;  // "max", or no such file
  return std::max(0.0, limit - NumberAfter(group + "/memory.stat", "anon", 0));
}

/// Path of this process in the unified hierarchy: "0::/path".
std::string GroupOf(const std::string& proc) {
  std::ifstream file(proc + "/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("0::", 0) == 0) return line.substr(3);
  }
  return "/";
}

}  // namespace

double ResidentMemory(const std::string& proc) {
  return 1024 * NumberAfter(proc + "/self/status", "VmRSS:", 0);
}

double AvailableMemory(const std::string& proc, const std::string& cgroup) {
  double bytes = 1024 * NumberAfter(proc + "/meminfo", "MemAvailable:", kNoLimit);
  std::string path = GroupOf(proc);
  for (;;) {
    bytes = std::min(bytes, Left(cgroup + path));
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos || path.size() <= 1) break;
    path = slash == 0 ? "/" : path.substr(0, slash);
  }
  return bytes;
}

}  // namespace symwave::base
