#include "io/insitu/canvas.hpp"

#include <zlib.h>

#include "domain/base/error.hpp"
#include "io/insitu/bitmap_font.hpp"

namespace symwave::io::insitu {

namespace {

/// ASCII for each letter of UTF-8.
std::string Ascii(const std::string& text) {
  std::string letters;
  for (size_t k = 0; k < text.size(); ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if (byte < 0x80) {
      letters += text[k];
    } else if (byte >= 0xC0) {
      const bool micro = text.compare(k, 2, "\xC2\xB5") == 0 || text.compare(k, 2, "\xCE\xBC") == 0;
      letters += micro ? 'u' : '?';
    }
  }
  return letters;
}

void AppendNumber(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
}

/// Length, kind, data and checksum of a part of a PNG file.
void AppendChunk(std::string& file, const std::string& kind, const std::string& data) {
  AppendNumber(file, static_cast<std::uint32_t>(data.size()));
  const std::string summed = kind + data;
  file += summed;
  AppendNumber(file,
               static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(summed.data()),
                                                static_cast<uInt>(summed.size()))));
}

std::string Deflate(const std::string& data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string packed(size, '\0');
  const int code =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(data.data()), static_cast<uLong>(data.size()), 3);
  base::Require(code == Z_OK, "zlib packs what has room");
  packed.resize(size);
  return packed;
}

}  // namespace

Canvas::Canvas(int width, int height, Colour background)
    : width_(width), height_(height), pixels_(static_cast<size_t>(width) * height * 3) {
  Fill(0, 0, width, height, background);
}

void Canvas::Set(int x, int y, Colour colour) {
  if (x < 0 || x >= width_ || y < 0 || y >= height_) return;
  const size_t first = (static_cast<size_t>(y) * width_ + x) * 3;
  for (size_t k = 0; k < 3; ++k) pixels_[first + k] = colour[k];
}

void Canvas::Fill(int x, int y, int width, int height, Colour colour) {
  for (int row = y; row < y + height; ++row) {
    for (int column = x; column < x + width; ++column) Set(column, row, colour);
  }
}

void Canvas::Frame(int x, int y, int width, int height, Colour colour) {
  Fill(x, y, width, 1, colour);
  Fill(x, y + height - 1, width, 1, colour);
  Fill(x, y, 1, height, colour);
  Fill(x + width - 1, y, 1, height, colour);
}

void Canvas::Text(int x, int y, int size, const std::string& text, Colour colour) {
  for (const char letter : Ascii(text)) {
    const auto& columns = Glyph(letter);
    for (int column = 0; column < 5; ++column) {
      for (int row = 0; row < 8; ++row) {
        if ((columns[static_cast<size_t>(column)] >> row & 1) == 0) continue;
        Fill(x + column * size, y + row * size, size, size, colour);
      }
    }
    x += 6 * size;
  }
}

int Canvas::TextWidth(int size, const std::string& text) {
  return 6 * size * static_cast<int>(Ascii(text).size());
}

std::string Canvas::Png() const {
  std::string header;
  AppendNumber(header, static_cast<std::uint32_t>(width_));
  AppendNumber(header, static_cast<std::uint32_t>(height_));
  header += std::string("\x08\x02\x00\x00\x00", 5);  // 8 bits, RGB, no interlacing
  const size_t row = static_cast<size_t>(width_) * 3;
  std::string rows;
  rows.reserve((row + 1) * height_);
  for (int y = 0; y < height_; ++y) {
    rows += '\0';  // no filter
    rows.append(reinterpret_cast<const char*>(pixels_.data() + y * row), row);
  }
  std::string file("\x89PNG\r\n\x1a\n", 8);
  AppendChunk(file, "IHDR", header);
  AppendChunk(file, "IDAT", Deflate(rows));
  AppendChunk(file, "IEND", "");
  return file;
}

}  // namespace symwave::io::insitu
