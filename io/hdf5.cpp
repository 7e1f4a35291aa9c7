#include "io/hdf5.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/job_end.hpp"
#include "io/array_checksum.hpp"
#include "io/file_seal.hpp"
#include "io/hdf5_error.hpp"
#include "io/hdf5_types.hpp"

namespace symwave::io {

namespace {

constexpr hsize_t kAligned = 8 << 20;    // bytes from which on a dataset is aligned
constexpr hsize_t kAlignment = 1 << 20;  // bytes
constexpr long kTables = 1 << 20;        // bytes, of HDF5's own in memory
constexpr double kClosing = 20;          // s, for them after a failure
constexpr double kWriting = 900;         // s, for all that HDF5 still holds

std::string ShapeText(const Shape& shape) {
  std::string text;
  for (const hsize_t n : shape) text += (text.empty() ? "" : " x ") + std::to_string(n);
  return text.empty() ? "scalar" : text;
}

Hdf5Handle CollectiveTransfer() {
  Hdf5Handle list(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  H5Pset_dxpl_mpio(list.Get(), H5FD_MPIO_COLLECTIVE);
  return list;
}

/// Selects this rank's part of a file space and makes the memory space to it.
Hdf5Handle SelectPart(const Hdf5Handle& file_space, const Shape& offset, const Shape& count) {
  Hdf5Handle memory = SpaceOf(count);
  if (count.empty()) return memory;
  if (Product(count) == 0) {
    H5Sselect_none(file_space.Get());
    H5Sselect_none(memory.Get());
    return memory;
  }
  H5Sselect_hyperslab(file_space.Get(), H5S_SELECT_SET, offset.data(), nullptr, count.data(),
                      nullptr);
  return memory;
}

const char* ClassName(H5T_class_t type) {
  switch (type) {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return "numbers";
    case H5T_COMPOUND:
      return "complex numbers";
    case H5T_STRING:
      return "text";
    default:
      return "something else";
  }
}

herr_t CollectName(hid_t, const char* name, const H5L_info_t*, void* data) {
  static_cast<std::vector<std::string>*>(data)->push_back(name);
  return 0;
}

herr_t CollectPath(hid_t, const char* name, const H5L_info_t*, void* data) {
  static_cast<std::vector<std::string>*>(data)->push_back(std::string("/") + name);
  return 0;
}

std::string StuckIn(const std::string& path) {
  return fmt::format(
      "error: {}: some ranks could not close it, and the others wait for them; the disk may be "
      "full or gone",
      path);
}

// HDF5 writes its tables when a file is closed. Where only some ranks find the disk full then, the
// others wait in MPI for ever.
DiskReserve ReserveFor(MPI_Comm comm, const std::string& path) {
  DiskReserve reserve;
  if (base::Communicator::RankIn(comm) == 0) reserve = DiskReserve(path, kTables);
  base::ThrowIfAnyFailed(comm, reserve.Fault());
  return reserve;
}

Hdf5Handle AccessOf(MPI_Comm comm) {
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_mpio(access.Get(), comm, MPI_INFO_NULL);
  // The tables of HDF5 1.8 and later have checksums; large arrays start at a stripe of the disk.
  H5Pset_libver_bounds(access.Get(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  H5Pset_alignment(access.Get(), kAligned, kAlignment);
  return access;
}

}  // namespace

Hdf5File::Hdf5File(MPI_Comm comm, std::string path, Hdf5Handle file)
    : comm_(comm), path_(std::move(path)), file_(std::move(file)) {}

Hdf5File Hdf5File::Create(MPI_Comm comm, const std::string& path) {
  base::FaultPoint("results/create");
  SilenceHdf5();
  const bool first = base::Communicator::RankIn(comm) == 0;
  base::ThrowIfAnyFailed(comm, first ? WhyNotWritable(path) : "");
  DiskReserve reserve = ReserveFor(comm, path);
  const Hdf5Handle access = AccessOf(comm);
  Hdf5Handle handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.Get()), H5Fclose,
                    comm);
  Hdf5File file(comm, path, std::move(handle));
  file.reserve_ = std::move(reserve);
  file.Check(file.file_.Valid(), "cannot be written");
  return file;
}

Hdf5File Hdf5File::OpenRead(MPI_Comm comm, const std::string& path) {
  return Open(comm, path, H5F_ACC_RDONLY);
}

Hdf5File Hdf5File::OpenUpdate(MPI_Comm comm, const std::string& path) {
  return Open(comm, path, H5F_ACC_RDWR);
}

Hdf5File Hdf5File::Open(MPI_Comm comm, const std::string& path, unsigned flags) {
  SilenceHdf5();
  const bool first = base::Communicator::RankIn(comm) == 0;
  // The library sees no file of which the structure is known to be damaged.
  std::string fault = first ? SealFault(path) : "";
  if (first && fault.empty()) fault = WhyNotHdf5(path);
  base::ThrowIfAnyFailed(comm, fault);
  DiskReserve reserve = flags == H5F_ACC_RDWR ? ReserveFor(comm, path) : DiskReserve();
  const Hdf5Handle access = AccessOf(comm);
  Hdf5Handle handle(H5Fopen(path.c_str(), flags, access.Get()), H5Fclose, comm);
  Hdf5File file(comm, path, std::move(handle));
  file.reserve_ = std::move(reserve);
  file.Check(file.file_.Valid(), "cannot be opened");
  return file;
}

void Hdf5File::Check(bool ok, const std::string& sentence) const {
  base::ThrowIfAnyFailed(comm_, ok ? "" : fmt::format("{}: {}: {}", path_, sentence, Hdf5Reason()));
}

Hdf5File::~Hdf5File() {
  if (!file_.Valid() || !base::MayCommunicate(comm_)) return;
  reserve_.Release();
  const base::Deadline deadline(kClosing + base::Communicator::RankIn(comm_), StuckIn(path_));
  file_.Close();
}

void Hdf5File::Close() {
  base::FaultPoint("results/close");
  reserve_.Release();
  const base::Deadline deadline(kWriting + base::Communicator::RankIn(comm_), StuckIn(path_));
  // Whether the data reached the disk is known only after both.
  const bool flushed = !file_.Valid() || H5Fflush(file_.Get(), H5F_SCOPE_GLOBAL) >= 0;
  const std::string error =
      flushed ? "" : fmt::format("{}: cannot be written: {}", path_, Hdf5Reason());
  const bool closed = file_.Close();
  base::ThrowIfAnyFailed(comm_, error);
  Check(closed, "cannot be written");
}

std::vector<std::string> Hdf5File::Datasets() const {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5O_info_t* info, void* data) -> herr_t {
    if (info->type == H5O_TYPE_DATASET) {
      static_cast<std::vector<std::string>*>(data)->push_back(std::string("/") + name);
    }
    return 0;
  };
  if (H5Ovisit2(file_.Get(), H5_INDEX_NAME, H5_ITER_INC, collect, &names, H5O_INFO_BASIC) < 0) {
    base::Fail("{}: is damaged, its list of datasets cannot be read: {}", path_, Hdf5Reason());
  }
  return names;
}

bool Hdf5File::Has(const std::string& name) const {
  const std::string path = AbsoluteName(name);
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (H5Lexists(file_.Get(), path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return path == "/" || H5Lexists(file_.Get(), path.c_str(), H5P_DEFAULT) > 0;
}

void Hdf5File::MakeGroup(const std::string& name) {
  if (Has(name)) return;
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.Get(), 1);
  const Hdf5Handle group(
      H5Gcreate2(file_.Get(), AbsoluteName(name).c_str(), links.Get(), H5P_DEFAULT, H5P_DEFAULT),
      H5Gclose, comm_);
  Check(group.Valid(), fmt::format("cannot make the group {}", name));
}

void Hdf5File::Copy(const Hdf5File& from, const std::string& name) {
  const std::string path = AbsoluteName(name);
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.Get(), 1);
  const bool copied = H5Ocopy(from.file_.Get(), path.c_str(), file_.Get(), path.c_str(),
                              H5P_DEFAULT, links.Get()) >= 0;
  Check(copied, fmt::format("cannot copy {} of {}", name, from.Path()));
}

std::vector<std::string> Hdf5File::Members(const std::string& group) const {
  std::vector<std::string> names;
  const std::string path = AbsoluteName(group);
  const bool ok =
      Has(group) && H5Literate_by_name(file_.Get(), path.c_str(), H5_INDEX_NAME, H5_ITER_INC,
                                       nullptr, CollectName, &names, H5P_DEFAULT) >= 0;
  base::ThrowIfAnyFailed(comm_, ok ? "" : fmt::format("{}: has no group {}", path_, path));
  return names;
}

Hdf5Handle Hdf5File::OpenDataset(const std::string& name) const {
  const std::string path = AbsoluteName(name);
  Hdf5Handle dataset;
  if (Has(name))
    dataset = Hdf5Handle(H5Dopen2(file_.Get(), path.c_str(), H5P_DEFAULT), H5Dclose, comm_);
  std::string error;
  if (!dataset.Valid()) {
    std::vector<std::string> names;
    H5Lvisit(file_.Get(), H5_INDEX_NAME, H5_ITER_NATIVE, CollectPath, &names);
    const std::string nearest = base::Nearest(path, names);
    error = fmt::format(
        "{}: has no dataset {}{}", path_, path,
        nearest.empty() || nearest == path ? "" : fmt::format(" (did you mean {}?)", nearest));
  }
  base::ThrowIfAnyFailed(comm_, error);
  return dataset;
}

Shape Hdf5File::Extent(const std::string& name) const {
  const Hdf5Handle dataset = OpenDataset(name);
  const Hdf5Handle space(H5Dget_space(dataset.Get()), H5Sclose);
  Shape shape(std::max(0, H5Sget_simple_extent_ndims(space.Get())));
  if (!shape.empty()) H5Sget_simple_extent_dims(space.Get(), shape.data(), nullptr);
  return shape;
}

/// Pieces of at most 64 points along each axis where slabs are to be compressed.
Hdf5Handle Hdf5File::Layout(const Slab& slab, bool replicated) const {
  Hdf5Handle layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  if (compression_ == 0 || replicated || Product(slab.global) == 0) return layout;
  Shape piece = slab.global;
  for (hsize_t& length : piece) length = std::min<hsize_t>(length, 64);
  H5Pset_chunk(layout.Get(), static_cast<int>(piece.size()), piece.data());
  H5Pset_shuffle(layout.Get());
  H5Pset_deflate(layout.Get(), static_cast<unsigned>(compression_));
  return layout;
}

void Hdf5File::WriteArray(const std::string& name, hid_t type, const void* values, const Slab& slab,
                          bool replicated, const Description& description) {
  base::FaultPoint("results/write");
  const std::string path = AbsoluteName(name);
  base::Require(slab.global.size() == slab.count.size(), "a slab has as many counts as dimensions");
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.Get(), 1);
  const Hdf5Handle space = SpaceOf(slab.global);
  const Hdf5Handle layout = Layout(slab, replicated);
  Hdf5Handle dataset(H5Dcreate2(file_.Get(), path.c_str(), type, space.Get(), links.Get(),
                                layout.Get(), H5P_DEFAULT),
                     H5Dclose, comm_);
  Check(dataset.Valid(), fmt::format("cannot make the dataset {}", path));

  if (Product(slab.global) == 0) return Describe(path, description);
  const bool in_place = H5Pget_layout(layout.Get()) != H5D_CHUNKED;
  base::ThrowIfAnyFailed(comm_, in_place && base::Communicator::RankIn(comm_) == 0
                                    ? WhyNotReserved(path_, H5Dget_offset(dataset.Get()),
                                                     H5Tget_size(type) * Product(slab.global))
                                    : "");
  const Hdf5Handle memory = SelectPart(space, slab.offset, slab.count);
  if (replicated && base::Communicator::RankIn(comm_) != 0) {
    H5Sselect_none(space.Get());
    H5Sselect_none(memory.Get());
  }
  const Hdf5Handle transfer = CollectiveTransfer();
  bool ok = H5Dwrite(dataset.Get(), type, memory.Get(), space.Get(), transfer.Get(), values) >= 0;
  const std::string sentence = fmt::format("cannot write {}", path);
  Check(ok, sentence);
  ok = dataset.Close();
  Check(ok, sentence);
  WriteChecksum(path, H5Tget_size(type), values, slab, replicated);
  Describe(path, description);
}

void Hdf5File::WriteChecksum(const std::string& name, std::size_t element_size, const void* values,
                             const Slab& slab, bool replicated) {
  const auto wide = [](const Shape& shape) {
    return std::vector<std::uint64_t>(shape.begin(), shape.end());
  };
  const bool mine = !replicated || base::Communicator::RankIn(comm_) == 0;
  const base::ArrayPart box{wide(slab.global), wide(slab.offset), wide(slab.count)};
  std::uint64_t sum = mine ? ArraySum(values, element_size, box) : 0;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm_));
  WriteAttribute(name, "checksum", sum);
}

void Hdf5File::ReadArray(const std::string& name, hid_t type, void* values,
                         const Slab* slab) const {
  const Hdf5Handle dataset = OpenDataset(name);
  const Hdf5Handle stored(H5Dget_type(dataset.Get()), H5Tclose);
  const auto numbers = [](hid_t t) {
    return H5Tget_class(t) == H5T_FLOAT || H5Tget_class(t) == H5T_INTEGER;
  };
  const bool fits =
      numbers(stored.Get()) ? numbers(type) : H5Tget_class(stored.Get()) == H5Tget_class(type);
  base::ThrowIfAnyFailed(
      comm_,
      fits ? ""
           : fmt::format("{}: {} holds {}, not {}", path_, AbsoluteName(name),
                         ClassName(H5Tget_class(stored.Get())), ClassName(H5Tget_class(type))));
  const Hdf5Handle space(H5Dget_space(dataset.Get()), H5Sclose);
  if (H5Sget_simple_extent_npoints(space.Get()) == 0) return;
  Hdf5Handle memory;
  if (slab) memory = SelectPart(space, slab->offset, slab->count);
  const Hdf5Handle transfer = CollectiveTransfer();
  const bool ok = H5Dread(dataset.Get(), type, slab ? memory.Get() : H5S_ALL,
                          slab ? space.Get() : H5S_ALL, transfer.Get(), values) >= 0;
  Check(ok, fmt::format("cannot read {}", AbsoluteName(name)));
}

template <class T>
void Hdf5File::Write(const std::string& name, const std::vector<T>& values, const Shape& shape,
                     const Description& description) {
  const Shape whole = shape.empty() ? Shape{values.size()} : shape;
  base::Require(Product(whole) == values.size(), "the shape holds all values");
  WriteArray(name, Hdf5TypeOf<T>().Get(), values.data(), {whole, Shape(whole.size(), 0), whole},
             true, description);
}

template <class T>
void Hdf5File::WriteScalar(const std::string& name, const T& value,
                           const Description& description) {
  WriteArray(name, Hdf5TypeOf<T>().Get(), &value, {}, true, description);
}

template <class T>
std::vector<T> Hdf5File::Read(const std::string& name) const {
  std::vector<T> values(Product(Extent(name)));
  ReadArray(name, Hdf5TypeOf<T>().Get(), values.data(), nullptr);
  return values;
}

template <class T>
T Hdf5File::ReadScalar(const std::string& name) const {
  const std::vector<T> values = Read<T>(name);
  base::ThrowIfAnyFailed(comm_, values.size() == 1
                                    ? ""
                                    : fmt::format("{}: {} holds {} values, not one", path_,
                                                  AbsoluteName(name), values.size()));
  return values.front();
}

template <class T>
void Hdf5File::WriteSlab(const std::string& name, const T* values, const Slab& slab,
                         const Description& description) {
  WriteArray(name, Hdf5TypeOf<T>().Get(), values, slab, false, description);
}

template <class T>
void Hdf5File::ReadSlab(const std::string& name, T* values, const Slab& slab) const {
  const Shape stored = Extent(name);
  base::ThrowIfAnyFailed(
      comm_, stored == slab.global
                 ? ""
                 : fmt::format("{}: {} has the shape {}, but {} is expected", path_,
                               AbsoluteName(name), ShapeText(stored), ShapeText(slab.global)));
  ReadArray(name, Hdf5TypeOf<T>().Get(), values, &slab);
}

#define SYMWAVE_HDF5_SLAB(T)                                                      \
  template void Hdf5File::WriteSlab<T>(const std::string&, const T*, const Slab&, \
                                       const Description&);                       \
  template void Hdf5File::ReadSlab<T>(const std::string&, T*, const Slab&) const;
#define SYMWAVE_HDF5_ARRAY(T)                                                               \
  template void Hdf5File::Write<T>(const std::string&, const std::vector<T>&, const Shape&, \
                                   const Description&);                                     \
  template void Hdf5File::WriteScalar<T>(const std::string&, const T&, const Description&); \
  template std::vector<T> Hdf5File::Read<T>(const std::string&) const;                      \
  template T Hdf5File::ReadScalar<T>(const std::string&) const;                             \
  SYMWAVE_HDF5_SLAB(T)

SYMWAVE_HDF5_ARRAY(double)
SYMWAVE_HDF5_ARRAY(float)
SYMWAVE_HDF5_ARRAY(std::int32_t)
SYMWAVE_HDF5_ARRAY(std::int64_t)
SYMWAVE_HDF5_ARRAY(std::uint64_t)
SYMWAVE_HDF5_ARRAY(std::complex<double>)
SYMWAVE_HDF5_SLAB(std::complex<float>)

}  // namespace symwave::io
