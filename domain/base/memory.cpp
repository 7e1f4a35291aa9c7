#include "domain/base/memory.hpp"

#include <malloc.h>

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

double LimitOf(const std::string& group) {
  std::ifstream file(group + "/memory.max");
  double limit = 0;
  return file >> limit ? limit : kNoLimit;  // "max", or no such file
}

/// What the limit of a control group leaves.
double LeftIn(const std::string& group) {
  return std::max(0.0, LimitOf(group) - NumberAfter(group + "/memory.stat", "anon", 0));
}

/// Path of this process in the unified hierarchy: "0::/path".
std::string GroupOf(const std::string& proc) {
  std::ifstream file(proc + "/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("0::", 0) == 0) return line.substr(3);
  }
  return "/";
}

/// The smallest of what `bytes_of` says of the control group of this process and those above it.
double LeastOfGroups(const std::string& proc, const std::string& cgroup,
                     double (*bytes_of)(const std::string& group)) {
  double bytes = kNoLimit;
  std::string path = GroupOf(proc);
  for (;;) {
    bytes = std::min(bytes, bytes_of(cgroup + path));
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos || path.size() <= 1) return bytes;
    path = slash == 0 ? "/" : path.substr(0, slash);
  }
}

}  // namespace

double ResidentMemory(const std::string& proc) {
  return 1024 * NumberAfter(proc + "/self/status", "VmRSS:", 0);
}

double MemoryInUse(const std::string& proc) {
  malloc_trim(0);
  return ResidentMemory(proc);
}

double PeakMemory(const std::string& proc) {
  return 1024 * NumberAfter(proc + "/self/status", "VmHWM:", 0);
}

double AvailableMemory(const std::string& proc, const std::string& cgroup) {
  return std::min(1024 * NumberAfter(proc + "/meminfo", "MemAvailable:", kNoLimit),
                  LeastOfGroups(proc, cgroup, LeftIn));
}

double NodeMemory(const std::string& proc, const std::string& cgroup) {
  return std::min(1024 * NumberAfter(proc + "/meminfo", "MemTotal:", kNoLimit),
                  LeastOfGroups(proc, cgroup, LimitOf));
}

}  // namespace symwave::base
