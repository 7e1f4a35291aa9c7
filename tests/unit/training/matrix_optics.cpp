#include "tests/unit/training/matrix_optics.hpp"

#include <cmath>
#include <utility>

#include "domain/base/communicator.hpp"
#include "training/gradient_check.hpp"
#include "training/random.hpp"

namespace symwave::training::testing {

using Complex = std::complex<double>;

MatrixOptics::MatrixOptics(MPI_Comm comm, std::vector<Eigen::MatrixXcd> cores, bool attenuators)
    : comm_(comm), cores_(std::move(cores)), attenuators_(attenuators) {
  SetActuators(Eigen::VectorXd::Ones(Elements()), Eigen::VectorXd::Zero(Elements()));
}

void MatrixOptics::SetActuators(const Eigen::VectorXd& gain, const Eigen::VectorXd& offset) {
  gain_ = gain;
  offset_ = offset;
}

std::vector<int> MatrixOptics::MirrorImages() const {
  std::vector<int> images;
  for (int e = 0; e < Elements(); ++e) {
    const int kind = e / (Masks() * Ports());
    const int mask = e / Ports() % Masks();
    images.push_back((kind * Masks() + Masks() - 1 - mask) * Ports() + e % Ports());
  }
  return images;
}

std::vector<bool> MatrixOptics::Attenuators() const {
  std::vector<bool> attenuators;
  for (int e = 0; e < Elements(); ++e) attenuators.push_back(e >= Masks() * Ports());
  return attenuators;
}

void MatrixOptics::Program(const Eigen::VectorXd& commands) {
  const Eigen::VectorXd drive = gain_.cwiseProduct(commands) + offset_;
  masks_.assign(static_cast<std::size_t>(Masks()), Eigen::ArrayXcd(Ports()));
  for (int k = 0; k < Masks(); ++k) {
    for (int p = 0; p < Ports(); ++p) {
      const double loss = attenuators_ ? drive((Masks() + k) * Ports() + p) : 0.0;
      masks_[static_cast<std::size_t>(k)](p) = std::exp(Complex(-loss, drive(k * Ports() + p)));
    }
  }
  ++effort_.factorizations;
}

// A field of amplitude f in an element, as three rows on different ranks whose products sum to f^2.
Eigen::MatrixXcd MatrixOptics::Rows(const Eigen::RowVectorXcd& field, int element) const {
  const double weights[] = {0.48, 0.6, 0.64};
  const int rank = base::Communicator::RankIn(comm_);
  const int ranks = base::Communicator::SizeOf(comm_);
  Eigen::MatrixXcd rows(0, field.size());
  for (int r = 0; r < 3; ++r) {
    if ((element % Ports() + r) % ranks != rank) continue;  // as in the mirror image
    rows.conservativeResize(rows.rows() + 1, field.size());
    rows.row(rows.rows() - 1) = weights[r] * field;
  }
  return rows;
}

Transmission MatrixOptics::Transmit(const Eigen::MatrixXcd& launched, Side side) {
  const bool input = side == Side::Input;
  Transmission result;
  result.fields.resize(static_cast<std::size_t>(Elements()));
  Eigen::MatrixXcd v = input ? Eigen::MatrixXcd(cores_.front() * launched)
                             : Eigen::MatrixXcd(cores_.back().transpose() * launched);
  for (int step = 0; step < Masks(); ++step) {
    const int k = input ? step : Masks() - 1 - step;
    const Eigen::ArrayXcd& mask = masks_[static_cast<std::size_t>(k)];
    for (int p = 0; p < Ports(); ++p) {
      // dM/dphase = i m and dM/dloss = -m, halved between the error and the data field.
      const int phase = k * Ports() + p;
      result.fields[static_cast<std::size_t>(phase)] =
          Rows(std::sqrt(Complex(0, 1) * mask(p)) * v.row(p), phase);
      if (!attenuators_) continue;
      const int loss = (Masks() + k) * Ports() + p;
      result.fields[static_cast<std::size_t>(loss)] = Rows(std::sqrt(-mask(p)) * v.row(p), loss);
    }
    v = mask.matrix().asDiagonal() * v;
    v = input ? Eigen::MatrixXcd(cores_[static_cast<std::size_t>(k) + 1] * v)
              : Eigen::MatrixXcd(cores_[static_cast<std::size_t>(k)].transpose() * v);
  }
  result.outputs = v;
  effort_.solves += launched.cols();
  return result;
}

Eigen::VectorXd RandomVector(int size, std::uint64_t seed, double spread) {
  Eigen::VectorXd vector(size);
  for (int k = 0; k < size; ++k) {
    vector(k) = spread * Gaussians(seed, static_cast<std::uint64_t>(k)).a;
  }
  return vector;
}

Eigen::MatrixXcd RandomCore(int ports, std::uint64_t seed, double transmission) {
  Eigen::MatrixXcd gaussian(ports, ports);
  for (int k = 0; k < ports * ports; ++k) {
    const GaussianPair pair = Gaussians(seed, static_cast<std::uint64_t>(k));
    gaussian(k % ports, k / ports) = Complex(pair.a, pair.b);
  }
  const Eigen::HouseholderQR<Eigen::MatrixXcd> qr(gaussian);
  return transmission * Eigen::MatrixXcd(qr.householderQ());
}

Eigen::MatrixXcd RandomSymmetricCore(int ports, std::uint64_t seed) {
  const Eigen::MatrixXcd core = RandomCore(ports, seed, 1.0);
  return 0.9 * core.transpose() * core;
}

std::shared_ptr<MatrixOptics> SymmetricBlock(MPI_Comm comm, int ports, std::uint64_t seed,
                                             bool attenuators) {
  const Eigen::MatrixXcd core = RandomCore(ports, seed);
  auto block = std::make_shared<MatrixOptics>(
      comm, std::vector<Eigen::MatrixXcd>{core, core.transpose()}, attenuators);
  Eigen::VectorXd offset = RandomVector(block->Elements(), seed + 1, 2.0);
  if (attenuators) offset.tail(ports).setZero();
  block->SetActuators(Eigen::VectorXd::Ones(block->Elements()), offset);
  return block;
}

std::shared_ptr<MatrixOptics> MirrorableCascade(MPI_Comm comm, int ports, std::uint64_t seed) {
  const Eigen::MatrixXcd core = RandomCore(ports, seed);
  return std::make_shared<MatrixOptics>(
      comm,
      std::vector<Eigen::MatrixXcd>{core, RandomSymmetricCore(ports, seed + 1), core.transpose()});
}

std::shared_ptr<MatrixOptics> AsymmetricBlock(MPI_Comm comm, int ports, std::uint64_t seed) {
  return std::make_shared<MatrixOptics>(
      comm, std::vector<Eigen::MatrixXcd>{RandomCore(ports, seed), RandomCore(ports, seed + 7)});
}

SampleSet RandomSamples(int samples, int features, int classes, std::uint64_t seed) {
  SampleSet set;
  set.classes = classes;
  set.features.resize(samples, features);
  for (int s = 0; s < samples; ++s) {
    for (int f = 0; f < features; ++f) {
      const GaussianPair pair = Gaussians(seed, static_cast<std::uint64_t>(s * features + f));
      set.features(s, f) = 0.5 + 0.5 * std::sin(pair.a);
    }
    set.labels.push_back(s % classes);
  }
  return set;
}

double RelativeDifference(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return (a - b).norm() / b.norm();
}

Eigen::VectorXd DifferenceGradient(NetworkEngine& engine, const Eigen::VectorXd& commands,
                                   const SampleSet& samples) {
  const auto loss = [&](const Eigen::VectorXd& c) { return engine.Evaluate(c, samples).loss; };
  Eigen::VectorXd gradient(commands.size());
  for (Eigen::Index e = 0; e < commands.size(); ++e) {
    gradient(e) = CentralDifference(loss, commands, e, 1e-3);
  }
  return gradient;
}

}  // namespace symwave::training::testing
