// The types of a deck's values.
#pragma once

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/units.hpp"
#include "io/schema.hpp"

namespace symwave::io {

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  bool Holds(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
  }
  /// "> 0", "between 0 and 1", "" for all numbers.
  std::string Text() const;
};

inline Range Any() {
  return {};
}
inline Range Positive() {
  return {0, std::numeric_limits<double>::infinity(), true, false};
}
inline Range AtLeast(double low) {
  return {low, std::numeric_limits<double>::infinity(), false, false};
}
inline Range Between(double low, double high) {
  return {low, high, false, false};
}

Type<double> Real(base::Unit unit, Range range = Any());
Type<bool> Bool();
Type<std::string> Text();
/// A file, relative to the deck's folder; the value is the path from the working directory.
Type<std::string> Path();

/// "grid.cell must be ..., not a list": UserError unless the node is a scalar.
void RequireScalar(const DeckNode& node, const Context& context, const std::string& expected);
void RequireList(const DeckNode& node, const Context& context, const std::string& expected,
                 size_t least, size_t most);
/// Runs `read` and puts place and path in front of its UserError.
[[noreturn]] void FailAt(const DeckNode& node, const Context& context, const std::string& reason);
long long ReadInteger(const DeckNode& node, const Context& context, long long low, long long high);
size_t ReadChoice(const DeckNode& node, const Context& context,
                  const std::vector<std::string>& names);
TypeInfo IntegerInfo(long long low, long long high);
TypeInfo ChoiceInfo(const std::vector<std::string>& names);
TypeInfo ListInfo(const TypeInfo& entry, size_t least, size_t most);
TypeInfo MapInfo(const TypeInfo& entry);

template <class I>
Type<I> Integer(long long low = 0, long long high = std::numeric_limits<int>::max()) {
  return {IntegerInfo(low, high),
          [low, high](const DeckNode& node, const Context& context, I& value) {
            value = static_cast<I>(ReadInteger(node, context, low, high));
          },
          [](const I& value) { return Json(value); }};
}

/// Names in a deck for the values of an enumeration.
template <class E>
Type<E> Choice(std::vector<std::pair<std::string, E>> options) {
  std::vector<std::string> names;
  for (const auto& option : options) names.push_back(option.first);
  return {ChoiceInfo(names),
          [options, names](const DeckNode& node, const Context& context, E& value) {
            value = options[ReadChoice(node, context, names)].second;
          },
          [options](const E& value) {
            for (const auto& [name, option] : options) {
              if (option == value) return Json(name);
            }
            return Json();
          }};
}

constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

template <class V>
Type<std::vector<V>> ListOf(Type<V> entry, size_t least = 0, size_t most = kUnlimited) {
  const TypeInfo info = ListInfo(entry.info, least, most);
  return {info,
          [entry, info, least, most](const DeckNode& node, const Context& context,
                                     std::vector<V>& values) {
            RequireList(node, context, info.text, least, most);
            values.clear();
            for (size_t k = 0; k < node.items.size(); ++k) {
              V value{};
              entry.read(node.items[k], context.At(k), value);
              values.push_back(std::move(value));
            }
          },
          [entry](const std::vector<V>& values) {
            Json list = Json::array();
            for (const V& value : values) list.push_back(entry.write(value));
            return list;
          }};
}

/// One value or a list of them; a list of one is written as the value.
template <class V>
Type<std::vector<V>> OneOrListOf(Type<V> entry, size_t least = 1, size_t most = kUnlimited) {
  const auto list = ListOf(entry, least, most);
  TypeInfo info = list.info;
  info.text = entry.info.text + " or " + list.info.text;
  info.json = AnyOf({entry.info.json, list.info.json});
  return {info,
          [entry, list](const DeckNode& node, const Context& context, std::vector<V>& values) {
            if (node.kind == DeckNode::Kind::List) return list.read(node, context, values);
            V value{};
            entry.read(node, context, value);
            values.assign(1, value);
          },
          [entry, list](const std::vector<V>& values) {
            return values.size() == 1 ? entry.write(values[0]) : list.write(values);
          }};
}

/// A list that is not written while it is empty.
template <class V>
Type<std::vector<V>> OptionalList(Type<std::vector<V>> list) {
  return {list.info, list.read, [list](const std::vector<V>& values) {
            return values.empty() ? Json() : list.write(values);
          }};
}

template <class V, size_t N>
Type<std::array<V, N>> ArrayOf(Type<V> entry) {
  const TypeInfo info = ListInfo(entry.info, N, N);
  return {info,
          [entry, info](const DeckNode& node, const Context& context, std::array<V, N>& values) {
            RequireList(node, context, info.text, N, N);
            for (size_t k = 0; k < N; ++k) {
              entry.read(node.items[k], context.At(k), values[k]);
            }
          },
          [entry](const std::array<V, N>& values) {
            Json list = Json::array();
            for (const V& value : values) list.push_back(entry.write(value));
            return list;
          }};
}

/// [x, y] for any struct with members x and y.
template <class P>
Type<P> PointOf(Type<double> coordinate) {
  const auto pair = ArrayOf<double, 2>(coordinate);
  return {pair.info,
          [pair](const DeckNode& node, const Context& context, P& point) {
            std::array<double, 2> values{};
            pair.read(node, context, values);
            point.x = values[0];
            point.y = values[1];
          },
          [pair](const P& point) {
            return pair.write({point.x, point.y});
          }};
}

/// A section with names of the deck's own.
template <class V>
Type<std::map<std::string, V>> MapOf(Type<V> entry) {
  return {MapInfo(entry.info),
          [entry](const DeckNode& node, const Context& context, std::map<std::string, V>& values) {
            RequireSection(node, context);
            for (const auto& [name, child] : node.entries) {
              entry.read(child, context.At(name), values[name]);
            }
          },
          [entry](const std::map<std::string, V>& values) {
            Json section = Json::object();
            for (const auto& [name, value] : values) section[name] = entry.write(value);
            return section;
          }};
}

/// Not there, or null, unless the deck gives it.
template <class V>
Type<std::optional<V>> Maybe(Type<V> type) {
  return {type.info,
          [type](const DeckNode& node, const Context& context, std::optional<V>& value) {
            value.reset();
            if (node.kind != DeckNode::Kind::Null) type.read(node, context, value.emplace());
          },
          [type](const std::optional<V>& value) { return value ? type.write(*value) : Json(); }};
}

}  // namespace symwave::io
