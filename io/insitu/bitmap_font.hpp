// Letters of 5 x 7 dots, as on the displays of instruments.
#pragma once

#include <array>
#include <cstdint>

namespace symwave::io::insitu {

/// Columns of a letter from left to right; bit 0 is the upper dot. Of 32 (space) to 126 (~).
const std::array<std::uint8_t, 5>& Glyph(char letter);

}  // namespace symwave::io::insitu
