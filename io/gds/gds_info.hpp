// What a layout file holds, as text.
#pragma once

#include <string>

namespace symwave::io {

/// Unit, cells, and of each top cell a line per layer: polygons, united area, extent, labels; then
/// what was left out or repaired. Not collective. UserError as ReadTextFile, ParseGds, FlattenGds.
std::string GdsInfo(const std::string& path);

/// Whether the name is that of a layout: .gds or .gds2, also compressed (.gz).
bool IsGdsName(const std::string& path);

}  // namespace symwave::io
