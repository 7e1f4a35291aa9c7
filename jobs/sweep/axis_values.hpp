// The values of one axis of a sweep: lists, ranges, random numbers, seeds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/deck.hpp"

namespace symwave::jobs::sweep {

/// Of a list `[0.4 um, 0.45 um]`, or of a range `{from: 0.4 um, to: 0.5 um, count: 3}`, both ends
/// among its equally spaced values. `key` is for messages. UserError with the node's place.
std::vector<io::DeckNode> ListedValues(const io::DeckNode& node, const std::string& key);

/// `count` numbers, uniform of `{from, to}` or normal of `{mean, sigma}`. They depend on the seed,
/// the key and their place in the list alone: more of them begin with the same ones.
std::vector<io::DeckNode> RandomValues(const io::DeckNode& node, const std::string& key, long count,
                                       std::uint64_t seed);

/// 1, 2 ... of a number, or a list as it is.
std::vector<io::DeckNode> SeedValues(const io::DeckNode& node, const std::string& key);

/// Members of a sweep, and values of an axis, at most.
inline constexpr long kMostMembers = 100000;

}  // namespace symwave::jobs::sweep
