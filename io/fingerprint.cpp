#include "io/fingerprint.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/checksum.hpp"

namespace symwave::io {

namespace {

constexpr const char* kFile = "file ";
constexpr std::size_t kShown = 60;  // letters of a value in a sentence

void Flatten(const YAML::Node& node, const std::string& key,
             std::vector<std::pair<std::string, std::string>>& flat) {
  if (node.IsMap() && node.size() > 0) {
    for (const auto& item : node) {
      const auto name = item.first.as<std::string>();
      Flatten(item.second, key.empty() ? name : key + "." + name, flat);
    }
  } else if (node.IsSequence() && node.size() > 0) {
    for (std::size_t k = 0; k < node.size(); ++k) {
      Flatten(node[k], fmt::format("{}[{}]", key, k), flat);
    }
  } else {
    const char* empty = node.IsMap() ? "{}" : node.IsSequence() ? "[]" : "";
    flat.emplace_back(key, node.IsScalar() ? node.Scalar() : empty);
  }
}

/// `pattern` from `p` on stands for `text` from `t` on.
bool IsLike(const std::string& text, std::size_t t, const std::string& pattern, std::size_t p) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] != '*') {
    return t < text.size() && text[t] == pattern[p] && IsLike(text, t + 1, pattern, p + 1);
  }
  for (std::size_t next = t; next <= text.size(); ++next) {
    if (IsLike(text, next, pattern, p + 1)) return true;
  }
  return false;
}

std::string Shown(const std::string& value) {
  return value.size() <= kShown ? value : value.substr(0, kShown) + " ...";
}

std::string Difference(const std::string& key, const std::string* before, const std::string* now) {
  if (key.rfind(kFile, 0) == 0) {
    const std::string name = key.substr(std::string(kFile).size());
    return fmt::format("it was made with {} of {} and there is now {}", name,
                       before ? *before : "no content", now ? *now : "none");
  }
  const std::string made =
      before ? fmt::format("with {}: {}", key, Shown(*before)) : "without " + key;
  if (!now) return "it was made " + made + ", which the deck lacks now";
  return fmt::format("it was made {}, and the deck now says {}", made, Shown(*now));
}

/// But for the last bits of a number, which a list and a range of the same values differ in.
bool IsSame(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (a.find('.') == std::string::npos && b.find('.') == std::string::npos) return false;
  char *after_a = nullptr, *after_b = nullptr;
  const double x = std::strtod(a.c_str(), &after_a), y = std::strtod(b.c_str(), &after_b);
  const bool numbers = after_a != a.c_str() && after_b != b.c_str();
  return numbers && std::strcmp(after_a, after_b) == 0 &&
         std::abs(x - y) <= 4 * std::numeric_limits<double>::epsilon() * std::abs(x);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> FlattenYaml(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> flat;
  try {
    const YAML::Node node = YAML::Load(text);
    if (!node.IsNull()) Flatten(node, "", flat);
  } catch (const YAML::Exception& error) {
    base::Fail("the deck is not YAML: {}", error.what());
  }
  return flat;
}

bool KeyIsLike(const std::string& key, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return IsLike(key, 0, pattern, 0); });
}

void Fingerprint::AddDeck(const std::string& resolved, const Ignores& ignores) {
  for (const auto& [key, value] : FlattenYaml(resolved)) {
    if (!ignores || !ignores(key)) Add(key, value);
  }
}

void Fingerprint::AddFile(MPI_Comm comm, const std::string& name_in_deck, const std::string& path) {
  std::uint64_t size_and_sum[2] = {0, 0};
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    std::ifstream file(path, std::ios::binary);
    if (!file) base::Fail("{}: cannot be read", path);
    Checksum checksum;
    std::vector<char> buffer(1 << 16);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
           file.gcount() > 0) {
      checksum.Update(buffer.data(), static_cast<std::size_t>(file.gcount()));
      size_and_sum[0] += static_cast<std::uint64_t>(file.gcount());
    }
    size_and_sum[1] = checksum.Value();
  });
  base::Mpi(MPI_Bcast(size_and_sum, 2, MPI_UINT64_T, 0, comm));
  Add(kFile + name_in_deck,
      fmt::format("{} bytes (checksum {:016x})", size_and_sum[0], size_and_sum[1]));
}

std::string Fingerprint::Text() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [key, value] : entries_) list.push_back({key, value});
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Fingerprint Fingerprint::FromText(const std::string& text, const std::string& path) {
  const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
  Fingerprint fingerprint;
  bool good = list.is_array();
  for (std::size_t k = 0; good && k < list.size(); ++k) {
    const nlohmann::json& pair = list[k];
    good = pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (good) fingerprint.Add(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  if (!good) base::Fail("{}: is damaged, its fingerprint is not readable", path);
  return fingerprint;
}

std::string Fingerprint::WhyNotFrom(const Fingerprint& saved, const std::string& path,
                                    const Ignores& ignores) const {
  const std::map<std::string, std::string> before(saved.entries_.begin(), saved.entries_.end());
  const std::map<std::string, std::string> now(entries_.begin(), entries_.end());
  const auto find = [](const std::map<std::string, std::string>& in, const std::string& key) {
    const auto found = in.find(key);
    return found == in.end() ? nullptr : &found->second;
  };
  // In the order of the deck: keys of now first, then those that are gone.
  std::vector<Entry> all = entries_;
  all.insert(all.end(), saved.entries_.begin(), saved.entries_.end());
  for (const auto& [key, unused] : all) {
    if (ignores && ignores(key)) continue;
    const std::string* old_value = find(before, key);
    const std::string* new_value = find(now, key);
    if (old_value && new_value && IsSame(*old_value, *new_value)) continue;
    return fmt::format(
        "{}: is of another run: {}; set it back, or start again "
        "without --resume",
        path, Difference(key, old_value, new_value));
  }
  return "";
}

void Fingerprint::Require(const Fingerprint& saved, const std::string& path,
                          const Ignores& ignores) const {
  const std::string refusal = WhyNotFrom(saved, path, ignores);
  if (!refusal.empty()) throw base::UserError(refusal);
}

}  // namespace symwave::io
