#include "io/file_info.hpp"

#include <filesystem>
#include <new>
#include <vector>

#include "domain/base/error.hpp"
#include "io/checkpoint_archive.hpp"
#include "io/checkpoint_store.hpp"
#include "io/file_seal.hpp"
#include "io/folder_files.hpp"
#include "io/hdf5.hpp"
#include "io/whole_file.hpp"

namespace symwave::io {

namespace fs = std::filesystem;

namespace {

bool HasAttribute(const Hdf5File& file, const std::string& object, const char* name) {
  return file.Has(object) && H5Aexists_by_name(file.Id(), object.c_str(), name, H5P_DEFAULT) > 0;
}

std::string TextAttribute(const Hdf5File& file, const std::string& object, const char* name) {
  return HasAttribute(file, object, name) ? file.ReadTextAttribute(object, name) : "";
}

std::string SizeText(double bytes) {
  if (bytes < 1e3) return fmt::format("{:.0f} B", bytes);
  if (bytes < 1e6) return fmt::format("{:.1f} kB", 1e-3 * bytes);
  return bytes < 1e9 ? fmt::format("{:.1f} MB", 1e-6 * bytes)
                     : fmt::format("{:.2f} GB", 1e-9 * bytes);
}

std::string TypeText(hid_t type) {
  const auto bits = static_cast<long>(8 * H5Tget_size(type));
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("int{}", bits);
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_COMPOUND:
      return fmt::format("complex{}", bits);
    case H5T_STRING:
      return "text";
    default:
      return "other";
  }
}

/// "  /results/s_matrix  3 x 2 x 2 complex128  192 B  [1] amplitudes ..."
std::string DatasetLine(const Hdf5File& file, const std::string& name) {
  const Hdf5Handle dataset(H5Dopen2(file.Id(), name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.Valid()) base::Fail("{}: {} is damaged", file.Path(), name);
  const Hdf5Handle type(H5Dget_type(dataset.Get()), H5Tclose);
  const ArrayBlocks layout = ReadArrayBlocks(file, name);
  const Shape extent = file.Extent(name);
  const Shape shape =
      layout.global.empty() ? extent : Shape(layout.global.begin(), layout.global.end());
  std::string sizes;
  double bytes = static_cast<double>(H5Tget_size(type.Get()));
  for (const hsize_t n : shape) {
    sizes += (sizes.empty() ? "" : " x ") + std::to_string(n);
    bytes *= static_cast<double>(n);
  }
  std::string line = fmt::format("  {}  {}{}{}  {}", name, sizes, sizes.empty() ? "" : " ",
                                 TypeText(type.Get()), SizeText(bytes));
  const std::string unit = TextAttribute(file, name, "unit");
  const std::string text = TextAttribute(file, name, "description");
  if (!unit.empty()) line += fmt::format("  [{}]", unit);
  if (!text.empty()) line += "  " + text;
  return line + "\n";
}

std::string CheckpointHead(const std::string& path) {
  const CheckpointInfo info = ReadCheckpointInfo(MPI_COMM_SELF, path);
  std::string text = fmt::format("{}: checkpoint of a {} run", path, info.job);
  if (!info.title.empty()) text += fmt::format(", \"{}\"", info.title);
  text += fmt::format("\n  {} {}", info.unit, info.done);
  if (info.total > 0) text += fmt::format(" of {}", info.total);
  return text + fmt::format(", written {} UTC by symwave {} on {} ranks\n", info.written,
                            info.code_version, info.ranks);
}

/// Of a run at work, stopped or killed, or that could not write all of it.
bool IsUnfinished(const Hdf5File& file) {
  return HasAttribute(file, "/", kResultsMark) && !file.Has(kResultsEnd);
}

std::string OtherHead(const Hdf5File& file) {
  const std::string& path = file.Path();
  if (file.Has("/VTKHDF") || file.Has("/coordinates")) return path + ": field file\n";
  if (file.Has("/meta/format")) {
    return fmt::format("{}: {}, format {}\n", path, file.ReadText("/meta/format"),
                       file.ReadScalar<std::int64_t>("/meta/format_version"));
  }
  if (IsUnfinished(file)) return path + ": results that are not finished\n";
  if (!file.Has("/meta/deck")) return path + ": an HDF5 file, not one of symwave\n";
  std::string text = path + ": results";
  const std::string version = TextAttribute(file, "/meta", "symwave_version");
  if (!version.empty()) text += " of symwave " + version;
  if (HasAttribute(file, "/meta", "ranks")) {
    const auto ranks = file.ReadAttribute<std::int64_t>("/meta", "ranks");
    if (!ranks.empty()) text += fmt::format(", on {} ranks", ranks[0]);
  }
  const std::string deck = TextAttribute(file, "/meta", "deck_path");
  if (!deck.empty()) text += ", deck " + deck;
  return text + "\n";
}

bool IsCheckpoint(const Hdf5File& file) {
  return file.Has("/meta/format") && file.ReadText("/meta/format") == "symwave checkpoint";
}

std::string Head(const Hdf5File& file) {
  return IsCheckpoint(file) ? CheckpointHead(file.Path()) : OtherHead(file);
}

std::string Datasets(const Hdf5File& file) {
  std::string text;
  for (const std::string& name : file.Datasets()) text += DatasetLine(file, name);
  return text;
}

std::string VerdictOf(const FileCheck& check, bool unfinished) {
  if (unfinished) return fmt::format("  {} checksums match so far\n", check.with_checksum);
  if (check.without == 0) return fmt::format("  whole: {} checksums match\n", check.with_checksum);
  return fmt::format(
      "  {} checksums match; {} datasets have none: of an older version, or not finished\n",
      check.with_checksum, check.without);
}

FileInfo InfoOfFile(const std::string& path, bool verify, bool brief) {
  FileInfo info;
  bool unfinished = false;
  try {
    {
      const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_SELF, path);
      if (IsCheckpoint(file) && !IsSealed(path)) {
        base::Fail("{}: is truncated, its last bytes are missing", path);
      }
      info.text = Head(file);
      unfinished = IsUnfinished(file);
      if (!brief) info.text += Datasets(file);
    }
    if (!verify) return info;
    const FileCheck check = CheckFile(MPI_COMM_SELF, path);
    if (!check.fault.empty()) base::Fail("{}", check.fault);
    info.text += VerdictOf(check, unfinished);
  } catch (const base::UserError& error) {
    info = {std::string(error.what()) + "\n", false};
  } catch (const std::bad_alloc&) {
    info = {path + ": is damaged, it announces more than fits into memory\n", false};
  }
  return info;
}

}  // namespace

FileInfo InfoOf(const std::string& path, bool verify) {
  std::error_code error;
  if (!fs::exists(path, error)) base::Fail("{}: there is no such file or folder", path);
  if (!fs::is_directory(path, error)) return InfoOfFile(path, verify, false);
  const std::vector<std::string> files = FilesBelow(path, R"(.*\.(h5|hdf))");
  if (files.empty()) base::Fail("{}: there is no HDF5 file in this folder", path);
  FileInfo all;
  for (const std::string& file : files) {
    const FileInfo info = InfoOfFile(file, verify, true);
    all.text += info.text;
    all.whole = all.whole && info.whole;
  }
  return all;
}

}  // namespace symwave::io
