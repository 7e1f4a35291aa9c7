#include "training/port_response.hpp"

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"

namespace symwave::training {

namespace {

Transmission LaunchPorts(OpticalSystem& system, Side side) {
  const int ports = side == Side::Input ? system.Inputs() : system.Outputs();
  return system.Transmit(Eigen::MatrixXcd::Identity(ports, ports), side);
}

// The error field in element e stands in element images[e] of `error`.
std::vector<Eigen::MatrixXcd> Overlaps(const std::vector<Eigen::MatrixXcd>& error,
                                       const std::vector<int>& images,
                                       const std::vector<Eigen::MatrixXcd>& data) {
  std::vector<Eigen::MatrixXcd> overlaps;
  overlaps.reserve(data.size());
  for (std::size_t e = 0; e < data.size(); ++e) {
    overlaps.emplace_back(error[static_cast<std::size_t>(images[e])].transpose() * data[e]);
  }
  return overlaps;
}

std::vector<int> SameElements(int elements) {
  std::vector<int> same(static_cast<std::size_t>(elements));
  for (int e = 0; e < elements; ++e) same[static_cast<std::size_t>(e)] = e;
  return same;
}

}  // namespace

PortResponse MeasureData(OpticalSystem& system, const Eigen::VectorXd& commands) {
  system.Program(commands);
  PortResponse response;
  response.data = LaunchPorts(system, Side::Input).outputs;
  return response;
}

PortResponse Measure(OpticalSystem& system, const Eigen::VectorXd& commands, ErrorPass pass) {
  base::FaultPoint("chip/error_pass");
  if (pass != ErrorPass::Reverse && system.Inputs() != system.Outputs()) {
    base::Fail(
        "training.error_pass launches the error field at the input ports, but a block has {} "
        "input and {} output ports; use error_pass: reverse",
        system.Inputs(), system.Outputs());
  }
  system.Program(commands);
  Transmission data = LaunchPorts(system, Side::Input);
  PortResponse response;
  response.data = std::move(data.outputs);
  if (pass == ErrorPass::Symmetric) {
    response.error = response.data;
    response.overlaps = Overlaps(data.fields, system.MirrorImages(), data.fields);
    return response;
  }
  const std::vector<int> images =
      pass == ErrorPass::Mirrored ? system.MirrorImages() : SameElements(system.Elements());
  if (pass == ErrorPass::Mirrored) system.Program(MirrorCommands(commands, images));
  const Transmission error =
      LaunchPorts(system, pass == ErrorPass::Mirrored ? Side::Input : Side::Output);
  response.error = error.outputs;
  response.overlaps = Overlaps(error.fields, images, data.fields);
  return response;
}

Eigen::VectorXd MirrorCommands(const Eigen::VectorXd& commands, const std::vector<int>& images) {
  Eigen::VectorXd mirrored(commands.size());
  for (Eigen::Index e = 0; e < commands.size(); ++e) {
    mirrored(images[static_cast<std::size_t>(e)]) = commands(e);
  }
  return mirrored;
}

double TransposeDefect(const PortResponse& response) {
  return (response.error - response.data.transpose()).norm() / response.data.norm();
}

Eigen::VectorXd ContractOverlaps(const PortResponse& response,
                                 const Eigen::MatrixXcd& correlation) {
  Eigen::VectorXd gradient(static_cast<Eigen::Index>(response.overlaps.size()));
  for (std::size_t e = 0; e < response.overlaps.size(); ++e) {
    gradient(static_cast<Eigen::Index>(e)) =
        2.0 * response.overlaps[e].cwiseProduct(correlation).sum().real();
  }
  return gradient;
}

}  // namespace symwave::training
