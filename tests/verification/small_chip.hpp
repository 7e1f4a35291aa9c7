// Small chips with phase shifters for gradient and rank tests.
#pragma once

#include <memory>

#include "domain/block_chip.hpp"
#include "tests/verification/devices.hpp"
#include "training/chip/chip_system.hpp"
#include "training/network_engine.hpp"

namespace symwave::verification {

struct SmallChip {
  domain::BlockChip design;
  domain::BlockLayout layout;
  domain::FrequencyMedia media;
  training::chip::ChipOptions options;

  /// `defect`: a box of core material in the right half only, which breaks the mirror symmetry.
  SmallChip(MPI_Comm comm, int ports, int masks, bool defect, bool condensation = true,
            bool attenuators = false) {
    design.ports = ports;
    design.masks = masks;
    design.guide_width = 0.3;
    design.pitch = 1.5;
    design.taper_length = 0.6;
    design.taper_width = 0.8;
    design.core_width = 1.5 * ports;
    design.core_length = 2.5;
    design.lead = 0.8;
    design.segment = {{0, 0}, 2.0, 0.5, 0.75};
    design.segment_gap = 0.2;
    design.attenuators = attenuators;
    layout = domain::MakeBlockLayout(design, "clad");
    auto grid_options = GridOf(Polarization::Ez, 0.0625, layout.size[0], layout.size[1], 0.75);
    const auto lattice =
        std::make_shared<const domain::Lattice>(domain::UniformLattice(grid_options));
    std::vector<domain::Shape> shapes = layout.shapes;
    if (defect) {
      const double x = 0.25 * layout.size[0];
      shapes.push_back(BoxShape(x, x + 0.5, 0.1, 0.9, "clad"));
    }
    options.device.comm = comm;
    options.device.lattice = lattice;
    options.device.omega = 2 * M_PI / 1.55;
    media = MediaOf(shapes, {{"core", 2.848 * 2.848}, {"clad", 1.444 * 1.444}});
    media.mirror_symmetric = !defect;
    options.device.media = domain::MakePermittivityMap(*lattice, media);
    options.device.ports = layout.inputs;
    options.device.ports.insert(options.device.ports.end(), layout.outputs.begin(),
                                layout.outputs.end());
    options.inputs = ports;
    options.elements = domain::ElementsOf(layout.segments, attenuators);
    options.condensation = condensation;
    options.drive = training::chip::IdealActuatorResponse(Elements());
    for (int e = 0; e < Elements(); ++e) options.drive.offset[e] = Phases(e) ? 0.8 * e - 1.1 : 0;
  }

  int Elements() const {
    return static_cast<int>(layout.segments.size()) * (design.attenuators ? 2 : 1);
  }
  bool Phases(int e) const { return e < static_cast<int>(layout.segments.size()); }
  std::shared_ptr<training::chip::ChipSystem> Make() const {
    return std::make_shared<training::chip::ChipSystem>(options);
  }
};

/// Twelve samples with three features and two classes.
inline training::SampleSet SomeSamples() {
  training::SampleSet samples;
  samples.features.resize(12, 3);
  samples.classes = 2;
  for (int s = 0; s < 12; ++s) {
    samples.labels.push_back(s % 2);
    for (int f = 0; f < 3; ++f) {
      samples.features(s, f) = 0.5 + 0.4 * std::sin(1.3 * s + 2.1 * f + s % 2);
    }
  }
  return samples;
}

/// The same with the first two features.
inline training::SampleSet TwoFeatures() {
  training::SampleSet samples = SomeSamples();
  samples.features.conservativeResize(Eigen::NoChange, 2);
  return samples;
}

inline Eigen::VectorXd SomeCommands(int count) {
  Eigen::VectorXd commands(count);
  for (int c = 0; c < count; ++c) commands[c] = 0.6 * std::cos(1.7 * c + 0.3) + 0.1;
  return commands;
}

}  // namespace symwave::verification
