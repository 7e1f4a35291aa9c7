#include "io/hdf5_types.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace symwave::io {

namespace {

Hdf5Handle ComplexType(hid_t part, size_t size) {
  const hid_t type = H5Tcreate(H5T_COMPOUND, 2 * size);
  H5Tinsert(type, "r", 0, part);
  H5Tinsert(type, "i", size, part);
  return {type, H5Tclose};
}

}  // namespace

template <>
Hdf5Handle Hdf5TypeOf<double>() {
  return {H5Tcopy(H5T_NATIVE_DOUBLE), H5Tclose};
}

template <>
Hdf5Handle Hdf5TypeOf<float>() {
  return {H5Tcopy(H5T_NATIVE_FLOAT), H5Tclose};
}

template <>
Hdf5Handle Hdf5TypeOf<std::int32_t>() {
  return {H5Tcopy(H5T_NATIVE_INT32), H5Tclose};
}

template <>
Hdf5Handle Hdf5TypeOf<std::int64_t>() {
  return {H5Tcopy(H5T_NATIVE_INT64), H5Tclose};
}

template <>
Hdf5Handle Hdf5TypeOf<std::uint64_t>() {
  return {H5Tcopy(H5T_NATIVE_UINT64), H5Tclose};
}

template <>
Hdf5Handle Hdf5TypeOf<std::complex<double>>() {
  return ComplexType(H5T_NATIVE_DOUBLE, sizeof(double));
}

template <>
Hdf5Handle Hdf5TypeOf<std::complex<float>>() {
  return ComplexType(H5T_NATIVE_FLOAT, sizeof(float));
}

Hdf5Handle TextType(std::size_t length, const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 128; });
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, std::max<std::size_t>(length, 1));
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  return {type, H5Tclose};
}

Hdf5Handle SpaceOf(const Shape& shape) {
  return {shape.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
          H5Sclose};
}

hsize_t Product(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>());
}

std::string AbsoluteName(const std::string& name) {
  return !name.empty() && name[0] == '/' ? name : "/" + name;
}

}  // namespace symwave::io
