#include "io/field_series.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/base/log.hpp"
#include "domain/base/messages.hpp"
#include "io/atomic_file.hpp"

namespace symwave::io {

namespace fs = std::filesystem;

namespace {

std::string StemOf(const std::string& mesh, long number) {
  return fmt::format("{}_{:06}", mesh, number);
}

/// The text between two marks behind `from`, which moves behind the second; "" without them.
std::string Between(const std::string& text, const std::string& begin, const std::string& end,
                    size_t& from) {
  const size_t first = text.find(begin, from);
  if (first == std::string::npos) return "";
  const size_t last = text.find(end, first + begin.size());
  if (last == std::string::npos) return "";
  from = last + end.size();
  return text.substr(first + begin.size(), last - first - begin.size());
}

/// On every rank what rank 0 reads, "" where there is no such file.
std::string SharedText(MPI_Comm comm, const std::string& path) {
  std::string text;
  if (base::Communicator::RankIn(comm) == 0) {
    std::ifstream file(path);
    std::ostringstream all;
    if (file) all << file.rdbuf();
    text = all.str();
  }
  base::Broadcast(comm, text);
  return text;
}

/// The arrays of an entry of the .xmf.
std::vector<std::string> ArraysOf(const std::string& grid) {
  std::vector<std::string> names;
  for (size_t at = 0; at != std::string::npos;) {
    const std::string name = Between(grid, "<Attribute Name=\"", "\"", at);
    if (name.empty()) break;
    names.push_back(name);
  }
  return names;
}

}  // namespace

void FieldSeries::TellOfOthers(const FieldFrame& frame, const Entries& earlier) {
  if (earlier.empty()) return;
  std::vector<std::string> names;
  for (const FieldArray& array : frame.arrays) names.push_back(array.name);
  const std::vector<std::string> before = ArraysOf(earlier.begin()->second.grid);
  if (before == names) return;
  base::Warn(
      "output.fields: the files of {} before the run went on hold {}, those from here on {}; of a "
      "series ParaView shows what its first file has: open later ones by themselves",
      frame.mesh, base::Joined(before), base::Joined(names));
}

FieldSeries::Entries FieldSeries::Earlier(MPI_Comm comm, const std::string& mesh) const {
  Entries entries;
  if (options_.earlier.empty()) return entries;
  const std::string head = "    <Grid Name=\"", end = "    </Grid>\n";
  const std::string text = SharedText(comm, options_.earlier + "/" + mesh + ".xmf");
  size_t at = 0;
  while (true) {
    const std::string grid = Between(text, head, end, at);
    if (grid.empty()) break;
    // The head of the collection stands before its first grid.
    const size_t inner = grid.rfind(head);
    const std::string own = inner == std::string::npos ? grid : grid.substr(inner + head.size());
    size_t place = 0;
    const long number = std::strtol(own.c_str(), nullptr, 10);
    const std::string time = Between(own, "<Time Value=\"", "\"/>", place);
    if (number > 0) entries[number] = {std::strtod(time.c_str(), nullptr), head + own + end};
  }
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    for (const auto& entry : entries) {
      for (const char* ending : {".hdf", ".h5"}) {
        const std::string name = StemOf(mesh, entry.first) + ending;
        const fs::path from = fs::path(options_.earlier) / name,
                       to = fs::path(options_.folder) / name;
        if (fs::exists(from) && !fs::exists(to)) fs::copy_file(from, to);
      }
    }
  });
  return entries;
}

void FieldSeries::WriteIndex(MPI_Comm comm, const std::string& mesh, bool image) const {
  std::vector<std::pair<long, Entry>> ordered(meshes_.at(mesh).begin(), meshes_.at(mesh).end());
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.second.time < b.second.time; });
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  std::vector<std::string> grids;
  for (const auto& [number, entry] : ordered) {
    files.push_back({{"name", StemOf(mesh, number) + ".hdf"}, {"time", entry.time}});
    grids.push_back(entry.grid);
  }
  const std::string stem = options_.folder + "/" + mesh;
  WriteTextAtomically(comm, stem + ".xmf", XdmfOf(grids));
  if (!image) return;
  const nlohmann::ordered_json series{{"file-series-version", "1.0"}, {"files", files}};
  WriteTextAtomically(comm, stem + ".hdf.series", series.dump(1) + "\n");
}

void FieldSeries::Show(MPI_Comm comm, const FieldFrame& frame) {
  if (!options_.numbered) {
    WriteFieldBox(comm, options_.folder + "/" + frame.mesh, frame.coordinates, frame.part,
                  frame.arrays, frame.time, options_.compression);
    return;
  }
  if (meshes_.count(frame.mesh) == 0) {
    meshes_[frame.mesh] = Earlier(comm, frame.mesh);
    TellOfOthers(frame, meshes_[frame.mesh]);
  }
  const std::string stem = options_.folder + "/" + StemOf(frame.mesh, frame.number);
  meshes_[frame.mesh][frame.number] = {
      frame.time,
      WriteFieldData(comm, stem, frame.coordinates, frame.part, frame.arrays,
                     {frame.time, frame.time_unit, frame.number, options_.compression})};
  WriteIndex(comm, frame.mesh, IsImage(frame.coordinates));
}

}  // namespace symwave::io
