#include "io/gds/gds_remarks.hpp"

#include <fmt/core.h>

namespace symwave::io {

void GdsRemarks::Add(const std::string& what, const std::string& place) {
  Kind& kind = kinds_[what];
  if (kind.count++ == 0) kind.first = place;
}

void GdsRemarks::Add(const GdsRemarks& more) {
  for (const auto& [what, other] : more.kinds_) {
    Kind& kind = kinds_[what];
    if (kind.count == 0) kind.first = other.first;
    kind.count += other.count;
  }
}

std::vector<std::string> GdsRemarks::Sentences(const std::string& path) const {
  std::vector<std::string> sentences;
  for (const auto& [what, kind] : kinds_) {
    sentences.push_back(
        fmt::format("{}: {} {}; the first: {}", path, kind.count, what, kind.first));
  }
  return sentences;
}

}  // namespace symwave::io
