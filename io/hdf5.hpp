// HDF5 through owning, checked handles; files are opened by all ranks of a communicator (MPI-IO)
// and written collectively. Errors of any rank become one UserError on all ranks, with the file's
// name.
#pragma once

#include <hdf5.h>
#include <mpi.h>

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include "io/disk_reserve.hpp"

namespace symwave::io {

/// Owner of one HDF5 identifier. The destructor closes quietly, unless a failure that the other
/// ranks do not know of unwinds this one (base::MayCommunicate); Close() reports failure.
class Hdf5Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Hdf5Handle() = default;
  /// `comm`: the ranks that close it together.
  Hdf5Handle(hid_t id, Closer closer, MPI_Comm comm = MPI_COMM_SELF)
      : id_(id), closer_(closer), comm_(comm) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept;
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept;
  ~Hdf5Handle();
  hid_t Get() const { return id_; }
  bool Valid() const { return id_ >= 0; }
  /// False when HDF5 could not close it (for a file: could not write the rest).
  bool Close();

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
  MPI_Comm comm_ = MPI_COMM_SELF;
};

using Shape = std::vector<hsize_t>;

/// What a dataset holds; stored as attributes `unit` and `description` where not empty.
struct Description {
  std::string unit;
  std::string text;
};

/// The part of a distributed array that this rank holds, row-major. `count` may hold zeros.
struct Slab {
  Shape global;
  Shape offset;
  Shape count;
};

/// T: double, float, std::int32_t, std::int64_t, std::uint64_t, std::complex<double> (a compound
/// {r, i}, which h5py reads as complex). All members are collective on the communicator. Names are
/// paths such as "/training/loss"; groups are made on the way. HDF5's own tables carry checksums,
/// and every dataset has one of its values as the attribute `checksum` (io/array_checksum.hpp).
class Hdf5File {
 public:
  /// Makes the file or empties an existing one.
  static Hdf5File Create(MPI_Comm comm, const std::string& path);
  static Hdf5File OpenRead(MPI_Comm comm, const std::string& path);
  /// To add to a file.
  static Hdf5File OpenUpdate(MPI_Comm comm, const std::string& path);
  Hdf5File(Hdf5File&&) noexcept = default;
  Hdf5File& operator=(Hdf5File&&) noexcept = default;
  ~Hdf5File();

  /// Writes what is left and closes. Call it: a destructor cannot report a full disk.
  void Close();
  const std::string& Path() const { return path_; }
  MPI_Comm Comm() const { return comm_; }
  hid_t Id() const { return file_.Get(); }

  /// Of the slabs written from now on: shuffled and deflated, 1 (fast) to 9 (small); 0: not.
  void Compress(int level) { compression_ = level; }

  void MakeGroup(const std::string& name);
  /// The object `name` of another file, with all that is in it, under the same name.
  void Copy(const Hdf5File& from, const std::string& name);
  bool Has(const std::string& name) const;
  /// Names of all datasets from "/" on, in the order of the letters.
  std::vector<std::string> Datasets() const;
  /// Names of the members of a group, sorted.
  std::vector<std::string> Members(const std::string& group) const;
  Shape Extent(const std::string& name) const;

  // Small arrays that every rank holds. An empty shape means a vector of values.size().
  template <class T>
  void Write(const std::string& name, const std::vector<T>& values, const Shape& shape = {},
             const Description& description = {});
  template <class T>
  void WriteScalar(const std::string& name, const T& value, const Description& description = {});
  template <class T>
  std::vector<T> Read(const std::string& name) const;
  template <class T>
  T ReadScalar(const std::string& name) const;

  void WriteText(const std::string& name, const std::string& text,
                 const Description& description = {});
  void WriteTexts(const std::string& name, const std::vector<std::string>& texts,
                  const Description& description = {});
  std::string ReadText(const std::string& name) const;
  std::vector<std::string> ReadTexts(const std::string& name) const;

  // Attributes of an existing group or dataset ("/" is the root).
  template <class T>
  void WriteAttribute(const std::string& object, const std::string& name,
                      const std::vector<T>& values);
  template <class T>
  void WriteAttribute(const std::string& object, const std::string& name, const T& value) {
    WriteAttribute(object, name, std::vector<T>{value});
  }
  void WriteAttribute(const std::string& object, const std::string& name, const std::string& text);
  void WriteAttribute(const std::string& object, const std::string& name, const char* text) {
    WriteAttribute(object, name, std::string(text));
  }
  template <class T>
  std::vector<T> ReadAttribute(const std::string& object, const std::string& name) const;
  std::string ReadTextAttribute(const std::string& object, const std::string& name) const;

  // Arrays distributed over the ranks; also std::complex<float>.
  template <class T>
  void WriteSlab(const std::string& name, const T* values, const Slab& slab,
                 const Description& description = {});
  template <class T>
  void ReadSlab(const std::string& name, T* values, const Slab& slab) const;

 private:
  Hdf5File(MPI_Comm comm, std::string path, Hdf5Handle file);
  static Hdf5File Open(MPI_Comm comm, const std::string& path, unsigned flags);
  Hdf5Handle OpenDataset(const std::string& name) const;
  void Describe(const std::string& name, const Description& description);
  void WriteChecksum(const std::string& name, std::size_t element_size, const void* values,
                     const Slab& slab, bool replicated);
  Hdf5Handle Layout(const Slab& slab, bool replicated) const;
  void WriteArray(const std::string& name, hid_t type, const void* values, const Slab& slab,
                  bool replicated, const Description& description);
  void ReadArray(const std::string& name, hid_t type, void* values, const Slab* slab) const;
  void WriteAttributeArray(const std::string& object, const std::string& name, hid_t type,
                           const void* values, hsize_t count);
  Hdf5Handle OpenAttribute(const std::string& object, const std::string& name) const;
  /// Shares `failed` over the ranks and throws `sentence` with HDF5's own reason.
  void Check(bool ok, const std::string& sentence) const;

  MPI_Comm comm_ = MPI_COMM_NULL;  ///< the caller's; must outlive the file
  std::string path_;
  Hdf5Handle file_;
  int compression_ = 0;
  DiskReserve reserve_;  ///< of rank 0, for HDF5's tables
};

}  // namespace symwave::io
