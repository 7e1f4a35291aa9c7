// What a reader of layouts leaves out or repairs: each kind once, with its number and first place.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace symwave::io {

class GdsRemarks {
 public:
  /// `what`: "polygons without area are left out"; `place`: "cell TOP, layer 1/0, at (0, 1) um".
  void Add(const std::string& what, const std::string& place);
  void Add(const GdsRemarks& more);
  /// "chip.gds: 3 polygons without area are left out; the first: cell TOP, ..." per kind.
  std::vector<std::string> Sentences(const std::string& path) const;
  bool Empty() const { return kinds_.empty(); }

 private:
  struct Kind {
    long count = 0;
    std::string first;
  };
  std::map<std::string, Kind> kinds_;
};

}  // namespace symwave::io
