// Everything a deck says, as plain structs; read by jobs/deck/schema.hpp. Lengths in um.
#pragma once

#include <complex>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/block_chip.hpp"
#include "domain/fabrication.hpp"
#include "domain/mode_choice.hpp"
#include "domain/shapes.hpp"
#include "jobs/deck/element_options.hpp"
#include "jobs/deck/frame_options.hpp"
#include "jobs/deck/grid_options.hpp"
#include "jobs/deck/layout_options.hpp"
#include "jobs/deck/material_options.hpp"
#include "jobs/deck/optical_bench_options.hpp"
#include "jobs/deck/time_domain_options.hpp"
#include "training/options.hpp"

namespace symwave::jobs::deck {

enum class JobKind { Simulate, Train, Focus, HiddenObject };

/// As the deck says it: "hidden_object".
std::string JobName(JobKind job);

/// A shape seen from above and, in 3D, its extent along z.
struct ShapeOptions : domain::Shape {
  std::optional<std::array<double, 2>> z;
  std::string layer;     ///< takes z of this layer
  double sidewall = 90;  ///< degrees, as ExtrudedShape
};

/// A line (2D) or rectangle (3D) on which guided modes are launched and measured.
/// The circle along which the guide of a port runs.
struct BendOptions {
  double radius = 0;  ///< um
  int axis = 0;       ///< towards its centre
  bool forward = true;
};

struct PortOptions {
  std::string name;
  std::vector<double> at;    ///< centre, [x, y] or [x, y, z]
  int axis = 0;              ///< of its normal
  bool forward = true;       ///< launched light travels to larger coordinates
  std::vector<double> span;  ///< across, in the order x, y, z of the axes
  std::vector<domain::ModeChoice> modes{0};
  std::optional<BendOptions> bend;
  std::string where;
};

enum class Factorization { Ldlt, Lu };

struct SolverOptions {
  SolverMethod method = SolverMethod::FrequencyDomain;
  Factorization factorization = Factorization::Ldlt;
  bool condensation = true;  ///< eliminate the fixed parts of a trained chip once
  bool compose = false;      ///< solve the parts of a trained chip once
  std::vector<double> cuts;  ///< um; where parts end beside the elements
  int workspace = 30;        ///< MUMPS workspace above its estimate, percent
  TimeDomainOptions time_domain;
  std::string where;
};

/// When the state of a run is kept.
struct CheckpointOptions {
  double every = 600;  ///< s; 0: only when the run is asked to stop
  int keep = 2;        ///< files, the newest ones
};

struct OutputOptions {
  bool fields = true;                       ///< files of whole fields at the end
  std::optional<FieldFilesOptions> chosen;  ///< instead of them
  CheckpointOptions checkpoint;
  std::string directory;  ///< "": out/<deck name>
  /// Of the monitors that a deck places for them.
  bool MonitorFiles() const { return fields || chosen; }
};

/// Trainings repeated over sizes of hardware errors; each list is one curve of the report.
struct SweepOptions {
  std::vector<double> roughness;        ///< um
  std::vector<double> thickness_bias;   ///< um
  std::vector<double> thickness_sigma;  ///< um
  std::vector<double> offset_range;     ///< rad
  std::vector<double> gain_sigma;
  std::vector<double> crosstalk;
  int epochs = 60;
  int hardware = 1;      ///< devices per point, whose seeds follow those of the deck
  bool reverse = false;  ///< trains by reverse, too

  /// Points that change the optics, and all.
  long OpticalPoints() const {
    return static_cast<long>(roughness.size() + thickness_bias.size() + thickness_sigma.size());
  }
  long Points() const {
    return OpticalPoints() +
           static_cast<long>(offset_range.size() + gain_sigma.size() + crosstalk.size());
  }
  bool Empty() const { return Points() == 0; }
};

/// What is solved, and how: the device, the light's wavelengths, the solver.
struct DeviceOptions {
  GridOptions grid;
  std::vector<double> wavelengths;  ///< vacuum, um
  std::map<std::string, MaterialOptions> materials;
  std::string background;
  std::string background_where;
  std::vector<LayerOptions> layers;
  std::vector<ShapeOptions> shapes;
  std::vector<PortOptions> ports;
  std::optional<LayoutOptions> layout;  ///< has filled grid, layers, shapes and ports
  std::optional<domain::BlockChip> chip;
  std::string chip_where;
  std::vector<ElementOptions> elements;
  /// Names of the ports that are launched, and of those that are read; empty: by their direction.
  std::vector<std::string> inputs, outputs;
  domain::FabricationErrors fabrication;
  SolverOptions solver;

  bool InTimeDomain() const { return solver.method == SolverMethod::TimeDomain; }
  /// "shapes[2]" for messages, counted as the deck does, or "layout".
  std::string ShapeName(size_t number) const;
  /// The one in the middle of the list, of pictures and field files.
  double MiddleWavelength() const { return wavelengths[wavelengths.size() / 2]; }
};

/// A device, the light that is sent into it, what is measured and what is written.
struct SimulateOptions : DeviceOptions {
  std::vector<SourceOptions> sources;
  std::vector<MonitorOptions> monitors;
  OutputOptions output;
  std::optional<InSituOptions> insitu;
};

/// What every training has.
struct LearningOptions {
  training::TrainingOptions training;
  training::LossOptions loss;
  training::OptimizerOptions optimizer;
  std::vector<std::string> deploy;  ///< results.h5 of trainings of chips to be measured here
  std::string training_where;       ///< of section training
};

/// Names of the ports that are detected for one class.
struct DetectedClass {
  std::vector<std::string> plus;
  std::vector<std::string> minus;  ///< of the detector that is subtracted: difference
  std::string where;
};

/// Classes by their names in the data.
using DetectedClasses = std::map<std::string, DetectedClass>;

/// A network of chips: its data, its electronics, the errors of its heaters. Of lists with an entry
/// per wavelength, one entry stands for all wavelengths.
struct NetworkOptions {
  training::ActuatorErrors drive;
  std::vector<training::DataOptions> data;
  training::EncodingOptions encoding;
  training::ReencodingOptions reencoding;
  training::DetectionOptions detection;
  std::vector<DetectedClasses> classes;  ///< empty: outputs in groups
  SweepOptions sweep;
};

/// `wavelengths` as listed: commands refer to the first.
struct ChipTrainingOptions : DeviceOptions, LearningOptions, NetworkOptions {
  OutputOptions output;

  /// What is trained at one of the wavelengths: with this one alone, its data and classes, and
  /// noise of its own.
  ChipTrainingOptions At(size_t wavelength) const;
};

/// Jobs on an optical bench: training of a network, foci, hidden objects.
struct BenchOptions : LearningOptions {
  OpticalBenchOptions bench;
};

/// All of a deck. Jobs take the part that they use.
struct DeckOptions : SimulateOptions, LearningOptions, NetworkOptions {
  JobKind job = JobKind::Simulate;
  std::string title;
  std::vector<std::string> unused;  ///< a sentence for each part that the job does not use
  OpticalBenchOptions bench;        ///< instead of everything that describes a chip

  ChipTrainingOptions ChipTraining() const { return {*this, *this, *this, output}; }
  BenchOptions Bench() const { return {*this, bench}; }
};

}  // namespace symwave::jobs::deck
