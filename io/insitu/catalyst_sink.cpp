// The program's side of ParaView Catalyst: loads the plug-in, hands it frames, and lets all ranks
// agree on whatever goes wrong.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/shared_files.hpp"
#include "domain/base/waiting.hpp"
#include "io/insitu/catalyst_loader.hpp"
#include "io/insitu/catalyst_script.hpp"
#include "io/insitu/shared_planes.hpp"
#include "io/insitu/sinks.hpp"

namespace symwave::io::insitu {

namespace {

using base::Communicator;

/// How the ranks tell each other whether the script has failed, from inside the script's wrapper.
class ScriptAgreement {
 public:
  explicit ScriptAgreement(MPI_Comm comm) : comm_(Communicator::Duplicate(comm)) {}

  MPI_Comm Comm() const { return comm_.Get(); }

  /// Collective: whether any rank has failed. A rank that failed waits for others that may be busy
  /// with a picture, but not for ever: they may wait in turn for this one, inside the picture. What
  /// it then throws ends the job.
  bool AnyFailed(bool failed_here) {
    constexpr double kPatience = 60;  // s
    if (left_alone_) return true;
    mine_ = failed_here ? 1 : 0;
    MPI_Request request = MPI_REQUEST_NULL;
    base::Mpi(MPI_Iallreduce(&mine_, &any_, 1, MPI_INT, MPI_MAX, comm_.Get(), &request));
    const double start = MPI_Wtime();
    int here = 0;
    base::WaitUntil([&] {
      base::Mpi(MPI_Test(&request, &here, MPI_STATUS_IGNORE));
      return here != 0 || (failed_here && MPI_Wtime() - start > kPatience);
    });
    left_alone_ = here == 0;
    return left_alone_ || any_ != 0;
  }

  /// Collective: throws the sentence of a rank that failed on all of them, or returns on all.
  void ThrowIfAnyFailed(const std::string& sentence) {
    AnyFailed(!sentence.empty());
    if (left_alone_) base::Fail("{} (the other ranks do not come to agree on it)", sentence);
    base::ThrowIfAnyFailed(comm_.Get(), sentence);
  }

  /// For the plug-in, which may not see exceptions.
  static int Answer(void* self, int failed_here) {
    try {
      return static_cast<ScriptAgreement*>(self)->AnyFailed(failed_here != 0) ? 1 : 0;
    } catch (...) {
      return 1;
    }
  }

 private:
  Communicator comm_;
  int mine_ = 0;  // both outlive a call that gives up
  int any_ = 0;
  bool left_alone_ = false;
};

bool Uniform(const std::vector<double>& at) {
  if (at.size() < 3) return true;
  const double step = (at.back() - at.front()) / static_cast<double>(at.size() - 1);
  for (size_t i = 1; i < at.size(); ++i) {
    if (std::abs(at[i] - at[i - 1] - step) > 1e-6 * step) return false;
  }
  return true;
}

/// Least and largest finite value over ranks and frames, by mesh and array.
class Ranges {
 public:
  struct Range {
    double least = std::numeric_limits<double>::infinity();
    double largest = -std::numeric_limits<double>::infinity();
  };

  /// Collective.
  std::vector<Range> Widen(MPI_Comm comm, const FieldFrame& frame) {
    std::vector<double> ends;  // least and minus largest, so that one reduction does
    for (const FieldArray& array : frame.arrays) {
      Range range;
      for (const float value : array.values) {
        if (!std::isfinite(value)) continue;
        range.least = std::min<double>(range.least, value);
        range.largest = std::max<double>(range.largest, value);
      }
      ends.insert(ends.end(), {range.least, -range.largest});
    }
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, ends.data(), static_cast<int>(ends.size()), MPI_DOUBLE,
                            MPI_MIN, comm));
    std::vector<Range> widened;
    for (size_t a = 0; a < frame.arrays.size(); ++a) {
      Range& known = known_[{frame.mesh, frame.arrays[a].name}];
      known.least = std::min(known.least, ends[2 * a]);
      known.largest = std::max(known.largest, -ends[2 * a + 1]);
      widened.push_back(known.least <= known.largest ? known : Range{0, 0});
    }
    return widened;
  }

 private:
  std::map<std::pair<std::string, std::string>, Range> known_;
};

/// Whether one name is the other, or the other with an ending: "field_in.hdf" of "field_in".
bool Related(const std::string& a, const std::string& b) {
  const std::string& longer = a.size() < b.size() ? b : a;
  const std::string& shorter = a.size() < b.size() ? a : b;
  if (longer.compare(0, shorter.size(), shorter) != 0) return false;
  return longer.size() == shorter.size() || std::isalnum(longer[shorter.size()]) == 0;
}

/// The names under which the image of `mesh` is offered to the script: those of its sources that
/// are related to it, or else those that are related to no mesh so far; and always the mesh itself.
/// None when the script asks for other meshes only.
std::vector<std::string> ChannelsOf(const std::string& mesh,
                                    const std::vector<std::string>& sources,
                                    const std::set<std::string>& meshes) {
  std::set<std::string> related;
  std::set<std::string> free;
  for (const std::string& source : sources) {
    const bool taken = std::any_of(meshes.begin(), meshes.end(),
                                   [&](const auto& other) { return Related(source, other); });
    if (Related(source, mesh)) related.insert(source);
    if (!taken) free.insert(source);
  }
  std::set<std::string> channels = related.empty() ? free : related;
  if (channels.empty() && !sources.empty()) return {};
  channels.insert({mesh, "input"});
  return {channels.begin(), channels.end()};
}

/// A frame as the plug-in takes it; points into the frame and into itself.
class PluginFrame {
 public:
  PluginFrame(const FieldFrame& frame, const std::vector<std::vector<float>>& larger,
              const std::vector<Ranges::Range>& ranges, const std::vector<std::string>& channels) {
    for (const std::string& channel : channels) channels_.push_back(channel.c_str());
    for (size_t a = 0; a < frame.arrays.size(); ++a) {
      const auto& values = larger.empty() ? frame.arrays[a].values : larger[a];
      arrays_.push_back(
          {frame.arrays[a].name.c_str(), values.data(), ranges[a].least, ranges[a].largest});
    }
    std::array<long, 3> size{};
    call_.uniform = 1;
    for (size_t axis = 0; axis < 3; ++axis) {
      const std::vector<double>& at = frame.coordinates[axis];
      call_.coordinates[axis] = at.data();
      call_.size[axis] = static_cast<int>(at.size());
      size[axis] = call_.size[axis];
      if (!Uniform(at)) call_.uniform = 0;
    }
    const FieldPart box = WithSharedPlanes(frame.part, size);
    for (size_t axis = 0; axis < 3; ++axis) {
      const bool none = box.Points() == 0;
      call_.extent[2 * axis] = none ? 0 : static_cast<int>(box.offset[axis]);
      call_.extent[2 * axis + 1] =
          none ? -1 : static_cast<int>(box.offset[axis] + box.count[axis]) - 1;
    }
    call_.title = frame.of.c_str();
    call_.mesh = frame.mesh.c_str();
    call_.number = frame.number;
    call_.time = frame.time_grows ? frame.time : static_cast<double>(frame.number);
    call_.channel_count = static_cast<int>(channels_.size());
    call_.channels = channels_.data();
    call_.array_count = static_cast<int>(arrays_.size());
    call_.arrays = arrays_.data();
  }

  PluginFrame(const PluginFrame&) = delete;
  PluginFrame& operator=(const PluginFrame&) = delete;

  const SymwaveCatalystFrame* Call() const { return &call_; }

 private:
  std::vector<const char*> channels_;
  std::vector<SymwaveCatalystArray> arrays_;
  SymwaveCatalystFrame call_{};
};

class CatalystSink : public FrameSink {
 public:
  CatalystSink(MPI_Comm comm, const CatalystOptions& options)
      : agreement_(comm), script_(options.script) {
    int display = 0;
    std::string problem;
    std::string guard;
    try {
      if (script_.empty()) script_ = base::SharedFile("io/insitu/default_pipeline.py");
      guard = base::SharedFile("io/insitu/guarded_pipeline.py");
      facts_ = ReadScript(script_);
      const std::string no_display = DisplayProblem();
      display = no_display.empty() ? 1 : 0;
      if (facts_.renders && display == 0) {
        base::Fail("{} renders pictures, but {}", script_, no_display);
      }
      plugin_ = LoadCatalystPlugin();
    } catch (...) {
      problem = base::SentenceOf(base::CurrentFailure());
    }
    agreement_.ThrowIfAnyFailed(problem);

    // Of a mesh that the script's files do not name there may be another one.
    const int folders = options.script.empty() ? 0 : 1;
    const SymwaveCatalystStart start{
        agreement_.Comm(), guard.c_str(), script_.c_str(),         options.folder.c_str(),
        folders,           display,       ScriptAgreement::Answer, static_cast<void*>(&agreement_)};
    SymwaveCatalystError error{};
    catalyst_ = plugin_.start(&start, &error);
    if (catalyst_ == nullptr) problem = std::string("ParaView Catalyst: ") + error.text;
    try {
      agreement_.ThrowIfAnyFailed(problem);
    } catch (...) {
      End();
      throw;
    }
  }

  ~CatalystSink() override { End(); }
  CatalystSink(const CatalystSink&) = delete;
  CatalystSink& operator=(const CatalystSink&) = delete;

  void Show(MPI_Comm /*comm*/, const FieldFrame& frame) override {
    meshes_.insert(frame.mesh);
    const std::vector<std::string> channels = ChannelsOf(frame.mesh, facts_.sources, meshes_);
    if (channels.empty()) return;
    const std::vector<Ranges::Range> ranges = ranges_.Widen(agreement_.Comm(), frame);
    const std::vector<std::vector<float>> larger = SharePlanes(agreement_.Comm(), frame);
    const PluginFrame call(frame, larger, ranges, channels);
    SymwaveCatalystError error{};
    const bool shown = plugin_.show(catalyst_, call.Call(), &error) == 0;
    const auto sentence = [&](const std::string& reason) {
      return fmt::format("the Catalyst script {} has failed: {}", script_, reason);
    };
    agreement_.ThrowIfAnyFailed(error.text[0] == '\0' ? "" : sentence(error.text));
    agreement_.ThrowIfAnyFailed(shown ? "" : sentence("ParaView gives no reason"));
  }

 private:
  void End() {
    if (catalyst_ != nullptr && base::MayCommunicate(agreement_.Comm())) plugin_.end(catalyst_);
    catalyst_ = nullptr;
  }

  ScriptAgreement agreement_;
  std::string script_;
  ScriptFacts facts_;
  CatalystPlugin plugin_;
  SymwaveCatalyst* catalyst_ = nullptr;
  std::set<std::string> meshes_;
  Ranges ranges_;
};

}  // namespace

std::unique_ptr<FrameSink> MakeCatalystSink(MPI_Comm comm, const CatalystOptions& options) {
  return std::make_unique<CatalystSink>(comm, options);
}

}  // namespace symwave::io::insitu
