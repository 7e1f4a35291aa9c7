// What this program is made of.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace symwave::jobs::run {

/// Version of symwave, as in CMakeLists.txt.
std::string Version();

/// Versions of the libraries in use, and the file the BLAS comes from.
nlohmann::ordered_json LibraryVersions();

/// The text of `symwave --version`.
std::string VersionText();

}  // namespace symwave::jobs::run
