#include "io/field_file.hpp"

#include <algorithm>
#include <filesystem>

#include "domain/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/hdf5.hpp"

namespace symwave::io {

namespace {

/// Columns of this rank, j fastest, to two planes with x fastest: [z][j][i].
std::vector<float> TwoPlanes(const std::vector<float>& columns, int count, int ny) {
  std::vector<float> planes(2 * columns.size());
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < ny; ++j) {
      planes[static_cast<size_t>(j) * count + i] = columns[static_cast<size_t>(i) * ny + j];
    }
  }
  std::copy(planes.begin(), planes.begin() + columns.size(), planes.begin() + columns.size());
  return planes;
}

double Thickness(const FieldLattice& lattice) {
  return lattice.spacing[0];
}

void WriteHeader(Hdf5File& file, const FieldLattice& lattice, double time) {
  const std::string root = "/VTKHDF";
  file.MakeGroup(root + "/PointData");
  file.WriteAttribute(root, "Version", std::vector<std::int64_t>{1, 0});
  file.WriteAttribute(root, "Type", "ImageData");
  file.WriteAttribute(root, "WholeExtent",
                      std::vector<std::int64_t>{0, lattice.nx - 1, 0, lattice.ny - 1, 0, 1});
  file.WriteAttribute(root, "Origin",
                      std::vector<double>{lattice.origin[0], lattice.origin[1], 0.0});
  file.WriteAttribute(
      root, "Spacing",
      std::vector<double>{lattice.spacing[0], lattice.spacing[1], Thickness(lattice)});
  file.WriteAttribute(root, "Direction", std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1});
  file.MakeGroup("/meta");
  file.WriteAttribute("/meta", "time", time);
  file.WriteAttribute("/meta", "length_unit", "um");
}

std::string Attribute(const FieldArray& array, const FieldLattice& lattice,
                      const std::string& file) {
  return fmt::format(
      "      <Attribute Name=\"{0}\" AttributeType=\"Scalar\" Center=\"Node\">\n"
      "        <DataItem ItemType=\"HyperSlab\" Dimensions=\"1 {1} {2}\">\n"
      "          <DataItem Dimensions=\"3 3\" Format=\"XML\">0 0 0  1 1 1  1 {1} {2}</DataItem>\n"
      "          <DataItem Dimensions=\"2 {1} {2}\" NumberType=\"Float\" Precision=\"4\" "
      "Format=\"HDF\">{3}:/VTKHDF/PointData/{0}</DataItem>\n"
      "        </DataItem>\n"
      "      </Attribute>\n",
      array.name, lattice.ny, lattice.nx, file);
}

std::string Xdmf(const FieldLattice& lattice, const std::vector<FieldArray>& arrays,
                 const std::string& file, double time) {
  std::string text = fmt::format(
      "<?xml version=\"1.0\"?>\n"
      "<Xdmf Version=\"2.0\">\n"
      "  <Domain>\n"
      "    <Grid Name=\"chip\" GridType=\"Uniform\">\n"
      "      <Time Value=\"{}\"/>\n"
      "      <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"1 {} {}\"/>\n"
      "      <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n"
      "        <DataItem Dimensions=\"3\" Format=\"XML\">0 {} {}</DataItem>\n"
      "        <DataItem Dimensions=\"3\" Format=\"XML\">{} {} {}</DataItem>\n"
      "      </Geometry>\n",
      time, lattice.ny, lattice.nx, lattice.origin[1], lattice.origin[0], Thickness(lattice),
      lattice.spacing[1], lattice.spacing[0]);
  for (const FieldArray& array : arrays) text += Attribute(array, lattice, file);
  return text + "    </Grid>\n  </Domain>\n</Xdmf>\n";
}

}  // namespace

void WriteField(MPI_Comm comm, const std::string& stem, const FieldLattice& lattice, int begin,
                int end, const std::vector<FieldArray>& arrays, double time) {
  const int count = end - begin;
  const auto size = [](int n) { return static_cast<hsize_t>(n); };
  ReplaceAtomically(comm, stem + ".hdf", [&](const std::string& temporary) {
    Hdf5File file = Hdf5File::Create(comm, temporary);
    WriteHeader(file, lattice, time);
    const Slab slab{{2, size(lattice.ny), size(lattice.nx)},
                    {0, 0, size(begin)},
                    {2, size(lattice.ny), size(count)}};
    for (const FieldArray& array : arrays) {
      base::Require(array.values.size() == size(count) * size(lattice.ny),
                    "a field array holds this rank's columns");
      const std::vector<float> planes = TwoPlanes(array.values, count, lattice.ny);
      file.WriteSlab("/VTKHDF/PointData/" + array.name, planes.data(), slab, {array.unit, ""});
    }
    file.Close();
  });
  const std::string name = std::filesystem::path(stem + ".hdf").filename().string();
  WriteTextAtomically(comm, stem + ".xmf", Xdmf(lattice, arrays, name, time));
}

}  // namespace symwave::io
