// GDSII streams made by hand.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace symwave::io::testing_gds {

/// A stream of one library with a database unit of 1 nm; records as the manual numbers them.
class Stream {
 public:
  explicit Stream(double unit_in_metres = 1e-9) {
    Record(0x00, 2, Numbers16({600}));
    Record(0x01, 2, std::string(24, '\0'));
    Record(0x02, 6, "LIB.");
    Record(0x03, 5, Real(1e-3) + Real(unit_in_metres));
  }

  Stream& Cell(const std::string& name) {
    Record(0x05, 2, std::string(24, '\0'));
    return Record(0x06, 6, Even(name));
  }
  Stream& EndCell() { return Record(0x07, 0, ""); }
  Stream& EndElement() { return Record(0x11, 0, ""); }

  Stream& Boundary(int layer, const std::vector<std::pair<int, int>>& points) {
    Record(0x08, 0, "").Layer(layer, 0x0e);
    return Points(points).EndElement();
  }
  Stream& Box(int layer, const std::vector<std::pair<int, int>>& points) {
    Record(0x2d, 0, "").Layer(layer, 0x2e);
    return Points(points).EndElement();
  }
  Stream& Path(int layer, int type, int width, const std::vector<std::pair<int, int>>& points,
               int begin = 0, int end = 0) {
    Record(0x09, 0, "").Layer(layer, 0x0e);
    Record(0x21, 2, Numbers16({type}));
    Record(0x0f, 3, Numbers32({width}));
    if (type == 4) Record(0x30, 3, Numbers32({begin})).Record(0x31, 3, Numbers32({end}));
    return Points(points).EndElement();
  }
  Stream& Label(int layer, std::pair<int, int> at, const std::string& text) {
    Record(0x0c, 0, "").Layer(layer, 0x16);
    return Points({at}).Record(0x19, 6, Even(text)).EndElement();
  }
  Stream& Reference(const std::string& cell, std::pair<int, int> at, double angle = 0,
                    bool mirrored = false, double magnification = 1) {
    Record(0x0a, 0, "").Record(0x12, 6, Even(cell));
    return Transformed(angle, mirrored, magnification).Points({at}).EndElement();
  }
  Stream& Array(const std::string& cell, int columns, int rows,
                const std::vector<std::pair<int, int>>& corners, double angle = 0) {
    Record(0x0b, 0, "").Record(0x12, 6, Even(cell));
    Transformed(angle, false, 1).Record(0x13, 2, Numbers16({columns, rows}));
    return Points(corners).EndElement();
  }
  Stream& Record(int type, int data_type, const std::string& data) {
    const size_t length = data.size() + 4;
    bytes_ += static_cast<char>(length >> 8);
    bytes_ += static_cast<char>(length & 0xff);
    bytes_ += static_cast<char>(type);
    bytes_ += static_cast<char>(data_type);
    bytes_ += data;
    return *this;
  }
  /// The whole file.
  std::string Bytes() const {
    Stream end(*this);
    return end.Record(0x04, 0, "").bytes_;
  }
  std::string Unfinished() const { return bytes_; }

  static std::string Numbers16(const std::vector<int>& values) {
    std::string data;
    for (const int v : values) {
      data += static_cast<char>(v >> 8 & 0xff);
      data += static_cast<char>(v & 0xff);
    }
    return data;
  }
  static std::string Numbers32(const std::vector<int>& values) {
    std::string data;
    for (const int v : values) data += Numbers16({v >> 16, v & 0xffff});
    return data;
  }
  /// Sign, exponent of 16 with offset 64, mantissa of 56 bits.
  static std::string Real(double value) {
    std::string data(8, '\0');
    if (value == 0) return data;
    int exponent = 64;
    double mantissa = std::abs(value);
    for (; mantissa >= 1; mantissa /= 16) ++exponent;
    for (; mantissa < 1.0 / 16; mantissa *= 16) --exponent;
    data[0] = static_cast<char>(exponent | (value < 0 ? 0x80 : 0));
    auto rest = static_cast<std::uint64_t>(std::ldexp(mantissa, 56));
    for (size_t k = 7; k > 0; --k, rest >>= 8) data[k] = static_cast<char>(rest & 0xff);
    return data;
  }

 private:
  static std::string Even(std::string text) {
    if (text.size() % 2 != 0) text += '\0';
    return text;
  }
  Stream& Layer(int layer, int kind) {
    return Record(0x0d, 2, Numbers16({layer})).Record(kind, 2, Numbers16({0}));
  }
  Stream& Points(const std::vector<std::pair<int, int>>& points) {
    std::string data;
    for (const auto& [x, y] : points) data += Numbers32({x, y});
    return Record(0x10, 3, data);
  }
  Stream& Transformed(double angle, bool mirrored, double magnification) {
    Record(0x1a, 1, Numbers16({mirrored ? 0x8000 : 0}));
    return Record(0x1b, 5, Real(magnification)).Record(0x1c, 5, Real(angle));
  }

  std::string bytes_;
};

}  // namespace symwave::io::testing_gds
