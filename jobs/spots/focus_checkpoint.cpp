#include "jobs/spots/focus_checkpoint.hpp"

#include <algorithm>
#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/checksum.hpp"
#include "jobs/run/run_folder.hpp"

namespace symwave::jobs::spots {

using base::Communicator;
using training::bench::SpotQuality;

namespace {

using Numbers = std::vector<double>;
using Trainings = std::map<int, Numbers>;

constexpr int kQualitySize = 7;
constexpr int kRecordSize = 4 + kQualitySize;

void Pack(const SpotQuality& q, Numbers& values) {
  for (const double value :
       {q.fwhm_x, q.fwhm_y, q.peak, q.background, q.share, q.psnr, q.brightest ? 1.0 : 0.0}) {
    values.push_back(value);
  }
}

SpotQuality UnpackQuality(const double* v) {
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6] != 0};
}

/// Number of records, the records, the final quality, the frame.
Numbers Packed(const FocusRun& run) {
  Numbers values{static_cast<double>(run.history.size())};
  for (const FocusRecord& record : run.history) {
    values.insert(values.end(), {static_cast<double>(record.epoch), record.loss,
                                 static_cast<double>(record.passes), record.seconds});
    Pack(record.quality, values);
  }
  Pack(run.final, values);
  values.insert(values.end(), run.frame.intensity.begin(), run.frame.intensity.end());
  return values;
}

FocusRun Unpacked(const Numbers& values) {
  FocusRun run;
  const double* v = values.data() + 1;
  for (auto left = static_cast<long>(values[0]); left > 0; --left) {
    run.history.push_back(
        {static_cast<long>(v[0]), v[1], static_cast<long>(v[2]), v[3], UnpackQuality(v + 4)});
    v += kRecordSize;
  }
  run.final = UnpackQuality(v);
  v += kQualitySize;
  run.frame.intensity = Eigen::Map<const Eigen::ArrayXd>(v, values.data() + values.size() - v);
  return run;
}

/// Trainings as they stand in a file, one after another.
struct Stored {
  std::vector<std::int64_t> numbers, sizes;
  Numbers values;

  std::uint64_t Checksum(const io::CheckpointHeader& header) const {
    io::Checksum checksum;
    checksum.Update(header.fingerprint);
    checksum.Update(numbers);
    checksum.Update(sizes);
    checksum.Update(values);
    return checksum.Value();
  }
};

/// By this rank alone.
void WriteTrainings(const std::string& path, const io::CheckpointHeader& header,
                    const Trainings& trainings) {
  Stored stored;
  for (const auto& [number, values] : trainings) {
    stored.numbers.push_back(number);
    stored.sizes.push_back(static_cast<std::int64_t>(values.size()));
    stored.values.insert(stored.values.end(), values.begin(), values.end());
  }
  io::ReplaceAtomically(MPI_COMM_SELF, path, [&](const std::string& temporary) {
    io::Hdf5File file = io::Hdf5File::Create(MPI_COMM_SELF, temporary);
    io::WriteCheckpointHeader(file, header);
    file.Write("/numbers", stored.numbers, {}, {"", "of the finished trainings in the deck"});
    file.Write("/sizes", stored.sizes, {}, {"", "how many of the values are theirs"});
    file.Write("/values", stored.values, {},
               {"",
                "of each training: number of records; epoch, loss, passes, seconds and quality "
                "of each; final quality; intensities of the frame"});
    file.WriteScalar("/checksum", stored.Checksum(header));
    file.Close();
  });
}

void ReadTrainings(const io::Hdf5File& file, const io::CheckpointHeader& header,
                   Trainings& trainings) {
  const Stored stored{file.Read<std::int64_t>("/numbers"), file.Read<std::int64_t>("/sizes"),
                      file.Read<double>("/values")};
  if (file.ReadScalar<std::uint64_t>("/checksum") != stored.Checksum(header)) {
    base::Fail("{}: the checkpoint is damaged, its checksum does not match", file.Path());
  }
  auto first = stored.values.begin();
  for (std::size_t k = 0; k < stored.numbers.size(); ++k) {
    const auto end = first + stored.sizes[k];
    trainings.emplace(static_cast<int>(stored.numbers[k]), Numbers(first, end));
    first = end;
  }
}

/// By this rank alone. What of `expected` the file has is added to `trainings`.
void ReadFile(const std::string& path, const io::CheckpointHeader& expected, Trainings& trainings) {
  io::CheckpointHeader found;
  try {
    const io::Hdf5File file = io::Hdf5File::OpenRead(MPI_COMM_SELF, path);
    found = io::ReadCheckpointHeader(file);
    if (found.format == expected.format && found.version == expected.version) {
      ReadTrainings(file, found, trainings);
    }
  } catch (const base::UserError& error) {
    base::Warn("{}; the trainings that only this file knows are done again", error.what());
    return;
  }
  io::CheckCheckpointHeader(path, found, expected);
}

}  // namespace

FocusCheckpoint::FocusCheckpoint(const training::bench::BenchRanks& ranks,
                                 const run::RunContext& context)
    : ranks_(ranks),
      directory_(context.Directory()),
      restore_from_(context.RestoreFrom()),
      header_{"symwave focus checkpoint", 1, context.Fingerprint()} {
  if (!context.Resume()) return;
  Trainings read;
  base::AgreeOnFailure(ranks.World(), [&] {
    if (Communicator::RankIn(ranks.World()) == 0) read = Read();
  });
  Spread(0, read);
  // The files of the old groups go: the new ones write under the same names.
  Merge();
}

std::string FocusCheckpoint::Path(const std::string& suffix) const {
  return directory_ + "/checkpoint" + suffix + ".h5";
}

FocusCheckpoint::Trainings FocusCheckpoint::Read() const {
  Trainings trainings;
  for (const std::string& path : run::CheckpointFiles(restore_from_)) {
    ReadFile(path, header_, trainings);
  }
  return trainings;
}

/// Collective on World(): those of rank `root` to all ranks.
void FocusCheckpoint::Spread(int root, const Trainings& trainings) {
  const MPI_Comm world = ranks_.World();
  const bool gives = Communicator::RankIn(world) == root;
  std::vector<long> heads;  // number and size of each
  if (gives) {
    for (const auto& [number, values] : trainings) {
      heads.insert(heads.end(), {number, static_cast<long>(values.size())});
    }
  }
  long count = static_cast<long>(heads.size());
  base::Mpi(MPI_Bcast(&count, 1, MPI_LONG, root, world));
  heads.resize(static_cast<std::size_t>(count));
  base::Mpi(MPI_Bcast(heads.data(), static_cast<int>(count), MPI_LONG, root, world));
  for (std::size_t k = 0; k < heads.size(); k += 2) {
    const int number = static_cast<int>(heads[k]);
    Numbers values = gives ? trainings.at(number) : Numbers(static_cast<std::size_t>(heads[k + 1]));
    base::Mpi(MPI_Bcast(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, root, world));
    known_[number] = std::move(values);
  }
}

/// Collective on World(): all that is known into one file.
void FocusCheckpoint::Merge() {
  base::AgreeOnFailure(ranks_.World(), [&] {
    if (Communicator::RankIn(ranks_.World()) != 0) return;
    if (!known_.empty()) WriteTrainings(Path(), header_, known_);
    for (const std::string& path : run::CheckpointFiles(directory_)) {
      std::error_code ignored;
      if (path != Path()) std::filesystem::remove(path, ignored);
    }
  });
}

FocusRun FocusCheckpoint::Run(int number) const {
  return Unpacked(known_.at(number));
}

void FocusCheckpoint::Keep(int number, const FocusRun& run) {
  if (Communicator::RankIn(ranks_.Plane()) != 0) return;
  mine_[number] = Packed(run);
  if (Clock::now() >= next_save_) Save();
}

void FocusCheckpoint::Save() {
  base::FaultPoint("focus/checkpoint");
  const auto start = Clock::now();
  WriteTrainings(Path(fmt::format("_{}", ranks_.Group())), header_, mine_);
  saved_ = mine_.size();
  const auto end = Clock::now();
  next_save_ = end + std::max<Clock::duration>(std::chrono::seconds(1), 50 * (end - start));
}

void FocusCheckpoint::Gather() {
  if (mine_.size() > saved_) Save();
  const int per_group = Communicator::SizeOf(ranks_.Plane());
  for (int group = 0; group < ranks_.Groups(); ++group) Spread(group * per_group, mine_);
  Merge();
}

}  // namespace symwave::jobs::spots
