#include "solvers/modes/waveguide_operator.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::solvers::modes {

using base::Petsc;
using domain::Component;
using domain::Wall;

PlaneLine LineOfAxis(const domain::Lattice& lattice, int axis, int lo, int hi) {
  PlaneLine line;
  const int last = hi - 1;
  line.periodic = lattice.Periodic(axis) && lo == 0 && hi == lattice.Cells(axis);
  const auto on_nodes = static_cast<Component>((axis + 1) % 3);
  for (int i = lo; i < hi; ++i) {
    line.width.push_back(line.periodic || i < last ? lattice.CellWidth(axis, i) : 0.0);
    line.node_weight.push_back(lattice.Weight(on_nodes, axis, i));
  }
  if (line.periodic) return line;
  const auto magnetic = [&](int node, int end_node, int side) {
    return node == end_node && lattice.End(axis, side).wall == Wall::Pmc;
  };
  if (!magnetic(lo, 0, 0)) line.node_weight.front() = 0;
  if (!magnetic(last, lattice.Cells(axis), 1)) line.node_weight.back() = 0;
  line.open_begin = lo > 0 || lattice.Periodic(axis) || lattice.End(axis, 0).pml_cells > 0;
  line.open_end = last < lattice.Cells(axis) || lattice.End(axis, 1).pml_cells > 0;
  return line;
}

PlaneLine UniformLine(double way) {
  PlaneLine line;
  line.way_at_node = line.way_at_half = {way};
  line.periodic = true;
  line.width = {1.0};
  line.node_weight = {1.0};
  return line;
}

PlaneOperator::PlaneOperator(PlaneLine u, PlaneLine v, PlaneMedium medium, PlaneFields fields,
                             double frequency)
    : u_(std::move(u)),
      v_(std::move(v)),
      medium_(std::move(medium)),
      fields_(fields),
      frequency_(frequency) {
  NumberEdges(fields);
  SetInverse();
}

double PlaneOperator::Way(int kind, int i, int j) const {
  const auto along = [](const PlaneLine& line, bool half, int n) {
    const std::vector<double>& way = half ? line.way_at_half : line.way_at_node;
    return way.empty() ? 1.0 : way[n];
  };
  return along(u_, kind == 0 || kind == 3, i) * along(v_, kind == 1 || kind == 3, j);
}

void PlaneOperator::NumberEdges(const PlaneFields& fields) {
  edge_.fill(std::vector<int>(Points(), -1));
  for (int j = 0; j < v_.Points(); ++j) {
    for (int i = 0; i < u_.Points(); ++i) {
      for (int axis = 0; axis < 2; ++axis) {
        const double area = Area(axis, i, j);
        if (area == 0 || !(axis == 0 ? fields.e_u : fields.e_v)) continue;
        edge_[axis][At(i, j)] = Unknowns();
        weight_.push_back(area);
        mu_.push_back(Way(axis, i, j));
      }
    }
  }
}

void PlaneOperator::SetInverse() {
  inverse_.resize(weight_.size());
  for (int axis = 0; axis < 2; ++axis) {
    for (int p = 0; p < Points(); ++p) {
      const int edge = edge_[axis][p];
      if (edge >= 0) inverse_[edge].push_back({edge, 1.0 / (mu_[edge] * medium_.eps[axis][p])});
    }
  }
  if (medium_.coupling.empty()) return;
  for (int j = 0; j < v_.Points(); ++j) {
    for (int i = 0; i < u_.Points(); ++i) {
      const double value = medium_.coupling[At(i, j)];
      if (value != 0 && Area(2, i, j) > 0) AddCoupling(i, j, value / Way(2, i, j));
    }
  }
}

/// Every edge along u at node (i, j) with every edge along v.
void PlaneOperator::AddCoupling(int i, int j, double value) {
  const std::array<int, 2> at_u{u_.Previous(i), i}, at_v{v_.Previous(j), j};
  double length_u = 0, length_v = 0;
  for (const int m : at_u) length_u += m < 0 ? 0 : u_.width[m];
  for (const int m : at_v) length_v += m < 0 ? 0 : v_.width[m];
  for (const int m : at_u) {
    for (const int n : at_v) {
      const int along_u = EdgeAt(0, m, j), along_v = EdgeAt(1, i, n);
      if (along_u < 0 || along_v < 0) continue;
      inverse_[along_u].push_back({along_v, 0.5 * value * v_.width[n] / length_v});
      inverse_[along_v].push_back({along_u, 0.5 * value * u_.width[m] / length_u});
    }
  }
}

double PlaneOperator::Area(int kind, int i, int j) const {
  const double along_u = kind == 0 || kind == 3 ? u_.width[i] : u_.node_weight[i];
  const double along_v = kind == 1 || kind == 3 ? v_.width[j] : v_.node_weight[j];
  return along_u * along_v;
}

double PlaneOperator::LargestIndexSquared() const {
  double largest = 0;
  for (int j = 0, p = 0; j < v_.Points(); ++j) {
    for (int i = 0; i < u_.Points(); ++i, ++p) {
      for (int k = 0; k < 3; ++k) {
        const double way = k < 2 ? Way(k, i, j) : 1;
        largest = std::max(largest, way * way * medium_.eps[k][p].real());
      }
    }
  }
  return largest;
}

void PlaneOperator::Stencil::Add(int number, double signed_width) {
  if (number < 0) return;
  edge[count] = number;
  factor[count] = 1 / signed_width;
  ++count;
}

/// (C e)(i+1/2, j+1/2) = [e_v(i+1) - e_v(i)] / width_u - [e_u(j+1) - e_u(j)] / width_v.
PlaneOperator::Stencil PlaneOperator::CurlStencil(int i, int j) const {
  Stencil s;
  s.Add(EdgeAt(1, u_.Next(i), j), u_.width[i]);
  s.Add(EdgeAt(1, i, j), -u_.width[i]);
  s.Add(EdgeAt(0, i, v_.Next(j)), -v_.width[j]);
  s.Add(EdgeAt(0, i, j), v_.width[j]);
  return s;
}

/// Column (i, j) of G: how the potential of one node enters the gradients beside it.
PlaneOperator::Stencil PlaneOperator::GradientStencil(int i, int j) const {
  Stencil s;
  const int before = u_.Previous(i);
  const int below = v_.Previous(j);
  if (before >= 0) s.Add(EdgeAt(0, before, j), u_.width[before]);
  s.Add(EdgeAt(0, i, j), -u_.width[i]);
  if (below >= 0) s.Add(EdgeAt(1, i, below), v_.width[below]);
  s.Add(EdgeAt(1, i, j), -v_.width[j]);
  return s;
}

template <class Visit>
void PlaneOperator::ForEachFace(Visit visit) const {
  if (!fields_.h_n) return;
  for (int j = 0; j < v_.Points(); ++j) {
    for (int i = 0; i < u_.Points(); ++i) {
      if (Area(3, i, j) > 0) visit(i, j, CurlStencil(i, j));
    }
  }
}

template <class Visit>
void PlaneOperator::ForEachNode(Visit visit) const {
  if (!fields_.e_n) return;
  for (int j = 0; j < v_.Points(); ++j) {
    for (int i = 0; i < u_.Points(); ++i) {
      if (Area(2, i, j) > 0) visit(i, j, GradientStencil(i, j));
    }
  }
}

MatHandle PlaneOperator::Matrix(MPI_Comm comm, int row_entries) const {
  MatHandle matrix;
  Petsc(MatCreateAIJ(comm, PETSC_DECIDE, PETSC_DECIDE, Unknowns(), Unknowns(), row_entries, nullptr,
                     row_entries, nullptr, matrix.Out()));
  return matrix;
}

namespace {

/// Adds to the rows that this rank owns; assembled by Finish().
class Rows {
 public:
  explicit Rows(Mat matrix) : matrix_(matrix) {
    Petsc(MatGetOwnershipRange(matrix, &begin_, &end_));
  }
  void Add(int row, int column, Complex value) const {
    if (Owns(row)) Petsc(MatSetValue(matrix_, row, column, value, ADD_VALUES));
  }
  bool Owns(int row) const { return row >= begin_ && row < end_; }
  PetscInt Begin() const { return begin_; }
  PetscInt End() const { return end_; }
  void Finish() const {
    Petsc(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY));
    Petsc(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY));
  }

 private:
  Mat matrix_;
  PetscInt begin_ = 0;
  PetscInt end_ = 0;
};

}  // namespace

MatHandle PlaneOperator::Assemble(MPI_Comm comm) const {
  MatHandle matrix = Matrix(comm, medium_.coupling.empty() ? 9 : 9 + 7 * 4);
  const Rows rows(matrix);
  for (PetscInt k = rows.Begin(); k < rows.End(); ++k)
    rows.Add(k, k, mu_[k] * frequency_ * frequency_);
  ForEachFace([&](int i, int j, const Stencil& c) {
    for (int a = 0; a < c.count; ++a) {
      const int row = c.edge[a];
      if (!rows.Owns(row)) continue;
      for (int b = 0; b < c.count; ++b) {
        const double curl_curl =
            mu_[row] * Way(3, i, j) * Area(3, i, j) * c.factor[a] * c.factor[b] / weight_[row];
        for (const Element& e : inverse_[c.edge[b]]) rows.Add(row, e.edge, -curl_curl * e.value);
      }
    }
  });
  ForEachNode([&](int i, int j, const Stencil& g) {
    const Complex charge = Area(2, i, j) * medium_.eps[2][At(i, j)] / Way(2, i, j);
    for (int a = 0; a < g.count; ++a) {
      for (int b = 0; b < g.count; ++b) {
        const int column = g.edge[b];
        rows.Add(g.edge[a], column, -g.factor[a] * g.factor[b] * weight_[column] / charge);
      }
    }
  });
  rows.Finish();
  return matrix;
}

MatHandle PlaneOperator::AssembleInverse(MPI_Comm comm) const {
  MatHandle matrix = Matrix(comm, medium_.coupling.empty() ? 1 : 9);
  const Rows rows(matrix);
  for (PetscInt k = rows.Begin(); k < rows.End(); ++k) {
    for (const Element& e : inverse_[k]) rows.Add(k, e.edge, e.value);
  }
  rows.Finish();
  return matrix;
}

std::vector<Complex> PlaneOperator::Electric(const std::vector<Complex>& d) const {
  std::vector<Complex> e(d.size());
  for (size_t k = 0; k < d.size(); ++k) {
    for (const Element& element : inverse_[k]) e[k] += element.value * d[element.edge];
  }
  return e;
}

std::vector<Complex> PlaneOperator::Stiffness(const std::vector<Complex>& d) const {
  const std::vector<Complex> e = Electric(d);
  std::vector<Complex> result(d.size());
  for (size_t k = 0; k < d.size(); ++k) result[k] = frequency_ * frequency_ * weight_[k] * d[k];
  ForEachFace([&](int i, int j, const Stencil& c) {
    Complex curl = 0;
    for (int a = 0; a < c.count; ++a) curl += c.factor[a] * e[c.edge[a]];
    curl *= Way(3, i, j) * Area(3, i, j);
    for (int a = 0; a < c.count; ++a) result[c.edge[a]] -= c.factor[a] * curl;
  });
  return result;
}

std::vector<Complex> PlaneOperator::Curl(const std::vector<Complex>& e) const {
  std::vector<Complex> curl(Points());
  ForEachFace([&](int i, int j, const Stencil& c) {
    for (int a = 0; a < c.count; ++a) curl[At(i, j)] += c.factor[a] * e[c.edge[a]];
  });
  return curl;
}

std::vector<Complex> PlaneOperator::ScaledCharge(const std::vector<Complex>& d) const {
  std::vector<Complex> charge(Points());
  ForEachNode([&](int i, int j, const Stencil& g) {
    Complex sum = 0;
    for (int a = 0; a < g.count; ++a) {
      const int k = g.edge[a];
      sum += g.factor[a] * weight_[k] * d[k];
    }
    charge[At(i, j)] = sum * Way(2, i, j) / (Area(2, i, j) * medium_.eps[2][At(i, j)]);
  });
  return charge;
}

std::vector<Complex> PlaneOperator::Spread(const std::vector<Complex>& edges, int axis) const {
  std::vector<Complex> values(Points());
  for (int p = 0; p < Points(); ++p) {
    if (edge_[axis][p] >= 0) values[p] = edges[edge_[axis][p]];
  }
  return values;
}

}  // namespace symwave::solvers::modes
