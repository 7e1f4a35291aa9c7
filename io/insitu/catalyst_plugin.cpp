// The plug-in: all that knows ParaView's legacy Catalyst (5.11). See catalyst_api.hpp.
#include <dlfcn.h>
#include <signal.h>
#include <vtkCPDataDescription.h>
#include <vtkCPInputDataDescription.h>
#include <vtkCPProcessor.h>
#include <vtkCPPythonPipeline.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkLogger.h>
#include <vtkMPI.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOutputWindow.h>
#include <vtkPointData.h>
#include <vtkRectilinearGrid.h>
#include <vtkSmartPointer.h>
#include <vtkStringArray.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>

#include "io/insitu/catalyst_api.hpp"

namespace {

/// Puts all signal handlers back: ParaView's logger takes over SIGTERM, SIGSEGV and others.
class KeepSignals {
 public:
  KeepSignals() {
    for (int k = 1; k < kCount; ++k) known_[k] = sigaction(k, nullptr, &actions_[k]) == 0;
  }
  ~KeepSignals() {
    for (int k = 1; k < kCount; ++k) {
      if (known_[k]) sigaction(k, &actions_[k], nullptr);
    }
  }
  KeepSignals(const KeepSignals&) = delete;
  KeepSignals& operator=(const KeepSignals&) = delete;

 private:
  static constexpr int kCount = 32;
  std::array<struct sigaction, kCount> actions_{};
  std::array<bool, kCount> known_{};
};

/// Keeps the signals that ask a job to stop back until its own handlers are in place again.
class HoldStopSignals {
 public:
  HoldStopSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&held, signal);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HoldStopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HoldStopSignals(const HoldStopSignals&) = delete;
  HoldStopSignals& operator=(const HoldStopSignals&) = delete;

 private:
  sigset_t before_{};
};

/// Keeps the last error of VTK instead of printing it; what scripts print goes nowhere.
class Errors : public vtkOutputWindow {
 public:
  static Errors* New();
  vtkTypeMacro(Errors, vtkOutputWindow)

      void DisplayText(const char* /*text*/) override {}
  void DisplayErrorText(const char* text) override { last = text; }

  std::string last;
};
vtkStandardNewMacro(Errors)

    /// The places of the text array through which the wrapper of the script and the plug-in speak.
    enum Talk {
      kScript,
      kFolder,
      kDisplay,
      kAgree,
      kContext,
      kError,
      kTalkCount
    };

using Grid = vtkSmartPointer<vtkDataSet>;

Grid MakeImage(const SymwaveCatalystFrame& frame) {
  vtkNew<vtkImageData> image;
  image->SetExtent(const_cast<int*>(frame.extent));
  std::array<double, 3> spacing{};
  for (int axis = 0; axis < 3; ++axis) {
    const double* at = frame.coordinates[axis];
    const int last = frame.size[axis] - 1;
    image->GetOrigin()[axis] = at[0];
    spacing[axis] = last > 0 ? (at[last] - at[0]) / last : 0;
  }
  // As in our files, a plane has the spacing of x across it.
  for (double& step : spacing) {
    if (step <= 0) step = spacing[0] > 0 ? spacing[0] : 1;
  }
  image->SetSpacing(spacing.data());
  return image.Get();
}

Grid MakeRectilinear(const SymwaveCatalystFrame& frame) {
  vtkNew<vtkRectilinearGrid> grid;
  grid->SetExtent(const_cast<int*>(frame.extent));
  std::array<vtkSmartPointer<vtkDoubleArray>, 3> positions;
  for (int axis = 0; axis < 3; ++axis) {
    positions[axis] = vtkSmartPointer<vtkDoubleArray>::New();
    for (int i = frame.extent[2 * axis]; i <= frame.extent[2 * axis + 1]; ++i) {
      positions[axis]->InsertNextValue(frame.coordinates[axis][i]);
    }
  }
  grid->SetXCoordinates(positions[0]);
  grid->SetYCoordinates(positions[1]);
  grid->SetZCoordinates(positions[2]);
  return grid.Get();
}

void AddText(vtkFieldData* data, const char* name, const char* text) {
  vtkNew<vtkStringArray> array;
  array->SetName(name);
  array->InsertNextValue(text);
  data->AddArray(array);
}

/// The image with its values, which VTK does not own, and as field data what a script cannot know
/// of other ranks and frames: title, mesh, bounds and the range of each array.
Grid MakeGrid(const SymwaveCatalystFrame& frame) {
  Grid grid = frame.uniform != 0 ? MakeImage(frame) : MakeRectilinear(frame);
  AddText(grid->GetFieldData(), "title", frame.title);
  AddText(grid->GetFieldData(), "mesh", frame.mesh);
  vtkNew<vtkDoubleArray> bounds;
  bounds->SetName("bounds");
  for (int axis = 0; axis < 3; ++axis) {
    bounds->InsertNextValue(frame.coordinates[axis][0]);
    bounds->InsertNextValue(frame.coordinates[axis][frame.size[axis] - 1]);
  }
  grid->GetFieldData()->AddArray(bounds);
  for (int k = 0; k < frame.array_count; ++k) {
    const SymwaveCatalystArray& array = frame.arrays[k];
    vtkNew<vtkFloatArray> values;
    values->SetName(array.name);
    values->SetArray(const_cast<float*>(array.values), grid->GetNumberOfPoints(), 1);
    grid->GetPointData()->AddArray(values);
    vtkNew<vtkDoubleArray> range;
    range->SetName((std::string("range_") + array.name).c_str());
    range->InsertNextValue(array.least);
    range->InsertNextValue(array.largest);
    grid->GetFieldData()->AddArray(range);
  }
  return grid;
}

void Say(SymwaveCatalystError* error, const std::string& text) {
  std::snprintf(error->text, sizeof error->text, "%s", text.c_str());
}

std::string Address(const void* pointer) {
  return std::to_string(reinterpret_cast<std::uintptr_t>(pointer));
}

/// ParaView itself, which cannot be started a second time in a process: it lives until MPI ends.
struct Host {
  MPI_Comm comm = MPI_COMM_NULL;
  vtkSmartPointer<Errors> errors = vtkSmartPointer<Errors>::New();
  vtkSmartPointer<vtkCPProcessor> processor = vtkSmartPointer<vtkCPProcessor>::New();
};
Host* host = nullptr;

/// MPI calls it as the first thing in MPI_Finalize, when all that it offers still works.
int EndHost(MPI_Comm /*self*/, int /*key*/, void* /*value*/, void* /*more*/) {
  const KeepSignals keep;
  host->processor->Finalize();
  vtkOutputWindow::SetInstance(nullptr);
  MPI_Comm_free(&host->comm);
  delete host;
  host = nullptr;
  return MPI_SUCCESS;
}

/// "" when ParaView runs on the ranks of `comm`.
std::string StartHost(MPI_Comm comm) {
  if (host != nullptr) {
    int relation = MPI_UNEQUAL;
    MPI_Comm_compare(comm, host->comm, &relation);
    return relation == MPI_CONGRUENT ? ""
                                     : "it already shows a run on other ranks, and a process has "
                                       "but one ParaView: keep the groups of ranks as they are";
  }
  // VTK's modules for Python look for its symbols among the global ones.
  if (dlopen(SYMWAVE_LIBPYTHON, RTLD_NOW | RTLD_GLOBAL) == nullptr) return dlerror();
  vtkLogger::SetStderrVerbosity(vtkLogger::VERBOSITY_OFF);
  auto* starting = new Host;
  vtkOutputWindow::SetInstance(starting->errors);
  MPI_Comm_dup(comm, &starting->comm);
  vtkMPICommunicatorOpaqueComm opaque(&starting->comm);
  if (starting->processor->Initialize(opaque) == 0) {
    return "it cannot be started: " + starting->errors->last;
  }
  host = starting;
  int key = MPI_KEYVAL_INVALID;
  MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, EndHost, &key, nullptr);
  MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr);
  return "";
}

}  // namespace

/// An instance of the script for each mesh.
struct SymwaveCatalyst {
  std::string guard;
  std::string folder;
  bool folder_per_mesh = false;
  std::map<std::string, vtkSmartPointer<vtkCPPythonPipeline>> pipelines;
  vtkSmartPointer<vtkStringArray> talk;

  /// NULL when the wrapper cannot be read.
  vtkCPPythonPipeline* PipelineOf(const std::string& mesh) {
    auto& pipeline = pipelines[mesh];
    if (!pipeline) {
      pipeline = vtkCPPythonPipeline::CreateAndInitializePipeline(guard.c_str(), 2);
    }
    return pipeline;
  }

  /// Whether the script did what it does for this frame.
  bool Show(const SymwaveCatalystFrame& frame) {
    vtkCPPythonPipeline* pipeline = PipelineOf(frame.mesh);
    if (pipeline == nullptr) return false;
    talk->SetValue(kFolder, folder_per_mesh ? folder + "/" + frame.mesh : folder);
    vtkNew<vtkFieldData> user_data;
    user_data->AddArray(talk);
    vtkNew<vtkCPDataDescription> description;
    description->SetTimeData(frame.time, frame.number);
    description->SetUserData(user_data);
    Grid grid = MakeGrid(frame);
    for (int k = 0; k < frame.channel_count; ++k) {
      description->AddInput(frame.channels[k]);
      vtkCPInputDataDescription* input = description->GetInputDescriptionByName(frame.channels[k]);
      int whole[6] = {0, frame.size[0] - 1, 0, frame.size[1] - 1, 0, frame.size[2] - 1};
      input->SetGrid(grid);
      input->SetWholeExtent(whole);
      input->AllFieldsOn();
      input->GenerateMeshOn();
    }
    const bool wanted = pipeline->RequestDataDescription(description) != 0;
    const bool shown =
        wanted && talk->GetValue(kError).empty() ? pipeline->CoProcess(description) != 0 : true;
    // The values belong to the caller: nothing of VTK may see them after this.
    grid->Initialize();
    return shown;
  }
};

extern "C" {

__attribute__((visibility("default"))) int SymwaveCatalystVersion() {
  return kSymwaveCatalystVersion;
}

__attribute__((visibility("default"))) SymwaveCatalyst* SymwaveCatalystStartUp(
    const SymwaveCatalystStart* start, SymwaveCatalystError* error) {
  const HoldStopSignals hold;
  const KeepSignals keep;
  const std::string problem = StartHost(start->comm);
  if (!problem.empty()) {
    Say(error, problem);
    return nullptr;
  }
  auto* catalyst = new SymwaveCatalyst;
  catalyst->guard = start->guard;
  catalyst->folder = start->folder;
  catalyst->folder_per_mesh = start->folder_per_mesh != 0;
  catalyst->talk = vtkSmartPointer<vtkStringArray>::New();
  catalyst->talk->SetName("symwave");
  catalyst->talk->SetNumberOfValues(kTalkCount);
  catalyst->talk->SetValue(kScript, start->script);
  catalyst->talk->SetValue(kDisplay, start->display != 0 ? "1" : "0");
  catalyst->talk->SetValue(kAgree, Address(reinterpret_cast<const void*>(start->agree)));
  catalyst->talk->SetValue(kContext, Address(start->context));
  return catalyst;
}

__attribute__((visibility("default"))) int SymwaveCatalystShow(SymwaveCatalyst* catalyst,
                                                               const SymwaveCatalystFrame* frame,
                                                               SymwaveCatalystError* error) {
  const KeepSignals keep;
  error->text[0] = '\0';
  host->errors->last.clear();
  const bool shown = catalyst->Show(*frame);
  const std::string said = catalyst->talk->GetValue(kError);
  if (shown && said.empty() && host->errors->last.empty()) return 0;
  Say(error, said.empty() ? host->errors->last : said);
  return 1;
}

__attribute__((visibility("default"))) void SymwaveCatalystEnd(SymwaveCatalyst* catalyst) {
  const KeepSignals keep;
  for (auto& [mesh, pipeline] : catalyst->pipelines) {
    if (pipeline) pipeline->Finalize();
  }
  delete catalyst;
}
}
