#include "jobs/sweep/axis_values.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>

#include "domain/base/error.hpp"
#include "domain/base/random.hpp"
#include "domain/base/units.hpp"
#include "io/schema_types.hpp"

namespace symwave::jobs::sweep {

using io::DeckNode;

namespace {

using namespace symwave::io;

/// A number and the symbol of its unit, whatever that is: the deck's own key knows.
struct Quantity {
  double number = 0;
  std::string symbol;
};

Quantity ReadQuantity(const DeckNode& node, const std::string& path) {
  const char* text = node.text.c_str();
  char* after = nullptr;
  const double number =
      node.kind == DeckNode::Kind::Scalar ? std::strtod(text, &after) : std::nan("");
  if (node.kind != DeckNode::Kind::Scalar || after == text || !std::isfinite(number)) {
    base::Fail("{}: {} must be a number, with the unit of the key, such as 0.4 um; it is {}",
               node.where, path, FlowText(node));
  }
  const std::string rest = after;
  const std::size_t start = rest.find_first_not_of(" \t");
  return {number, start == std::string::npos ? "" : rest.substr(start)};
}

DeckNode NumberNode(double number, const std::string& symbol, const std::string& where) {
  DeckNode node;
  node.kind = DeckNode::Kind::Scalar;
  node.text = fmt::format("{:.12g}{}{}", number, symbol.empty() ? "" : " ", symbol);
  node.where = where;
  return node;
}

/// Two numbers in the unit of the first, named by the keys of a section.
struct Pair {
  double first = 0, second = 0;
  std::string symbol;
};

Pair ReadPair(const DeckNode& node, const std::string& path, const char* first,
              const char* second) {
  const DeckNode &one = *node.Find(first), &other = *node.Find(second);
  const Quantity a = ReadQuantity(one, path + "." + first);
  const Quantity b = ReadQuantity(other, path + "." + second);
  if (a.symbol == b.symbol || b.number == 0) return {a.number, b.number, a.symbol};
  if (a.number == 0) return {0, b.number, b.symbol};
  const std::optional<double> ratio = base::UnitRatio(b.symbol, a.symbol);
  if (ratio) return {a.number, b.number * *ratio, a.symbol};
  base::Fail("{}: {} of {} is {} and {} is {}: write both with units that are of one quantity",
             other.where, first, path, one.text, second, other.text);
}

/// Names and what they are.
using Keys = std::vector<std::pair<const char*, const char*>>;

/// Refuses keys other than these, all of which must be there.
void RequireKeys(const DeckNode& node, const std::string& path, const Keys& keys) {
  SectionInfo info;
  for (const auto& [name, sentence] : keys) {
    KeyInfo key;
    key.name = name;
    key.required = true;
    key.sentence = sentence;
    info.keys.push_back(key);
  }
  CheckKeys(node, {path, ""}, info);
}

long ReadCount(const DeckNode& node, const std::string& path) {
  return static_cast<long>(ReadInteger(node, {path, ""}, 1, kMostMembers));
}

std::vector<DeckNode> RangeValues(const DeckNode& node, const std::string& path) {
  RequireKeys(node, path,
              {{"from", "The first value."},
               {"to", "The last value."},
               {"count", "How many values, at equal distances."}});
  const Pair ends = ReadPair(node, path, "from", "to");
  const long count = ReadCount(*node.Find("count"), path + ".count");
  const double from = ends.first, step = ends.second - from;
  if (count == 1 && step != 0) {
    base::Fail("{}: {} has a count of 1 between two different ends; give 2 or more, or a list",
               node.where, path);
  }
  std::vector<DeckNode> values;
  for (long k = 0; k < count; ++k) {
    const double share = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0;
    values.push_back(NumberNode(from + share * step, ends.symbol, node.where));
  }
  return values;
}

/// FNV-1a: the same everywhere, other than std::hash.
std::uint64_t HashOf(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

std::vector<DeckNode> ListedValues(const DeckNode& node, const std::string& key) {
  if (node.kind == DeckNode::Kind::Section) return RangeValues(node, key);
  if (node.kind != DeckNode::Kind::List || node.items.empty()) {
    base::Fail(
        "{}: {} must be a list of values, such as [0.4 um, 0.45 um], or a range {{from: 0.4 um, "
        "to: "
        "0.5 um, count: 3}}; it is {}",
        node.where, key, FlowText(node));
  }
  return node.items;
}

std::vector<DeckNode> RandomValues(const DeckNode& node, const std::string& key, long count,
                                   std::uint64_t seed) {
  if (node.kind != DeckNode::Kind::Section) {
    base::Fail(
        "{}: {} must say how it is drawn: {{from: 0.4 um, to: 0.5 um}} or {{mean: 0.45 um, sigma: "
        "0.005 um}}; it is {}",
        node.where, key, FlowText(node));
  }
  const bool normal = node.Find("mean") || node.Find("sigma");
  const Keys keys =
      normal ? Keys{{"mean", "Of the normal distribution."}, {"sigma", "Its standard deviation."}}
             : Keys{{"from", "The least value."}, {"to", "The largest value."}};
  RequireKeys(node, key, keys);
  const Pair pair = ReadPair(node, key, keys[0].first, keys[1].first);
  if (normal && pair.second < 0) {
    base::Fail("{}: {}.sigma must be >= 0, it is {}", node.where, key, node.Find("sigma")->text);
  }
  std::mt19937_64 generator(base::MixSeed(seed, HashOf(key)));
  const double a = pair.first, b = pair.second;
  std::vector<DeckNode> values;
  for (long k = 0; k < count; ++k) {
    const double number =
        normal ? a + b * base::Gaussian(generator) : a + (b - a) * base::Uniform(generator);
    values.push_back(NumberNode(number, pair.symbol, node.where));
  }
  return values;
}

std::vector<DeckNode> SeedValues(const DeckNode& node, const std::string& key) {
  if (node.kind == DeckNode::Kind::List) return ListedValues(node, key);
  const long count = ReadCount(node, key);
  std::vector<DeckNode> values;
  for (long k = 1; k <= count; ++k) {
    values.push_back(NumberNode(static_cast<double>(k), "", node.where));
  }
  return values;
}

}  // namespace symwave::jobs::sweep
