#include "solvers/fdtd/pole_profile.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/messages.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::Lattice;
using domain::MediumMap;

constexpr int kRows = 24;  // along y and z

/// Sampled layers of an axis across the rows.
struct Samples {
  int count = 1;
  long points = 1;

  int Layer(int number) const {
    return static_cast<int>((2L * number + 1) * points / (2L * count));
  }
  int Nearest(int layer) const {
    return static_cast<int>(std::min<long>(count - 1, static_cast<long>(layer) * count / points));
  }
};

/// Adds the poles of row (j, k) to those of its points.
void AddRow(const Lattice& lattice, const MediumMap& media, int j, int k,
            std::vector<double>& poles) {
  domain::IndexBox box = lattice.AllPoints();
  box.lo[1] = j, box.hi[1] = j + 1;
  box.lo[2] = k, box.hi[2] = k + 1;
  for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!lattice.Has(e)) continue;
    for (const auto& dispersive : media.sample(e, box).dispersive) {
      const auto count = static_cast<double>(media.media[dispersive.medium].poles.size());
      for (size_t i = 0; i < poles.size(); ++i) {
        if (dispersive.share[i] != 0) poles[i] += count;
      }
    }
  }
}

/// The mean over the rows of every sampled layer, for all layers of the axis.
std::vector<double> Spread(const Samples& samples, const std::vector<double>& sums, double rows) {
  std::vector<double> layers;
  for (int i = 0; i < samples.points; ++i) layers.push_back(sums[samples.Nearest(i)] / rows);
  return layers;
}

}  // namespace

PoleProfile SamplePoles(MPI_Comm comm, const Lattice& lattice, const MediumMap& media) {
  PoleProfile profile;
  const bool any = std::any_of(media.media.begin(), media.media.end(),
                               [](const domain::Medium& medium) { return !medium.poles.empty(); });
  if (!any) return profile;
  const auto samples = [&](int axis, int most) {
    return Samples{std::min(lattice.Points(axis), most), lattice.Points(axis)};
  };
  const Samples y = samples(1, kRows * (lattice.TwoDimensional() ? 8 : 1)), z = samples(2, kRows);
  const int nx = lattice.Points(0);
  std::vector<double> along_x(nx, 0.0), along_y(y.count, 0.0), along_z(z.count, 0.0), row(nx);
  const int ranks = base::Communicator::SizeOf(comm);
  base::AgreeOnFailure(comm, [&] {
    for (int n = base::Communicator::RankIn(comm); n < y.count * z.count; n += ranks) {
      std::fill(row.begin(), row.end(), 0.0);
      AddRow(lattice, media, y.Layer(n % y.count), z.Layer(n / y.count), row);
      for (int i = 0; i < nx; ++i) {
        along_x[i] += row[i];
        along_y[n % y.count] += row[i];
        along_z[n / y.count] += row[i];
      }
    }
  });
  base::SumInPlace(comm, along_x.data(), along_x.size());
  base::SumInPlace(comm, along_y.data(), along_y.size());
  base::SumInPlace(comm, along_z.data(), along_z.size());
  // Sums of whole numbers, which no order of ranks rounds, until here.
  profile.layers = {Spread({nx, nx}, along_x, y.count * z.count),
                    Spread(y, along_y, static_cast<double>(nx) * z.count),
                    Spread(z, along_z, static_cast<double>(nx) * y.count)};
  for (const double poles : profile.layers[0]) profile.mean += poles / nx;
  return profile;
}

}  // namespace symwave::solvers::fdtd
