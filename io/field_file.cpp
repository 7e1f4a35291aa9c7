#include "io/field_file.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "io/atomic_file.hpp"
#include "io/hdf5.hpp"

namespace symwave::io {

namespace {

constexpr double kEqual = 1e-6;  // relative difference of spacings that counts as none

using Coordinates = std::array<std::vector<double>, 3>;

double Spacing(const std::vector<double>& positions) {
  const auto count = static_cast<double>(positions.size());
  return count < 2 ? 0 : (positions.back() - positions.front()) / (count - 1);
}

/// What is written, and in which of the two forms.
struct Picture {
  const Coordinates& at;
  bool image = true;     ///< VTKHDF, else rectilinear
  bool doubled = false;  ///< the plane is stored twice
  std::string file;      ///< name without folder
  std::string group;

  explicit Picture(const Coordinates& coordinates, const std::string& stem) : at(coordinates) {
    for (const auto& positions : at) {
      const double spacing = Spacing(positions);
      for (size_t i = 1; i < positions.size(); ++i) {
        if (std::abs(positions[i] - positions[i - 1] - spacing) > kEqual * spacing) image = false;
      }
    }
    doubled = image && at[2].size() == 1;
    group = image ? "/VTKHDF/PointData" : "/fields";
    file = std::filesystem::path(stem + (image ? ".hdf" : ".h5")).filename().string();
  }

  size_t Planes() const { return doubled ? 2 : at[2].size(); }
  double SpacingOf(int axis) const {
    const double spacing = Spacing(at[axis]);
    return spacing > 0 ? spacing : Spacing(at[0]);
  }
};

void WriteHeader(Hdf5File& file, const Picture& picture, const FieldFileOptions& options) {
  file.MakeGroup(picture.group);
  file.MakeGroup("/meta");
  file.WriteAttribute("/meta", "time", options.time);
  file.WriteAttribute("/meta", "length_unit", "um");
  file.WriteAttribute("/meta", "gridUnitSI", 1e-6);  // as openPMD calls it
  if (!options.time_unit.empty()) {
    file.WriteAttribute("/meta", "time_unit", options.time_unit);
    file.WriteAttribute("/meta", "iteration", std::int64_t{options.number});
  }
  const Coordinates& at = picture.at;
  if (!picture.image) {
    for (int axis = 0; axis < 3; ++axis) {
      file.Write(std::string("/coordinates/") + "xyz" [axis], at[axis], {}, {"um", ""});
    }
    return;
  }
  const std::string root = "/VTKHDF";
  const auto last = [](size_t count) { return static_cast<std::int64_t>(count) - 1; };
  file.WriteAttribute(root, "Version", std::vector<std::int64_t>{1, 0});
  file.WriteAttribute(root, "Type", "ImageData");
  file.WriteAttribute(root, "WholeExtent",
                      std::vector<std::int64_t>{0, last(at[0].size()), 0, last(at[1].size()), 0,
                                                last(picture.Planes())});
  file.WriteAttribute(root, "Origin", std::vector<double>{at[0][0], at[1][0], at[2][0]});
  file.WriteAttribute(
      root, "Spacing",
      std::vector<double>{picture.SpacingOf(0), picture.SpacingOf(1), picture.SpacingOf(2)});
  file.WriteAttribute(root, "Direction", std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1});
}

/// "z y x", the order of XDMF.
template <class T>
std::string Triple(const T& z, const T& y, const T& x) {
  return fmt::format("{} {} {}", z, y, x);
}

std::string Geometry(const Picture& picture) {
  const Coordinates& at = picture.at;
  const std::string size = Triple(at[2].size(), at[1].size(), at[0].size());
  if (picture.image) {
    return fmt::format(
        "      <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{}\"/>\n"
        "      <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n"
        "        <DataItem Dimensions=\"3\" Format=\"XML\">{}</DataItem>\n"
        "        <DataItem Dimensions=\"3\" Format=\"XML\">{}</DataItem>\n"
        "      </Geometry>\n",
        size, Triple(at[2][0], at[1][0], at[0][0]),
        Triple(picture.SpacingOf(2), picture.SpacingOf(1), picture.SpacingOf(0)));
  }
  std::string text = fmt::format(
      "      <Topology TopologyType=\"3DRectMesh\" Dimensions=\"{}\"/>\n"
      "      <Geometry GeometryType=\"VXVYVZ\">\n",
      size);
  for (int axis = 0; axis < 3; ++axis) {
    text += fmt::format(
        "        <DataItem Dimensions=\"{}\" NumberType=\"Float\" Precision=\"8\" "
        "Format=\"HDF\">{}:/coordinates/{}</DataItem>\n",
        at[axis].size(), picture.file, "xyz"[axis]);
  }
  return text + "      </Geometry>\n";
}

// Of a plane that is stored twice, both XDMF readers of ParaView 5.11 read the first: they begin at
// the first point and stop at the last of these dimensions. A HyperSlab is known to one of them.
std::string Attribute(const FieldArray& array, const Picture& picture) {
  const Coordinates& at = picture.at;
  return fmt::format(
      "      <Attribute Name=\"{0}\" AttributeType=\"Scalar\" Center=\"Node\">\n"
      "        <DataItem Dimensions=\"{1}\" NumberType=\"Float\" Precision=\"{4}\" "
      "Format=\"HDF\">{2}:{3}/{0}</DataItem>\n"
      "      </Attribute>\n",
      array.name, Triple(at[2].size(), at[1].size(), at[0].size()), picture.file, picture.group,
      array.float64 ? 8 : 4);
}

template <class Number>
void WriteArray(Hdf5File& file, const Picture& picture, const FieldArray& array,
                const std::vector<Number>& values, const Slab& slab) {
  const std::string name = picture.group + "/" + array.name;
  if (!picture.doubled) return file.WriteSlab(name, values.data(), slab, {array.unit, ""});
  std::vector<Number> twice = values;
  twice.insert(twice.end(), values.begin(), values.end());
  file.WriteSlab(name, twice.data(), slab, {array.unit, ""});
}

std::string GridOf(const Picture& picture, const std::vector<FieldArray>& arrays,
                   const std::string& name, double time) {
  std::string text = fmt::format(
      "    <Grid Name=\"{}\" GridType=\"Uniform\">\n"
      "      <Time Value=\"{}\"/>\n",
      name, time);
  text += Geometry(picture);
  for (const FieldArray& array : arrays) text += Attribute(array, picture);
  return text + "    </Grid>\n";
}

}  // namespace

FieldArray MakeFieldArray(const std::string& name, const std::string& unit,
                          std::vector<double> values, bool float64) {
  FieldArray array{name, unit, {}, float64, {}};
  if (float64) {
    array.exact = std::move(values);
  } else {
    array.values.assign(values.begin(), values.end());
  }
  return array;
}

bool IsImage(const Coordinates& coordinates) {
  return Picture(coordinates, "").image;
}

std::string XdmfOf(const std::vector<std::string>& grids) {
  const bool series = grids.size() > 1;
  std::string text = "<?xml version=\"1.0\"?>\n<Xdmf Version=\"2.0\">\n  <Domain>\n";
  if (series) {
    text += "    <Grid Name=\"series\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  }
  for (const std::string& grid : grids) text += grid;
  if (series) text += "    </Grid>\n";
  return text + "  </Domain>\n</Xdmf>\n";
}

std::string WriteFieldData(MPI_Comm comm, const std::string& stem, const Coordinates& coordinates,
                           const FieldPart& part, const std::vector<FieldArray>& arrays,
                           const FieldFileOptions& options) {
  base::FaultPoint("field_file/write");
  const Picture picture(coordinates, stem);
  const auto size = [](long n) { return static_cast<hsize_t>(n); };
  Slab slab{{picture.Planes(), coordinates[1].size(), coordinates[0].size()},
            {size(part.offset[2]), size(part.offset[1]), size(part.offset[0])},
            {size(part.count[2]), size(part.count[1]), size(part.count[0])}};
  if (picture.doubled) slab.count[0] *= 2;
  const std::string folder = std::filesystem::path(stem).parent_path().string();
  const std::string path = folder.empty() ? picture.file : folder + "/" + picture.file;
  ReplaceAtomically(comm, path, [&](const std::string& temporary) {
    Hdf5File file = Hdf5File::Create(comm, temporary);
    WriteHeader(file, picture, options);
    file.Compress(options.compression);
    for (const FieldArray& array : arrays) {
      base::Require(static_cast<long>(array.Size()) == part.Points(),
                    "a field array holds this rank's points");
      if (array.float64) {
        WriteArray(file, picture, array, array.exact, slab);
      } else {
        WriteArray(file, picture, array, array.values, slab);
      }
    }
    file.Close();
  });
  const bool of_series = !options.time_unit.empty();
  return GridOf(picture, arrays, of_series ? std::to_string(options.number) : "fields",
                options.time);
}

void WriteFieldBox(MPI_Comm comm, const std::string& stem, const Coordinates& coordinates,
                   const FieldPart& part, const std::vector<FieldArray>& arrays, double time,
                   int compression) {
  const std::string grid =
      WriteFieldData(comm, stem, coordinates, part, arrays, {time, "", 0, compression});
  WriteTextAtomically(comm, stem + ".xmf", XdmfOf({grid}));
}

void WriteField(MPI_Comm comm, const std::string& stem, const std::vector<double>& x,
                const std::vector<double>& y, int begin, int end,
                const std::vector<FieldArray>& arrays, double time) {
  const size_t ny = y.size();
  const FieldPart part{{begin, 0, 0}, {end - begin, static_cast<long>(ny), end > begin ? 1 : 0}};
  std::vector<FieldArray> rows = arrays;
  const auto columns = static_cast<size_t>(end - begin);
  for (size_t a = 0; a < arrays.size(); ++a) {
    base::Require(arrays[a].values.size() == columns * ny,
                  "a field array holds this rank's columns");
    for (size_t i = 0; i < columns; ++i) {
      for (size_t j = 0; j < ny; ++j)
        rows[a].values[j * columns + i] = arrays[a].values[i * ny + j];
    }
  }
  WriteFieldBox(comm, stem, {x, y, {0.0}}, part, rows, time);
}

}  // namespace symwave::io
