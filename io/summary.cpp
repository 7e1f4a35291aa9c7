#include "io/summary.hpp"

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/deck.hpp"

namespace symwave::io {

void WriteSummary(MPI_Comm comm, const std::string& path, nlohmann::ordered_json summary) {
  base::FaultPoint("summary/write");
  summary["warnings"] = base::Warnings();
  ChangeSummary(comm, path, summary);
}

void ChangeSummary(MPI_Comm comm, const std::string& path, const nlohmann::ordered_json& summary) {
  // The library writes NaN and infinities as null; bytes that are not UTF-8 are replaced.
  const auto handler = nlohmann::ordered_json::error_handler_t::replace;
  WriteTextAtomically(comm, path, summary.dump(2, ' ', false, handler) + "\n");
}

nlohmann::ordered_json ReadSummary(MPI_Comm comm, const std::string& path) {
  const std::string text = ReadTextFile(comm, path, "summary");
  auto summary = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!summary.is_object()) base::Fail("{}: is not a JSON object; it may have been cut off", path);
  return summary;
}

}  // namespace symwave::io
