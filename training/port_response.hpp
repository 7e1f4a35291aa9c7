// The port basis: while the optics are linear, the response to any sample is a combination of the
// responses to the ports, measured once for every programmed device.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "training/optical_system.hpp"
#include "training/options.hpp"

namespace symwave::training {

struct PortResponse {
  Eigen::MatrixXcd data;   ///< outputs x inputs: y = data x
  Eigen::MatrixXcd error;  ///< inputs x outputs: U^T when the error pass is exact
  /// Per element: this rank's part of B_e (outputs x inputs), sum_r e_r d_r over its rows, so that
  /// g^T (dU/dcommand_e) x = sum over ranks of g^T B_e x. Empty when only `data` was measured.
  std::vector<Eigen::MatrixXcd> overlaps;
};

/// Collective on the system's communicator: programs the commands and launches every input port.
PortResponse MeasureData(OpticalSystem& system, const Eigen::VectorXd& commands);

/// The same with the error pass. Symmetric: the fields of the data pass serve both. Mirrored: the
/// mirrored commands are programmed afterwards and stay. Reverse: the ports of the output side are
/// launched. UserError: symmetric or mirrored with different numbers of ports on the two sides.
PortResponse Measure(OpticalSystem& system, const Eigen::VectorXd& commands, ErrorPass pass);

/// The commands of the mirrored device: element images[e] gets the command of element e.
Eigen::VectorXd MirrorCommands(const Eigen::VectorXd& commands, const std::vector<int>& images);

/// norm(error - data^T) / norm(data): for the symmetric pass norm(W - W^T) / norm(W), for `reverse`
/// the defect of reciprocity.
double TransposeDefect(const PortResponse& response);

/// dL/dcommand_e = 2 Re sum_ab B_e[a, b] C[a, b], C = sum over samples of g x^T; this rank's part.
Eigen::VectorXd ContractOverlaps(const PortResponse& response, const Eigen::MatrixXcd& correlation);

}  // namespace symwave::training
