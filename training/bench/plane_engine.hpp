// Forward mode on planes of light: loss and gradient of a network of phase masks on a bench.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "training/bench/bench_ranks.hpp"
#include "training/bench/bench_system.hpp"
#include "training/bench/plane_detectors.hpp"
#include "training/bench/plane_encoding.hpp"
#include "training/bench/plane_reencoding.hpp"
#include "training/image_dataset.hpp"
#include "training/options.hpp"

namespace symwave::training::bench {

struct PlaneEngineOptions {
  PlaneNetworkOptions network;
  LossOptions loss;
  int tile = 8;  ///< planes of a rank in work at a time
  /// Side of the bench where the error enters: Input is forward mode, Output is `reverse`.
  Side error_side = Side::Input;
  ErrorLaunchOptions error_launch;
};

/// Means over a batch, the same on every rank but for `gradient`.
struct PlaneResult {
  double loss = 0;
  Eigen::MatrixXi confusion;  ///< [true][predicted]
  Eigen::VectorXd gradient;   ///< of this rank's commands, layer after layer
  /// Relative mismatch of g_s^T y_t and e_s^T v_t (see PlanePass::SendBack), from what was measured
  /// anyway, largest of all layers: 0 for exact launches and measurements on a symmetric bench, and
  /// when there is no more than one sample.
  double defect = 0;

  double Accuracy() const;
};

/// What a laboratory would do, on all ranks together.
struct BenchEffort {
  long launches = 0;     ///< of light
  long fields = 0;       ///< planes measured by interference, four frames each
  long intensities = 0;  ///< planes measured by the camera alone, one frame each
  BenchEffort& operator+=(const BenchEffort& other);
  BenchEffort operator-(const BenchEffort& other) const;
  /// Signal photons on the camera; 0 when it is free of noise (DetectionErrors::photons).
  double Photons(const BenchGeometry& geometry, const DetectionErrors& detection) const;
  /// Those of the reference wave there, in the frames of fields; 0 when it is free of noise.
  double ReferencePhotons(const BenchGeometry& geometry, const DetectionErrors& detection) const;
};

/// Whether the error pass of a trainer goes through the model.
bool ErrorsOnModel(TrainerKind kind);

/// Of gradients: a data and an error pass for each of `planes` planes and, where the error enters
/// before the mask, calibrations of `masks` masks.
BenchEffort GradientEffort(long planes, long masks, bool error_on_bench, bool enters_before_mask,
                           const ErrorLaunchOptions& launch);

/// Launches of such gradients, one for each error field that a model computes.
long GradientPasses(TrainerKind kind, MaskPlace mask, const ErrorLaunchOptions& launch, long planes,
                    long masks);

/// Layer k launches x_k through the bench with mask k and measures y_k = G M_k F x_k, and
/// v_k = M_k F x_k; x_0 is the image, x_k+1 the re-encoded y_k. For the error g_k = dL/dy_k
///   e_k = G^T g_k,   dL/dtheta = -2 Im(e_k v_k),   dL/dx_k = F^T M_k e_k,
/// measured at the mask and behind the bench: launched at the output side, or, where F^T = G, at
/// the input side. With the mask in the input plane (F = 1, G = G^T) the light of the input side
/// passes the mask first: g_k is divided by the mask's measured transmission before it is launched.
/// All members are collective on the ranks' World(); samples are dealt to the groups of ranks.
template <class Real>
class PlaneEngine {
 public:
  /// Data pass through `data`, error through `error`, which is the same bench or a model of it.
  /// References must outlive the engine. UserError: see DetectorRegions.
  PlaneEngine(const BenchRanks& ranks, const PlaneEngineOptions& options, const ImageDataset& like,
              BenchSystem<Real>& data, BenchSystem<Real>& error);
  ~PlaneEngine();
  PlaneEngine(const PlaneEngine&) = delete;
  PlaneEngine& operator=(const PlaneEngine&) = delete;

  /// Loss and gradient of the mean over the images `batch`. `commands`: this rank's pixels of every
  /// mask, layer after layer.
  PlaneResult Learn(const Eigen::VectorXd& commands, const ImageDataset& images,
                    const std::vector<int>& batch, std::uint64_t step);
  /// Loss and classes alone; the last plane, and with the activation `intensity` every plane, is
  /// seen by the camera without interference. `kind` of MeasurementKey: 0 for images to train on, 2
  /// to test.
  PlaneResult Evaluate(const Eigen::VectorXd& commands, const ImageDataset& images,
                       const std::vector<int>& batch, std::uint64_t step, int kind);
  /// Measured fields behind every layer; every group of ranks gets all samples.
  std::vector<Planes<Real>> Trace(const Eigen::VectorXd& commands, const ImageDataset& images,
                                  const std::vector<int>& samples, std::uint64_t step);

  /// Pixels of this rank of all masks.
  Eigen::Index Commands() const;
  const PixelRange& Pixels() const;
  const DetectorRegions& Detectors() const;
  const PlaneEncoder<Real>& Encoder() const;
  /// Since the start.
  const BenchEffort& Effort() const;
  /// Of `steps` calls of Learn with `samples` images in all, and of Evaluate with `samples`.
  BenchEffort LearnEffort(long samples, long steps) const;
  BenchEffort EvaluateEffort(long samples) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace symwave::training::bench
