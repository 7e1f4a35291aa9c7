// What heaters and attenuators really do with their commands.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "domain/elements.hpp"
#include "training/options.hpp"

namespace symwave::training::chip {

/// Each element e by itself turns gain_e command_e. Heat takes crosstalk_ef of what f turns to e:
///   driven = gain command + crosstalk (gain command)
///   phase = wrap(driven + offset) into (-pi, pi],   attenuation = max(0, driven).
struct ActuatorResponse {
  Eigen::VectorXd gain;
  Eigen::VectorXd offset;
  Eigen::MatrixXd crosstalk;  ///< elements x elements, zero on the diagonal; empty: none
};

ActuatorResponse IdealActuatorResponse(int elements);

/// Gains 1 + sigma N(0, 1), offsets uniform (phase shifters only), from the seed and `block`.
ActuatorResponse DrawActuatorResponse(const ActuatorErrors& errors, int block,
                                      const std::vector<domain::Element>& elements);

/// Between phase shifters, seen from above: `nearest` for two whose middles are as near as any two
/// of the device, at a distance d that many times as large nearest^d, which falls exponentially.
/// Elements x elements; empty where nothing is shared.
Eigen::MatrixXd ThermalCrosstalk(double nearest, const std::vector<domain::Element>& elements);

/// Phases, within (-pi, pi], and attenuations of the elements; `commands`: one for each element.
Eigen::VectorXd Driven(const ActuatorResponse& response, const Eigen::VectorXd& commands,
                       const std::vector<domain::Element>& elements);

}  // namespace symwave::training::chip
