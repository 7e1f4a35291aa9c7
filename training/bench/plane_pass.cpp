#include "training/bench/plane_pass.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace symwave::training::bench {

template <class Real>
PlanePass<Real>::PlanePass(const PlaneEngineOptions& options, const ImageDataset& like,
                           BenchSystem<Real>& data, BenchSystem<Real>& error)
    : options_(options),
      layout_(PixelRangeOf(data)),
      data_(data),
      error_(error),
      encoder_(options.network, layout_, like.rows, like.columns),
      reencoder_(options.network, layout_),
      detectors_(options.network, layout_, like.classes),
      enters_before_mask_(options.error_side == Side::Input &&
                          error.Geometry().mask == MaskPlace::Input) {
  y_.resize(static_cast<std::size_t>(options.network.layers));
  v_.resize(static_cast<std::size_t>(options.network.layers));
}

template <class Real>
void PlanePass<Real>::Begin(const Eigen::VectorXd& commands, std::uint64_t step) {
  commands_ = &commands;
  step_ = step;
  programmed_.clear();
  masks_.clear();
}

template <class Real>
void PlanePass<Real>::Program(BenchSystem<Real>& bench, int layer) {
  const auto [place, added] = programmed_.emplace(&bench, layer);
  if (!added && place->second == layer) return;
  place->second = layer;
  bench.Program(commands_->segment(layer * layout_.count, layout_.count));
}

template <class Real>
void PlanePass<Real>::Calibrate() {
  for (int layer = 0; layer < options_.network.layers; ++layer) {
    Program(error_, layer);
    masks_.push_back(
        MeasureMask(error_, options_.error_launch.calibrations, {step_, layer, kCalibration}));
  }
}

template <class Real>
void PlanePass<Real>::Encode(const ImageDataset& images, const int* samples, Index count) {
  samples_ = samples;
  encoder_.Encode(images, samples, count, encoded_);
}

template <class Real>
void PlanePass<Real>::MeasureFields() {
  intensities_.resize(0, 0);
  for (int layer = 0; layer < options_.network.layers; ++layer) {
    const auto k = static_cast<std::size_t>(layer);
    Program(data_, layer);
    if (layer > 0) reencoder_.Apply(y_[k - 1], encoded_, x_);
    BenchTransmission<Real> measured = data_.Transmit(layer == 0 ? encoded_ : x_, Side::Input,
                                                      Measure::OutputsAndMask, Key(layer, kData));
    y_[k] = std::move(measured.outputs);
    v_[k] = std::move(measured.at_mask);
  }
}

template <class Real>
void PlanePass<Real>::MeasureIntensities(int kind) {
  const bool camera_alone = options_.network.activation == PlaneActivation::Intensity;
  Planes<Real> field;
  for (int layer = 0; layer < options_.network.layers; ++layer) {
    Program(data_, layer);
    if (layer > 0 && camera_alone) {
      reencoder_.ApplyIntensities(intensities_, encoded_, x_);
    } else if (layer > 0) {
      reencoder_.Apply(field, encoded_, x_);
    }
    const Planes<Real>& launched = layer == 0 ? encoded_ : x_;
    if (camera_alone || layer + 1 == options_.network.layers) {
      intensities_ = data_.Observe(launched, Key(layer, kind));
    } else {
      field = data_.Transmit(launched, Side::Input, Measure::Outputs, Key(layer, kind)).outputs;
    }
  }
}

template <class Real>
Eigen::ArrayXXd PlanePass<Real>::Light() const {
  return intensities_.size() > 0 ? detectors_.CollectIntensities<Real>(intensities_)
                                 : detectors_.Collect<Real>(y_.back());
}

template <class Real>
void PlanePass<Real>::SendBack(const Eigen::ArrayXXd& slope, Eigen::VectorXd& gradient,
                               Eigen::ArrayXXd* defects) {
  detectors_.ErrorField<Real>(slope, y_.back(), g_);
  for (int layer = options_.network.layers - 1; layer >= 0; --layer) {
    const auto k = static_cast<std::size_t>(layer);
    Eigen::MatrixXcd from_outputs;
    if (defects) from_outputs = Products<Real>(g_, y_[k]);
    Program(error_, layer);
    ReturnedError<Real> returned =
        LaunchError(error_, options_.error_side, enters_before_mask_ ? &masks_[k] : nullptr, g_,
                    options_.error_launch.differential, Key(layer, kError));
    AddPhaseGradient<Real>(returned.at_mask, v_[k], gradient.data() + layer * layout_.count);
    if (defects) {
      defects->row(layer) +=
          SquaredDefect(layout_, from_outputs, Products<Real>(returned.at_mask, v_[k])).transpose();
    }
    if (layer == 0) return;
    g_ = std::move(returned.behind);
    reencoder_.Backward(y_[k - 1], g_);
  }
}

template class PlanePass<float>;
template class PlanePass<double>;

}  // namespace symwave::training::bench
