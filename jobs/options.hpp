// Everything a deck says, as plain structs; read by jobs/schema.hpp. Lengths in um.
#pragma once

#include <complex>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/block_chip.hpp"
#include "domain/fabrication.hpp"
#include "domain/grid.hpp"
#include "domain/ports.hpp"
#include "domain/shapes.hpp"
#include "training/options.hpp"

namespace symwave::jobs {

enum class JobKind { Simulate, Train };

/// Effective index of a guided mode of a layer stack: film between two half-spaces.
struct SlabMaterial {
  double thickness = 0.22;
  std::string film;  ///< built-in names or names of other materials of the deck
  std::string below;
  std::string above;
  bool magnetic = false;  ///< TM instead of TE
  int order = 0;
};

/// Exactly one of the members is given.
struct MaterialOptions {
  std::string model;                          ///< built-in fit: Si, SiO2, Si3N4
  std::optional<std::complex<double>> index;  ///< n + i k
  std::optional<std::complex<double>> epsilon;
  std::optional<SlabMaterial> slab;
  std::string where;  ///< "deck.yaml:line"
};

enum class Factorization { Ldlt, Lu };

struct SolverOptions {
  Factorization factorization = Factorization::Ldlt;
  bool condensation = true;  ///< eliminate the fixed parts of a trained chip once
  int workspace = 30;        ///< MUMPS workspace above its estimate, percent
};

struct OutputOptions {
  bool fields = true;
  std::string directory;  ///< "": out/<deck name>
};

/// Trainings repeated over sizes of hardware errors; each list is one curve of the report.
struct SweepOptions {
  std::vector<double> roughness;       ///< um
  std::vector<double> thickness_bias;  ///< um
  std::vector<double> offset_range;    ///< rad
  int epochs = 60;
  bool Empty() const { return roughness.empty() && thickness_bias.empty() && offset_range.empty(); }
};

struct DeckOptions {
  JobKind job = JobKind::Simulate;
  std::string title;
  domain::GridOptions grid;
  std::vector<double> wavelengths;  ///< vacuum, um
  std::map<std::string, MaterialOptions> materials;
  std::string background;
  std::string background_where;
  std::vector<domain::Shape> shapes;
  std::vector<domain::Port> ports;
  std::optional<domain::BlockChip> chip;
  std::string chip_where;
  domain::FabricationErrors fabrication;
  training::DriveErrors drive;
  std::optional<training::DataOptions> data;
  training::EncodingOptions encoding;
  training::ReencodingOptions reencoding;
  training::TrainingOptions training;
  training::LossOptions loss;
  training::OptimizerOptions optimizer;
  SweepOptions sweep;
  SolverOptions solver;
  OutputOptions output;
};

}  // namespace symwave::jobs
