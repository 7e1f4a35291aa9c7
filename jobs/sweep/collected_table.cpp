#include "jobs/sweep/collected_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

namespace symwave::jobs::sweep {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kTableFormat = 1;

/// The number a value begins with, and what follows it; no number: the whole is what follows.
std::pair<std::string, std::string> Split(const std::string& value) {
  char* after = nullptr;
  const double number = std::strtod(value.c_str(), &after);
  if (after == value.c_str() || !std::isfinite(number)) return {"", value};
  const std::size_t length = static_cast<std::size_t>(after - value.c_str());
  const std::size_t unit = value.find_first_not_of(' ', length);
  return {value.substr(0, length), unit == std::string::npos ? "" : value.substr(unit)};
}

void FindUnit(Column& column) {
  std::set<std::string> units;
  bool numeric = true;
  for (const std::string& value : column.values) {
    const auto [number, unit] = Split(value);
    numeric = numeric && !number.empty();
    units.insert(unit);
  }
  column.numeric = numeric && units.size() == 1;
  if (!column.numeric) return;
  column.unit = *units.begin();
  for (std::string& value : column.values) value = Split(value).first;
}

std::string Quoted(const std::string& cell) {
  if (cell.find_first_of("\",\n\r") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t k = 0; k < cells.size(); ++k) line += (k > 0 ? "," : "") + Quoted(cells[k]);
  return line + "\r\n";
}

/// In the order in which they first come.
std::vector<std::string> NumberNames(const std::vector<MemberResult>& results) {
  std::vector<std::string> names;
  std::set<std::string> known;
  for (const MemberResult& result : results) {
    for (const auto& [name, unused] : result.numbers) {
      if (known.insert(name).second) names.push_back(name);
    }
  }
  return names;
}

}  // namespace

std::vector<Column> SweptColumns(const MemberList& list) {
  std::vector<Column> columns;
  for (const auto& [key, unused] : list.members.at(0)) columns.push_back({key, "", {}, false});
  // Members of a sweep that was extended by a key would name others.
  for (const auto& member : list.members) {
    const std::map<std::string, std::string> values(member.begin(), member.end());
    for (Column& column : columns) {
      const auto found = values.find(column.key);
      column.values.push_back(found == values.end() ? "" : found->second);
    }
  }
  for (Column& column : columns) FindUnit(column);
  return columns;
}

std::string CsvText(const MemberList& list, const std::vector<MemberResult>& results) {
  const std::vector<Column> columns = SweptColumns(list);
  const std::vector<std::string> names = NumberNames(results);
  std::vector<std::string> header{"member"};
  for (const Column& column : columns) {
    header.push_back(column.unit.empty() ? column.key
                                         : fmt::format("{} [{}]", column.key, column.unit));
  }
  header.insert(header.end(), {"state", "reason"});
  header.insert(header.end(), names.begin(), names.end());
  std::string text = Line(header);
  for (std::size_t k = 0; k < results.size(); ++k) {
    const MemberResult& result = results[k];
    const std::map<std::string, double> numbers(result.numbers.begin(), result.numbers.end());
    std::vector<std::string> cells{std::to_string(result.number)};
    for (const Column& column : columns) cells.push_back(column.values[k]);
    cells.insert(cells.end(), {StateName(result.state), result.reason});
    for (const std::string& name : names) {
      const auto found = numbers.find(name);
      cells.push_back(found == numbers.end() ? "" : fmt::format("{}", found->second));
    }
    text += Line(cells);
  }
  return text;
}

std::string JsonText(const MemberList& list, const std::vector<MemberResult>& results) {
  const std::vector<Column> columns = SweptColumns(list);
  Json json = {
      {"format", kTableFormat},          {"sweep", list.sweep},     {"deck", list.deck},
      {"settings", list.assignments},    {"plot", list.plot},       {"keys", Json::array()},
      {"numbers", NumberNames(results)}, {"members", Json::array()}};
  for (const Column& column : columns) {
    json["keys"].push_back(
        {{"key", column.key}, {"unit", column.unit}, {"numeric", column.numeric}});
  }
  for (std::size_t k = 0; k < results.size(); ++k) {
    const MemberResult& result = results[k];
    Json values = Json::array(), numbers = Json::object();
    for (const Column& column : columns) {
      if (column.numeric) {
        values.push_back(std::strtod(column.values[k].c_str(), nullptr));
      } else {
        values.push_back(column.values[k]);
      }
    }
    for (const auto& [name, number] : result.numbers) numbers[name] = number;
    json["members"].push_back(
        {{"member", result.number},
         {"folder", std::filesystem::path(MemberFolder("", result.number)).filename().string()},
         {"values", std::move(values)},
         {"state", StateName(result.state)},
         {"reason", result.reason},
         {"numbers", std::move(numbers)}});
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace symwave::jobs::sweep
