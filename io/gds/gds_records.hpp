// The records that a GDSII stream file consists of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/gds/gds_library.hpp"

namespace symwave::io {

enum class GdsRecordType : std::uint8_t {
  Header = 0x00,
  BeginLibrary = 0x01,
  LibraryName = 0x02,
  Units = 0x03,
  EndLibrary = 0x04,
  BeginCell = 0x05,
  CellName = 0x06,
  EndCell = 0x07,
  Boundary = 0x08,
  Path = 0x09,
  Reference = 0x0a,
  ArrayReference = 0x0b,
  Text = 0x0c,
  Layer = 0x0d,
  DataType = 0x0e,
  Width = 0x0f,
  Points = 0x10,
  EndElement = 0x11,
  ReferredName = 0x12,
  ColumnsRows = 0x13,
  Node = 0x15,
  TextType = 0x16,
  String = 0x19,
  Transformation = 0x1a,
  Magnification = 0x1b,
  Angle = 0x1c,
  PathType = 0x21,
  NodeType = 0x2a,
  Box = 0x2d,
  BoxType = 0x2e,
  BeginExtension = 0x30,
  EndExtension = 0x31
};

/// One record; its data are read in the type that is asked for, UserError where they have another.
class GdsRecord {
 public:
  GdsRecord(std::uint8_t type, std::uint8_t data_type, std::string_view data, std::string where)
      : type_(type), data_type_(data_type), data_(data), where_(std::move(where)) {}

  GdsRecordType Type() const { return static_cast<GdsRecordType>(type_); }
  int Number() const { return type_; }
  /// "chip.gds: byte 120".
  const std::string& Where() const { return where_; }

  int Integer16(size_t k = 0) const;
  std::int32_t Integer32() const;
  double Real(size_t k = 0) const;
  std::vector<GdsPoint> Points() const;
  std::string Text() const;
  std::uint16_t Bits() const;

 private:
  /// At least `count` values of `size` bytes and of one of the types.
  void Need(size_t count, size_t size, std::uint8_t type, const char* what) const;

  std::uint8_t type_, data_type_;
  std::string_view data_;
  std::string where_;
};

class GdsRecordStream {
 public:
  GdsRecordStream(std::string_view bytes, std::string path)
      : bytes_(bytes), path_(std::move(path)) {}

  /// UserError behind the last byte: the file has no ENDLIB.
  GdsRecord Next();

 private:
  std::string_view bytes_;
  std::string path_;
  size_t at_ = 0;
};

}  // namespace symwave::io
