#include <algorithm>

#include "domain/base/error.hpp"
#include "io/hdf5.hpp"
#include "io/hdf5_types.hpp"

namespace symwave::io {

void Hdf5File::Describe(const std::string& name, const Description& description) {
  if (!description.unit.empty()) WriteAttribute(name, "unit", description.unit);
  if (!description.text.empty()) WriteAttribute(name, "description", description.text);
}

void Hdf5File::WriteAttributeArray(const std::string& object, const std::string& name, hid_t type,
                                   const void* values, hsize_t count) {
  const Hdf5Handle owner(H5Oopen(file_.Get(), AbsoluteName(object).c_str(), H5P_DEFAULT), H5Oclose,
                         comm_);
  Check(owner.Valid(), fmt::format("has no object {}", object));
  const Hdf5Handle space = SpaceOf(count == 1 ? Shape{} : Shape{count});
  const Hdf5Handle attribute(
      H5Acreate2(owner.Get(), name.c_str(), type, space.Get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      comm_);
  const bool ok = attribute.Valid() && H5Awrite(attribute.Get(), type, values) >= 0;
  Check(ok, fmt::format("cannot write the attribute {} of {}", name, object));
}

void Hdf5File::WriteAttribute(const std::string& object, const std::string& name,
                              const std::string& text) {
  WriteAttributeArray(object, name, TextType(text.size(), text).Get(), text.c_str(), 1);
}

Hdf5Handle Hdf5File::OpenAttribute(const std::string& object, const std::string& name) const {
  const std::string path = AbsoluteName(object);
  Hdf5Handle attribute;
  if (Has(object) && H5Aexists_by_name(file_.Get(), path.c_str(), name.c_str(), H5P_DEFAULT) > 0) {
    attribute = Hdf5Handle(
        H5Aopen_by_name(file_.Get(), path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose, comm_);
  }
  base::ThrowIfAnyFailed(
      comm_, attribute.Valid() ? "" : fmt::format("{}: {} has no attribute {}", path_, path, name));
  return attribute;
}

std::string Hdf5File::ReadTextAttribute(const std::string& object, const std::string& name) const {
  const Hdf5Handle attribute = OpenAttribute(object, name);
  const Hdf5Handle stored(H5Aget_type(attribute.Get()), H5Tclose);
  const bool text =
      H5Tget_class(stored.Get()) == H5T_STRING && H5Tis_variable_str(stored.Get()) == 0;
  base::ThrowIfAnyFailed(
      comm_,
      text ? "" : fmt::format("{}: the attribute {} of {} is not text", path_, name, object));
  std::string value(H5Tget_size(stored.Get()), '\0');
  const bool ok = H5Aread(attribute.Get(), stored.Get(), value.data()) >= 0;
  Check(ok, fmt::format("cannot read the attribute {} of {}", name, object));
  value.resize(std::min(value.size(), value.find('\0')));
  return value;
}

void Hdf5File::WriteText(const std::string& name, const std::string& text,
                         const Description& description) {
  WriteArray(name, TextType(text.size(), text).Get(), text.c_str(), {}, true, description);
}

void Hdf5File::WriteTexts(const std::string& name, const std::vector<std::string>& texts,
                          const Description& description) {
  size_t width = 1;
  for (const std::string& text : texts) width = std::max(width, text.size());
  std::string block;
  for (std::string text : texts) {
    text.resize(width, '\0');
    block += text;
  }
  const Shape shape{texts.size()};
  WriteArray(name, TextType(width, block).Get(), block.data(), {shape, {0}, shape}, true,
             description);
}

std::vector<std::string> Hdf5File::ReadTexts(const std::string& name) const {
  const Hdf5Handle dataset = OpenDataset(name);
  const Hdf5Handle stored(H5Dget_type(dataset.Get()), H5Tclose);
  const bool text =
      H5Tget_class(stored.Get()) == H5T_STRING && H5Tis_variable_str(stored.Get()) == 0;
  base::ThrowIfAnyFailed(comm_,
                         text ? "" : fmt::format("{}: {} is not text", path_, AbsoluteName(name)));
  const size_t width = H5Tget_size(stored.Get());
  const size_t count = Product(Extent(name));
  std::string block(width * count, '\0');
  ReadArray(name, stored.Get(), block.data(), nullptr);
  std::vector<std::string> texts;
  for (size_t k = 0; k < count; ++k) {
    const std::string padded = block.substr(k * width, width);
    texts.push_back(padded.substr(0, padded.find('\0')));
  }
  return texts;
}

std::string Hdf5File::ReadText(const std::string& name) const {
  const auto texts = ReadTexts(name);
  return texts.empty() ? "" : texts.front();
}

template <class T>
void Hdf5File::WriteAttribute(const std::string& object, const std::string& name,
                              const std::vector<T>& values) {
  WriteAttributeArray(object, name, Hdf5TypeOf<T>().Get(), values.data(), values.size());
}

template <class T>
std::vector<T> Hdf5File::ReadAttribute(const std::string& object, const std::string& name) const {
  const Hdf5Handle attribute = OpenAttribute(object, name);
  const Hdf5Handle space(H5Aget_space(attribute.Get()), H5Sclose);
  std::vector<T> values(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space.Get())));
  const bool ok = H5Aread(attribute.Get(), Hdf5TypeOf<T>().Get(), values.data()) >= 0;
  Check(ok, fmt::format("cannot read the attribute {} of {}", name, object));
  return values;
}

#define SYMWAVE_HDF5_ATTRIBUTE(T)                                                   \
  template void Hdf5File::WriteAttribute<T>(const std::string&, const std::string&, \
                                            const std::vector<T>&);                 \
  template std::vector<T> Hdf5File::ReadAttribute<T>(const std::string&, const std::string&) const;

SYMWAVE_HDF5_ATTRIBUTE(double)
SYMWAVE_HDF5_ATTRIBUTE(float)
SYMWAVE_HDF5_ATTRIBUTE(std::int32_t)
SYMWAVE_HDF5_ATTRIBUTE(std::int64_t)
SYMWAVE_HDF5_ATTRIBUTE(std::uint64_t)
SYMWAVE_HDF5_ATTRIBUTE(std::complex<double>)

}  // namespace symwave::io
