#include "io/gds/gds_records.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

using base::Fail;

std::uint8_t Byte(std::string_view data, size_t k) {
  return static_cast<std::uint8_t>(data[k]);
}

std::uint32_t Big32(std::string_view data, size_t k) {
  return static_cast<std::uint32_t>(Byte(data, k)) << 24 |
         static_cast<std::uint32_t>(Byte(data, k + 1)) << 16 |
         static_cast<std::uint32_t>(Byte(data, k + 2)) << 8 | Byte(data, k + 3);
}

}  // namespace

void GdsRecord::Need(size_t count, size_t size, std::uint8_t type, const char* what) const {
  if (data_type_ == type && data_.size() >= count * size) return;
  Fail(
      "{}: the record of type 0x{:02x} holds {} bytes of data type {}, but {} need {} bytes of "
      "data "
      "type {}; the file is damaged, write it again",
      where_, type_, data_.size(), data_type_, what, count * size, type);
}

int GdsRecord::Integer16(size_t k) const {
  Need(k + 1, 2, 2, "numbers of 16 bits");
  return static_cast<std::int16_t>(Byte(data_, 2 * k) << 8 | Byte(data_, 2 * k + 1));
}

std::uint16_t GdsRecord::Bits() const {
  Need(1, 2, 1, "bits");
  return static_cast<std::uint16_t>(Byte(data_, 0) << 8 | Byte(data_, 1));
}

std::int32_t GdsRecord::Integer32() const {
  Need(1, 4, 3, "numbers of 32 bits");
  return static_cast<std::int32_t>(Big32(data_, 0));
}

double GdsRecord::Real(size_t k) const {
  Need(k + 1, 8, 5, "real numbers");
  // Sign, exponent of 16 with offset 64, mantissa of 56 bits below 1.
  const double mantissa = static_cast<double>(
      static_cast<std::uint64_t>(Byte(data_, 8 * k + 1)) << 48 |
      static_cast<std::uint64_t>(Byte(data_, 8 * k + 2)) << 40 |
      static_cast<std::uint64_t>(Byte(data_, 8 * k + 3)) << 32 | Big32(data_, 8 * k + 4));
  const int head = Byte(data_, 8 * k);
  const double value = std::ldexp(mantissa, 4 * ((head & 0x7f) - 64) - 56);
  return (head & 0x80) != 0 ? -value : value;
}

std::vector<GdsPoint> GdsRecord::Points() const {
  Need(1, 8, 3, "coordinates");
  std::vector<GdsPoint> points(data_.size() / 8);
  for (size_t k = 0; k < points.size(); ++k) {
    points[k] = {static_cast<std::int32_t>(Big32(data_, 8 * k)),
                 static_cast<std::int32_t>(Big32(data_, 8 * k + 4))};
  }
  return points;
}

std::string GdsRecord::Text() const {
  Need(0, 1, 6, "names");
  // Names of an odd length are filled up with a zero.
  return std::string(data_.substr(0, data_.find('\0')));
}

GdsRecord GdsRecordStream::Next() {
  if (bytes_.size() - at_ < 4) {
    Fail(
        "{}: the file ends at byte {} without ENDLIB, the record that ends a GDSII file; it is cut "
        "off, copy it again",
        path_, bytes_.size());
  }
  const size_t length = static_cast<size_t>(Byte(bytes_, at_)) << 8 | Byte(bytes_, at_ + 1);
  std::string where = fmt::format("{}: byte {}", path_, at_);
  if (length < 4 || length > bytes_.size() - at_) {
    Fail(
        "{}: a record claims {} bytes, where it has at least 4 and at most the {} that are left of "
        "the file; it is cut off or damaged, copy it again",
        where, length, bytes_.size() - at_);
  }
  GdsRecord record(Byte(bytes_, at_ + 2), Byte(bytes_, at_ + 3), bytes_.substr(at_ + 4, length - 4),
                   std::move(where));
  at_ += length;
  return record;
}

}  // namespace symwave::io
