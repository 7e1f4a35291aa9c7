#include "jobs/sweep/collection.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/run_state.hpp"
#include "jobs/run/report.hpp"
#include "jobs/run/run_files.hpp"
#include "jobs/run/run_folder.hpp"
#include "jobs/sweep/collected_table.hpp"
#include "jobs/sweep/member_list.hpp"

namespace symwave::jobs::sweep {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr double kSignOfLife = 60;  // s; status.json is written every 2 s

using Numbers = std::vector<std::pair<std::string, double>>;

void Flatten(const Json& value, const std::string& key, Numbers& numbers) {
  if (value.is_object()) {
    for (const auto& [name, part] : value.items()) {
      Flatten(part, key.empty() ? name : key + "." + name, numbers);
    }
  } else if (value.is_array()) {
    for (std::size_t k = 0; k < value.size(); ++k) {
      Flatten(value[k], fmt::format("{}[{}]", key, k), numbers);
    }
  } else if (value.is_number() || value.is_boolean()) {
    numbers.emplace_back(key,
                         value.is_boolean() ? (value.get<bool>() ? 1 : 0) : value.get<double>());
  }
}

Numbers NumbersOf(Json summary) {
  const std::size_t warnings = summary.value("warnings", Json::array()).size();
  summary.erase("warnings");
  Numbers numbers;
  Flatten(summary, "", numbers);
  numbers.emplace_back("warnings", static_cast<double>(warnings));
  return numbers;
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  std::string sentence = text.str();
  while (!sentence.empty() && sentence.back() == '\n') sentence.pop_back();
  return sentence;
}

/// Of a run that has not ended, as its status says it.
void ReadState(const Json& status, MemberResult& result) {
  const std::string state = io::StatusWord(status, "state");
  const std::string failed = "failed: ";
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  if (state.rfind(failed, 0) == 0) {
    result.state = MemberState::Failed;
    result.reason = state.substr(failed.size());
  } else if (io::SaysRunning(status) && !io::IsGone(status) &&
             now.count() - io::StatusNumber(status, "written_at") < kSignOfLife) {
    result.state = MemberState::Running;
  } else {
    result.state = MemberState::Stopped;
    result.reason =
        io::SaysRunning(status) ? "without a sign of life: killed, or its node is gone" : state;
  }
}

/// Of a run that has ended.
void ReadResults(const std::string& folder, MemberResult& result) {
  const Json summary = io::ReadStatus(folder + "/summary.json");
  if (!summary.is_object()) {
    result.state = MemberState::Failed;
    result.reason = folder + "/summary.json is damaged";
    return;
  }
  result.numbers = NumbersOf(summary);
  result.state = MemberState::Done;
  for (const std::string& part : run::FailedParts(summary)) {
    result.state = MemberState::Incomplete;
    result.reason += (result.reason.empty() ? "" : ", ") + part;
  }
}

std::string Summary(const std::string& directory, const std::vector<MemberResult>& results,
                    Collected& collected) {
  constexpr long kMostFailures = 10;
  std::string counts, failures;
  for (const MemberState state :
       {MemberState::Done, MemberState::Incomplete, MemberState::Failed, MemberState::Running,
        MemberState::Stopped, MemberState::Missing}) {
    long count = 0;
    for (const MemberResult& result : results) {
      if (result.state != state) continue;
      ++count;
      if (state != MemberState::Failed || count > kMostFailures) continue;
      failures += fmt::format("  member {} failed: {}\n", result.number, result.reason);
    }
    if (count > kMostFailures && state == MemberState::Failed) {
      failures += fmt::format("  and {} more, see sweep.csv\n", count - kMostFailures);
    }
    if (state == MemberState::Done) collected.done = count;
    if (state == MemberState::Incomplete) collected.incomplete = count;
    if (state == MemberState::Failed) collected.failed = count;
    if (count > 0)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, StateName(state));
  }
  return fmt::format("{}: {} members: {}\n{}table: {}/sweep.csv\n", directory, results.size(),
                     counts, failures, directory);
}

}  // namespace

std::string StateName(MemberState state) {
  switch (state) {
    case MemberState::Done:
      return "done";
    case MemberState::Incomplete:
      return "incomplete";
    case MemberState::Failed:
      return "failed";
    case MemberState::Running:
      return "running";
    case MemberState::Stopped:
      return "stopped";
    default:
      return "missing";
  }
}

MemberResult ResultOf(const std::string& directory, long number) {
  MemberResult result;
  result.number = number;
  const std::string folder = MemberFolder(directory, number);
  const Json status = io::ReadStatus(folder + "/running/status.json");
  result.reason = TextOf(folder + "/" + run::kMemberFailure);
  if (!result.reason.empty()) {
    result.state = MemberState::Failed;
  } else if (status.is_object()) {
    ReadState(status, result);
  } else if (run::HasEnded(folder)) {
    ReadResults(folder, result);
  }
  return result;
}

void NoteFailure(const std::string& member_folder, const std::string& sentence) {
  const std::string path = member_folder + "/" + run::kMemberFailure;
  std::error_code ignored;
  if (sentence.empty()) {
    fs::remove(path, ignored);
    return;
  }
  try {
    io::ReplaceText(path, sentence + "\n");
  } catch (const base::UserError& error) {
    base::Warn("{}", error.what());
  }
}

Collected Collect(const std::string& directory) {
  const MemberList list = ReadList(directory);
  if (list.members.empty()) {
    base::Fail(
        "{}: there is no sweep_members.json in this folder; give the --output folder of a "
        "sweep",
        directory);
  }
  std::vector<MemberResult> results;
  for (std::size_t k = 0; k < list.members.size(); ++k) {
    results.push_back(ResultOf(directory, static_cast<long>(k) + 1));
  }
  io::ReplaceText(directory + "/sweep.csv", CsvText(list, results));
  io::ReplaceText(directory + "/sweep.json", JsonText(list, results));
  Collected collected;
  collected.members = static_cast<long>(results.size());
  collected.text = Summary(directory, results, collected);
  return collected;
}

}  // namespace symwave::jobs::sweep
