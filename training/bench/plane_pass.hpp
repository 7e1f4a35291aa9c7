// Some planes on their way through all layers of a bench and back.
#pragma once

#include <map>
#include <vector>

#include "training/bench/error_launch.hpp"
#include "training/bench/plane_engine.hpp"

namespace symwave::training::bench {

/// Holds two planes per layer and sample. All members are collective on the ranks that share the
/// planes.
template <class Real>
class PlanePass {
 public:
  using Index = Eigen::Index;

  /// See PlaneEngine.
  PlanePass(const PlaneEngineOptions& options, const ImageDataset& like, BenchSystem<Real>& data,
            BenchSystem<Real>& error);

  const PixelRange& Pixels() const { return layout_; }
  const PlaneEncoder<Real>& Encoder() const { return encoder_; }
  const DetectorRegions& Detectors() const { return detectors_; }
  /// Whether the error of forward mode has to pass the mask first.
  bool EntersBeforeMask() const { return enters_before_mask_; }

  /// Other commands or another step; `commands` must outlive the pass.
  void Begin(const Eigen::VectorXd& commands, std::uint64_t step);
  /// Measures the transmission of every mask, which SendBack needs if EntersBeforeMask().
  void Calibrate();
  /// The images `samples[0 ... count - 1]`; the numbers must outlive the pass.
  void Encode(const ImageDataset& images, const int* samples, Index count);

  /// y_k and v_k of every layer.
  void MeasureFields();
  /// The last plane by the camera alone; see PlaneEngine::Evaluate.
  void MeasureIntensities(int kind);
  /// In the detectors, planes x classes; of what was measured last.
  Eigen::ArrayXXd Light() const;
  const Planes<Real>& Field(int layer) const { return y_[static_cast<std::size_t>(layer)]; }

  /// After MeasureFields: from dL/dI in the detectors to the gradient, which is added to. `defects`
  /// unless null: layers x 2, norm^2 of C - D and of C is added, C = g_s^T y_t and D = e_s^T v_t of
  /// the first planes s, t, which are equal when B = B^T.
  void SendBack(const Eigen::ArrayXXd& slope, Eigen::VectorXd& gradient, Eigen::ArrayXXd* defects);

 private:
  void Program(BenchSystem<Real>& bench, int layer);
  MeasurementKey Key(int layer, int kind) const { return {step_, layer, kind, samples_}; }

  PlaneEngineOptions options_;
  PixelRange layout_;
  BenchSystem<Real>&data_, &error_;
  PlaneEncoder<Real> encoder_;
  PlaneReencoder<Real> reencoder_;
  DetectorRegions detectors_;
  bool enters_before_mask_;

  const Eigen::VectorXd* commands_ = nullptr;
  std::uint64_t step_ = 0;
  std::map<const BenchSystem<Real>*, int> programmed_;  ///< which mask is in
  std::vector<MeasuredMask<Real>> masks_;               ///< of every layer

  const int* samples_ = nullptr;
  Planes<Real> encoded_, x_, g_;
  std::vector<Planes<Real>> y_, v_;
  RealPlanes<Real> intensities_;  ///< behind the last layer, where its field was not measured
};

}  // namespace symwave::training::bench
