// What a run's status.json says to a user.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace symwave::io {

/// Null where there is none or it is not an object.
nlohmann::ordered_json ReadStatus(const std::string& path);
/// 0 and "" where the key is missing or of another type.
double StatusNumber(const nlohmann::ordered_json& status, const char* key);
std::string StatusWord(const nlohmann::ordered_json& status, const char* key);

/// Some lines about the run in `folder`, from its files alone: state, work, rate, time left, last
/// checkpoint, restarts; whether the process still lives, where that can be known. UserError
/// without a status.json or where it is not readable.
std::string StatusText(const std::string& folder);

}  // namespace symwave::io
