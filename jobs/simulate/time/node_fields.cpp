#include "jobs/simulate/time/node_fields.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/for_each_point.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Stagger;
using solvers::fdtd::DftBlock;

bool OnHalves(const Lattice& lattice, Component c, int axis) {
  const bool flat = lattice.TwoDimensional() && axis == 2;
  return !flat && lattice.StaggerOf(c, axis) == Stagger::Centre;
}

/// Values of one component at one frequency on a box of points, x fastest.
struct Layer {
  IndexBox box;
  std::vector<Complex> values;

  Complex At(const std::array<int, 3>& p) const {
    return values[static_cast<size_t>(box.Offset(p[0], p[1], p[2]))];
  }
};

std::vector<IndexBox> BoxesOfAll(MPI_Comm comm, const IndexBox& mine) {
  std::array<int, 6> ends{};
  for (int d = 0; d < 3; ++d) {
    ends[d] = mine.lo[d];
    ends[3 + d] = mine.Empty() ? mine.lo[d] : mine.hi[d];
  }
  std::vector<int> all(6 * static_cast<size_t>(base::Communicator::SizeOf(comm)));
  base::Mpi(MPI_Allgather(ends.data(), 6, MPI_INT, all.data(), 6, MPI_INT, comm));
  std::vector<IndexBox> boxes;
  for (size_t r = 0; 6 * r < all.size(); ++r) {
    const int* e = &all[6 * r];
    boxes.push_back({{e[0], e[1], e[2]}, {e[3], e[4], e[5]}});
  }
  return boxes;
}

/// The layer below a box along an axis: on a periodic axis the last one below the first.
IndexBox Below(const Lattice& lattice, IndexBox box, int axis) {
  if (box.Empty()) return box;
  int at = box.lo[axis] - 1;
  if (at < 0 && lattice.Periodic(axis)) at += lattice.Cells(axis);
  box.lo[axis] = at;
  box.hi[axis] = at + 1;
  return box;
}

/// Collective: what the ranks hold of the layer below this rank's, zeros where nobody holds it.
Layer Fetch(MPI_Comm comm, const Lattice& lattice, const std::vector<IndexBox>& boxes,
            const Layer& mine, int axis) {
  const size_t ranks = boxes.size();
  std::vector<int> sends(ranks), receives(ranks), send_at(ranks), receive_at(ranks);
  std::vector<Complex> out;
  std::vector<IndexBox> parts;
  Layer below{Below(lattice, mine.box, axis), {}};
  int total = 0;
  for (size_t r = 0; r < ranks; ++r) {
    send_at[r] = static_cast<int>(out.size());
    domain::ForEachPoint(domain::Intersect(mine.box, Below(lattice, boxes[r], axis)),
                         [&](const std::array<int, 3>& p) { out.push_back(mine.At(p)); });
    sends[r] = static_cast<int>(out.size()) - send_at[r];
    parts.push_back(domain::Intersect(below.box, boxes[r]));
    receive_at[r] = total;
    receives[r] = parts.back().Empty() ? 0 : static_cast<int>(parts.back().Count());
    total += receives[r];
  }
  std::vector<Complex> in(static_cast<size_t>(total));
  base::Mpi(MPI_Alltoallv(out.data(), sends.data(), send_at.data(), MPI_CXX_DOUBLE_COMPLEX,
                          in.data(), receives.data(), receive_at.data(), MPI_CXX_DOUBLE_COMPLEX,
                          comm));
  below.values.assign(below.box.Empty() ? 0 : static_cast<size_t>(below.box.Count()), 0);
  size_t n = 0;
  for (const IndexBox& part : parts) {
    domain::ForEachPoint(part, [&](const std::array<int, 3>& p) {
      below.values[static_cast<size_t>(below.box.Offset(p[0], p[1], p[2]))] = in[n++];
    });
  }
  return below;
}

/// What stands on halves of an axis is even about an electric wall and odd about a magnetic one.
double ImageSign(const Lattice& lattice, int axis, int side) {
  return lattice.End(axis, side).wall == domain::Wall::Pmc ? -1 : 1;
}

/// From the halves to the nodes of one axis. The lowest layer of all means nothing where no layer,
/// wall or period lies below it.
void Average(MPI_Comm comm, const Lattice& lattice, const std::vector<IndexBox>& boxes, int axis,
             Layer& layer) {
  const Layer below = Fetch(comm, lattice, boxes, layer, axis);
  const Complex back = std::polar(1.0, -lattice.BlochPhase(axis));
  Layer nodes = layer;
  domain::ForEachPoint(layer.box, [&](const std::array<int, 3>& p) {
    const int i = p[axis];
    std::array<int, 3> q = p;
    q[axis] = i - 1;
    Complex low, high = layer.At(p);
    if (i == 0 && !lattice.Periodic(axis)) {
      low = ImageSign(lattice, axis, 0) * high;
    } else if (i > layer.box.lo[axis]) {
      low = layer.At(q);
    } else {
      q[axis] = below.box.lo[axis];
      low = (i == 0 ? back : 1.0) * below.At(q);
    }
    if (i == lattice.Cells(axis)) high = ImageSign(lattice, axis, 1) * low;
    const double width_low = lattice.CellWidth(axis, i - 1), width = lattice.CellWidth(axis, i);
    nodes.values[static_cast<size_t>(layer.box.Offset(p[0], p[1], p[2]))] =
        (low * width + high * width_low) / (width_low + width);
  });
  layer = std::move(nodes);
}

}  // namespace

IndexBox RecordedFor(const Lattice& lattice, const IndexBox& nodes,
                     const std::vector<Component>& components) {
  IndexBox box = nodes;
  for (int axis = 0; axis < 3; ++axis) {
    const bool halves = std::any_of(components.begin(), components.end(),
                                    [&](Component c) { return OnHalves(lattice, c, axis); });
    if (!halves) continue;
    if (box.lo[axis] > 0) {
      --box.lo[axis];
    } else if (lattice.Periodic(axis)) {
      box.hi[axis] = lattice.Cells(axis);
    }
  }
  return box;
}

DftBlock Cropped(const DftBlock& block, const IndexBox& box) {
  DftBlock part{domain::Intersect(block.box, box), block.components, block.omegas, {}};
  for (size_t c = 0; c < block.components.size(); ++c) {
    for (size_t w = 0; w < block.omegas.size(); ++w) {
      domain::ForEachPoint(part.box, [&](const std::array<int, 3>& p) {
        part.values.push_back(block.At(static_cast<int>(c), static_cast<int>(w), p[0], p[1], p[2]));
      });
    }
  }
  return part;
}

DftBlock FieldsOnNodes(MPI_Comm comm, const Lattice& lattice, DftBlock block,
                       const IndexBox& nodes) {
  const std::vector<IndexBox> boxes = BoxesOfAll(comm, block.box);
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  DftBlock shown{domain::Intersect(block.box, nodes), block.components, block.omegas, {}};
  for (size_t row = 0; row < block.components.size() * block.omegas.size(); ++row) {
    const Component component = block.components[row / block.omegas.size()];
    const auto first = block.values.begin() + static_cast<long>(row * count);
    Layer layer{block.box, {first, first + static_cast<long>(count)}};
    for (int axis = 0; axis < 3; ++axis) {
      if (OnHalves(lattice, component, axis)) Average(comm, lattice, boxes, axis, layer);
    }
    domain::ForEachPoint(shown.box,
                         [&](const std::array<int, 3>& p) { shown.values.push_back(layer.At(p)); });
  }
  return shown;
}

std::vector<double> MomentOnNodes(const solvers::fdtd::Engine& engine, Component component,
                                  const IndexBox& nodes) {
  const Lattice& lattice = engine.Lattice();
  const IndexBox box = RecordedFor(lattice, nodes, {component});
  DftBlock block{domain::Intersect(engine.Owned(), box), {component}, {0.0}, {}};
  const std::vector<double> real = engine.Field(component, box);
  block.values.assign(real.begin(), real.end());
  if (lattice.HasBlochPhase()) {
    const std::vector<double> imaginary = engine.Field(component, box, 1);
    for (size_t k = 0; k < imaginary.size(); ++k) block.values[k] += Complex(0, imaginary[k]);
  }
  const DftBlock shown = FieldsOnNodes(engine.Comm(), lattice, std::move(block), nodes);
  std::vector<double> values(shown.values.size());
  std::transform(shown.values.begin(), shown.values.end(), values.begin(),
                 [](const Complex& value) { return value.real(); });
  return values;
}

io::FieldFrame FrameOnNodes(const Lattice& lattice, const IndexBox& nodes, const IndexBox& mine) {
  io::FieldFrame frame;
  for (int axis = 0; axis < 3; ++axis) {
    for (int i = nodes.lo[axis]; i < nodes.hi[axis]; ++i) {
      frame.coordinates[axis].push_back(
          lattice.TwoDimensional() && axis == 2 ? 0.0 : lattice.Node(axis, i));
    }
    if (mine.Empty()) continue;
    frame.part.offset[axis] = mine.lo[axis] - nodes.lo[axis];
    frame.part.count[axis] = mine.Extent(axis);
  }
  return frame;
}

}  // namespace symwave::jobs::simulate::time
