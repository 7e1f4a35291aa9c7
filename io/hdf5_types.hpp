// HDF5 types and spaces of C++ values, shared by the parts of Hdf5File.
#pragma once

#include <complex>
#include <cstdint>
#include <string>

#include "io/hdf5.hpp"

namespace symwave::io {

/// Type in memory and in the file; specialised for the types that Hdf5File lists.
template <class T>
Hdf5Handle Hdf5TypeOf();
template <>
Hdf5Handle Hdf5TypeOf<double>();
template <>
Hdf5Handle Hdf5TypeOf<float>();
template <>
Hdf5Handle Hdf5TypeOf<std::int32_t>();
template <>
Hdf5Handle Hdf5TypeOf<std::int64_t>();
template <>
Hdf5Handle Hdf5TypeOf<std::uint64_t>();
template <>
Hdf5Handle Hdf5TypeOf<std::complex<double>>();
template <>
Hdf5Handle Hdf5TypeOf<std::complex<float>>();

/// Text of a fixed length, because MPI-IO cannot write strings of variable length. Marked as ASCII
/// where `text` is, which VTK's reader insists on, else as UTF-8.
Hdf5Handle TextType(std::size_t length, const std::string& text);

/// Scalar for an empty shape.
Hdf5Handle SpaceOf(const Shape& shape);

hsize_t Product(const Shape& shape);

/// The name with the slash of the root in front.
std::string AbsoluteName(const std::string& name);

}  // namespace symwave::io
