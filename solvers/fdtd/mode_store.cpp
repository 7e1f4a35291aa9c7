#include "solvers/fdtd/mode_store.hpp"

#include <algorithm>

namespace symwave::solvers::fdtd {

namespace {

constexpr double kMostBytes = 128e6;

double BytesOf(const std::vector<modes::WaveguideMode>& modes) {
  double bytes = 0;
  for (const modes::WaveguideMode& mode : modes) bytes += 6 * 16.0 * double(mode.e_u.size());
  return bytes;
}

}  // namespace

ModeStore::Key ModeStore::KeyOf(const Request& request) {
  const modes::WaveguidePlane& plane = request.plane;
  Key key{request.omega,
          request.dt,
          double(plane.axis),
          double(plane.node),
          double(plane.curve.axis),
          plane.curve.centre,
          plane.curve.radius,
          plane.curve.along};
  for (const domain::IndexBox* box : {&plane.box, &plane.media}) {
    key.insert(key.end(), box->lo.begin(), box->lo.end());
    key.insert(key.end(), box->hi.begin(), box->hi.end());
  }
  return key;
}

bool ModeStore::Has(const Request& request) const {
  const auto found = known_.find(KeyOf(request));
  return found != known_.end() && request.demand.MetBy(found->second.modes, found->second.count);
}

std::vector<modes::WaveguideMode> ModeStore::Of(const Request& request) const {
  const std::vector<modes::WaveguideMode>& all = known_.at(KeyOf(request)).modes;
  const int leading = request.demand.Leading(all);
  return {all.begin(), leading > 0 ? all.begin() + leading : all.end()};
}

void ModeStore::Add(const Request& request, const std::vector<modes::WaveguideMode>& modes) {
  ++solved_;
  const double bytes = BytesOf(modes);
  if (bytes_ + bytes > kMostBytes) return;
  Known& known = known_[KeyOf(request)];
  bytes_ += bytes - BytesOf(known.modes);
  known = {std::max(request.demand.First(), static_cast<int>(modes.size())), modes};
}

}  // namespace symwave::solvers::fdtd
