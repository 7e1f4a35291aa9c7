// The place in the deck in front of sentences of parts that do not know it.
#pragma once

#include <cctype>
#include <string>

#include "domain/base/error.hpp"

namespace symwave::jobs::deck {

/// Whether a sentence begins with a place, any line of the file of `where` or an override.
inline bool HasPlace(const std::string& sentence, const std::string& where) {
  if (sentence.rfind("--set ", 0) == 0 || sentence.rfind(where, 0) == 0) return true;
  const std::string file = where.substr(0, where.rfind(':') + 1);
  return !file.empty() && sentence.rfind(file, 0) == 0 && sentence.size() > file.size() &&
         std::isdigit(static_cast<unsigned char>(sentence[file.size()])) != 0;
}

/// Runs `work` and puts `where` in front of its UserError, unless that has a place already.
template <class Work>
auto AtPlace(const std::string& where, Work&& work) {
  try {
    return work();
  } catch (const base::UserError& error) {
    if (HasPlace(error.what(), where)) throw;
    base::Fail("{}: {}", where, error.what());
  }
}

}  // namespace symwave::jobs::deck
