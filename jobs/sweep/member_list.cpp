#include "jobs/sweep/member_list.hpp"

#include <fstream>
#include <map>
#include <queue>
#include <sstream>

#include "domain/base/error.hpp"

namespace symwave::jobs::sweep {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kListFormat = 1;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Json ToJson(const Pairs& pairs) {
  Json section = Json::object();
  for (const auto& [key, value] : pairs) section[key] = value;
  return section;
}

Pairs ToPairs(const Json& section) {
  Pairs pairs;
  for (const auto& [key, value] : section.items()) {
    pairs.emplace_back(key, value.get<std::string>());
  }
  return pairs;
}

MemberList FromJson(const Json& json) {
  MemberList list;
  json.at("sweep").get_to(list.sweep);
  json.at("deck").get_to(list.deck);
  json.at("settings").get_to(list.assignments);
  json.at("plot").get_to(list.plot);
  list.fingerprint = ToPairs(json.at("deck_keys"));
  for (const Json& member : json.at("members")) list.members.push_back(ToPairs(member));
  return list;
}

}  // namespace

std::string ListPath(const std::string& directory) {
  return directory + "/" + kMemberList;
}

MemberList ParseList(const std::string& text, const std::string& path) {
  const Json json = Json::parse(text, nullptr, false);
  try {
    if (json.is_object() && json.value("format", 0) == kListFormat) return FromJson(json);
  } catch (const Json::exception&) {
    // Said below.
  }
  base::Fail("{}: is damaged or of another version; choose another --output", path);
}

MemberList ReadList(const std::string& directory) {
  const std::string path = ListPath(directory);
  std::ifstream file(path);
  if (!file) return {};
  std::ostringstream text;
  text << file.rdbuf();
  return ParseList(text.str(), path);
}

std::string TextOf(const MemberList& list) {
  Json members = Json::array();
  for (const Pairs& member : list.members) members.push_back(ToJson(member));
  const Json json = {{"format", kListFormat},
                     {"sweep", list.sweep},
                     {"deck", list.deck},
                     {"settings", list.assignments},
                     {"plot", list.plot},
                     {"deck_keys", ToJson(list.fingerprint)},
                     {"members", std::move(members)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<Member> InOrderOf(const MemberList& before, std::vector<Member> members,
                              const std::string& path, const std::string& sweep_file) {
  std::map<Pairs, std::queue<std::size_t>> places;  // equal members may stand there twice
  for (std::size_t k = 0; k < members.size(); ++k) places[members[k].Values()].push(k);
  std::vector<Member> ordered;
  std::vector<bool> taken(members.size());
  for (const Pairs& values : before.members) {
    std::queue<std::size_t>& place = places[values];
    if (place.empty()) {
      std::string text;
      for (const auto& [key, value] : values) {
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
      }
      base::Fail(
          "{}: member {} of this folder ({}) is not in {} now; put it back, or choose another "
          "--output",
          path, ordered.size() + 1, text, sweep_file);
    }
    ordered.push_back(std::move(members[place.front()]));
    taken[place.front()] = true;
    place.pop();
  }
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (!taken[k]) ordered.push_back(std::move(members[k]));
  }
  for (std::size_t k = 0; k < ordered.size(); ++k) ordered[k].number = static_cast<long>(k) + 1;
  return ordered;
}

}  // namespace symwave::jobs::sweep
