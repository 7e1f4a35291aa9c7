#include "jobs/spots/focus_trainings.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/packed_values.hpp"
#include "domain/base/packing.hpp"

namespace symwave::jobs::spots {

using base::Communicator;
using training::bench::SpotQuality;

namespace {

using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

constexpr int kQualitySize = 7;
constexpr int kRecordSize = 4 + kQualitySize;

void Append(const SpotQuality& q, Numbers& values) {
  values.insert(values.end(), {q.fwhm_x, q.fwhm_y, q.peak, q.background, q.share, q.psnr,
                               q.brightest ? 1.0 : 0.0});
}

/// Numbers one after another; UserError where there are not as many.
class Reader {
 public:
  explicit Reader(const Numbers& values) : values_(values) {}

  const double* Take(std::size_t count) {
    if (values_.size() - at_ < count) base::Fail("the checkpoint is damaged, numbers are missing");
    return values_.data() + std::exchange(at_, at_ + count);
  }
  SpotQuality TakeQuality() {
    const double* v = Take(kQualitySize);
    return {v[0], v[1], v[2], v[3], v[4], v[5], v[6] != 0};
  }

 private:
  const Numbers& values_;
  std::size_t at_ = 0;
};

/// History and final quality; of a point of a scan its signal, too.
void Append(const FocusRun& run, bool scan, Numbers& values) {
  for (const FocusRecord& record : run.history) {
    values.insert(values.end(), {static_cast<double>(record.epoch), record.loss,
                                 static_cast<double>(record.passes), record.seconds});
    Append(record.quality, values);
  }
  Append(run.final, values);
  if (scan) values.push_back(run.frame.intensity(0));
}

FocusRun TakeRun(Reader& reader, std::int64_t records, bool scan) {
  FocusRun run;
  for (; records > 0; --records) {
    const double* v = reader.Take(kRecordSize - kQualitySize);
    run.history.push_back(
        {static_cast<long>(v[0]), v[1], static_cast<long>(v[2]), v[3], reader.TakeQuality()});
  }
  run.final = reader.TakeQuality();
  if (scan) run.frame.intensity = Eigen::ArrayXd::Constant(1, *reader.Take(1));
  return run;
}

Eigen::ArrayXd ArrayOf(const Numbers& values) {
  return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

std::string FrameOf(int task) {
  return "finished/frame/" + std::to_string(task);
}

std::string Begun(int task) {
  return "begun/" + std::to_string(task);
}

/// Its epochs are in the history of the state, too.
void ExchangeTraining(base::StateArchive& archive, const std::string& group,
                      FocusTraining& training) {
  training.state.SaveOrRestore(archive, group);
  Numbers qualities;
  for (const FocusRecord& record : training.run.history) Append(record.quality, qualities);
  archive.Values(group + "/qualities", qualities);
  if (!archive.Restoring()) return;
  Reader reader(qualities);
  training.run.history.clear();
  for (const training::EpochRecord& epoch : training.state.history) {
    training.run.history.push_back(
        {epoch.epoch, epoch.loss, epoch.passes, epoch.seconds, reader.TakeQuality()});
  }
}

}  // namespace

FocusTrainings::FocusTrainings(const training::bench::BenchRanks& ranks,
                               const training::CommandShare& share, std::vector<FocusTask> tasks)
    : ranks_(ranks), share_(share), tasks_(std::move(tasks)) {
  Deal({});
}

bool FocusTrainings::Leads() const {
  return Communicator::RankIn(ranks_.Plane()) == 0;
}

/// The longest first, each to the group with the least to do. `epochs_done`: of those that have
/// begun.
void FocusTrainings::Deal(const std::map<int, long>& epochs_done) {
  std::vector<long> left(tasks_.size());
  std::vector<int> order;
  for (int t = 0; t < static_cast<int>(tasks_.size()); ++t) {
    if (finished_.count(t) > 0) continue;
    const FocusTask& task = tasks_[static_cast<std::size_t>(t)];
    const auto done = epochs_done.find(t);
    left[static_cast<std::size_t>(t)] =
        task.Passes() -
        (done == epochs_done.end() ? 0 : task.Passes() * done->second / task.epochs);
    order.push_back(t);
  }
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return left[static_cast<std::size_t>(a)] > left[static_cast<std::size_t>(b)];
  });
  std::vector<long> load(static_cast<std::size_t>(ranks_.Groups()), 0);
  groups_.assign(tasks_.size(), -1);
  for (const int t : order) {
    const auto least = std::min_element(load.begin(), load.end());
    groups_[static_cast<std::size_t>(t)] = static_cast<int>(least - load.begin());
    *least += left[static_cast<std::size_t>(t)];
  }
}

std::vector<int> FocusTrainings::Mine() const {
  std::vector<int> mine;
  for (const auto& [task, training] : begun_) mine.push_back(task);
  for (int t = 0; t < static_cast<int>(tasks_.size()); ++t) {
    const bool new_here = finished_.count(t) + news_.count(t) + begun_.count(t) == 0;
    if (groups_[static_cast<std::size_t>(t)] == ranks_.Group() && new_here) mine.push_back(t);
  }
  return mine;
}

void FocusTrainings::Finish(int task) {
  news_[task] = std::move(begun_.at(task).run);
  begun_.erase(task);
}

void FocusTrainings::Gather() {
  base::Packer packer;
  for (const auto& [task, run] : news_) {
    if (!Leads()) break;
    packer.Add(task);
    packer.Add(run.history);
    packer.Add(run.final);
    packer.Add(Numbers(run.frame.intensity.begin(), run.frame.intensity.end()));
  }
  news_.clear();
  for (const std::vector<char>& bytes : base::GatherFromAll(ranks_.World(), packer.Bytes())) {
    for (base::Unpacker packed(bytes); !packed.AtEnd();) {
      int task = 0;
      FocusRun run;
      Numbers frame;
      packed.Take(task);
      packed.Take(run.history);
      packed.Take(run.final);
      packed.Take(frame);
      run.frame.intensity = ArrayOf(frame);
      finished_[task] = std::move(run);
    }
  }
}

long FocusTrainings::Passes() const {
  long passes = 0;
  for (const FocusTask& task : tasks_) passes += task.Passes();
  return passes;
}

/// Of this training as far as it has begun here.
long FocusTrainings::MadeHere(int t) const {
  const FocusTask& task = tasks_[static_cast<std::size_t>(t)];
  const auto begun = begun_.find(t);
  const int done = begun == begun_.end() ? 0 : std::min(begun->second.state.epoch, task.epochs);
  return task.Passes() * done / task.epochs;
}

long FocusTrainings::PassesLeft() const {
  long passes = 0;
  for (const int t : Mine()) passes += tasks_[static_cast<std::size_t>(t)].Passes() - MadeHere(t);
  return passes;
}

long FocusTrainings::PassesMade() const {
  long left = Leads() ? PassesLeft() : 0;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &left, 1, MPI_LONG, MPI_SUM, ranks_.World()));
  return Passes() - left;
}

void FocusTrainings::SaveFinished(base::StateArchive& archive) {
  Integers tasks, epochs, records;
  Numbers values;
  for (const auto& [t, run] : finished_) {
    const FocusTask& task = tasks_[static_cast<std::size_t>(t)];
    tasks.push_back(t);
    epochs.push_back(task.epochs);
    records.push_back(static_cast<std::int64_t>(run.history.size()));
    Append(run, task.scan, values);
  }
  archive.Values("finished/tasks", tasks);
  archive.Values("finished/epochs", epochs);
  archive.Values("finished/records", records);
  archive.Values("finished/values", values);
  for (const auto& [t, run] : finished_) {
    if (tasks_[static_cast<std::size_t>(t)].scan) continue;
    Numbers frame(run.frame.intensity.begin(), run.frame.intensity.end());
    archive.Values(FrameOf(t), frame);
  }
}

void FocusTrainings::RestoreFinished(base::StateArchive& archive) {
  Integers tasks, epochs, records;
  Numbers values;
  archive.Values("finished/tasks", tasks);
  archive.Values("finished/epochs", epochs);
  archive.Values("finished/records", records);
  archive.Values("finished/values", values);
  finished_.clear();
  Reader reader(values);
  for (std::size_t k = 0; k < tasks.size(); ++k) {
    const FocusTask& task = tasks_.at(static_cast<std::size_t>(tasks[k]));
    const int t = static_cast<int>(tasks[k]);
    FocusRun run = TakeRun(reader, records.at(k), task.scan);
    if (epochs.at(k) != task.epochs) continue;
    Numbers frame;
    if (!task.scan) archive.Values(FrameOf(t), frame);
    if (!task.scan) run.frame.intensity = ArrayOf(frame);
    finished_[t] = std::move(run);
  }
}

/// Collective on World(): of what other groups have begun, all but the arrays.
FocusTrainings::Trainings FocusTrainings::Outlines() {
  base::Packer packer;
  for (auto& [task, training] : begun_) {
    if (!Leads()) break;
    base::PackedValues values;
    ExchangeTraining(values, "", training);
    packer.Add(task);
    packer.Add(values.Bytes());
  }
  Trainings outlines;
  for (const std::vector<char>& bytes : base::GatherFromAll(ranks_.World(), packer.Bytes())) {
    for (base::Unpacker packed(bytes); !packed.AtEnd();) {
      int task = 0;
      std::vector<char> values;
      packed.Take(task);
      packed.Take(values);
      outlines[task].state.share = {share_.parts, share_.part_size, 0, 0, false};
      base::PackedValues from(values);
      ExchangeTraining(from, "", outlines[task]);
    }
  }
  return outlines;
}

void FocusTrainings::SaveBegun(base::StateArchive& archive) {
  Trainings outlines = Outlines();
  Integers tasks, epochs, done;
  for (const auto& [t, outline] : outlines) {
    tasks.push_back(t);
    epochs.push_back(tasks_[static_cast<std::size_t>(t)].epochs);
    done.push_back(outline.state.epoch);
  }
  archive.Values("begun/tasks", tasks);
  archive.Values("begun/epochs", epochs);
  archive.Values("begun/done", done);
  for (auto& [t, outline] : outlines) {
    const auto own = begun_.find(t);
    ExchangeTraining(archive, Begun(t), own == begun_.end() ? outline : own->second);
  }
}

void FocusTrainings::RestoreBegun(base::StateArchive& archive) {
  Integers tasks, epochs, done;
  archive.Values("begun/tasks", tasks);
  archive.Values("begun/epochs", epochs);
  archive.Values("begun/done", done);
  std::map<int, long> epochs_done;
  for (std::size_t k = 0; k < tasks.size(); ++k) {
    if (epochs.at(k) == tasks_.at(static_cast<std::size_t>(tasks[k])).epochs) {
      epochs_done[static_cast<int>(tasks[k])] = static_cast<long>(done.at(k));
    }
  }
  Deal(epochs_done);
  begun_.clear();
  for (const auto& [t, ignored] : epochs_done) {
    const bool own = groups_[static_cast<std::size_t>(t)] == ranks_.Group();
    FocusTraining training;
    training.state.share = share_;
    if (!own) training.state.share = {share_.parts, share_.part_size, 0, 0, false};
    ExchangeTraining(archive, Begun(t), training);
    if (own) begun_[t] = std::move(training);
  }
}

void FocusTrainings::SaveOrRestore(base::StateArchive& archive) {
  base::FaultPoint("focus/checkpoint");
  if (archive.Restoring()) {
    RestoreFinished(archive);
    RestoreBegun(archive);
  } else {
    Gather();
    SaveFinished(archive);
    SaveBegun(archive);
  }
}

}  // namespace symwave::jobs::spots
