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

PlaneLine UniformLine() {
  PlaneLine line;
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
        eps_.push_back(medium_.eps[axis][At(i, j)]);
      }
    }
  }
}

double PlaneOperator::Area(int kind, int i, int j) const {
  const double along_u = kind == 0 || kind == 3 ? u_.width[i] : u_.node_weight[i];
  const double along_v = kind == 1 || kind == 3 ? v_.width[j] : v_.node_weight[j];
  return along_u * along_v;
}

double PlaneOperator::LargestPermittivity() const {
  double largest = 0;
  for (const auto& component : medium_.eps) {
    for (const Complex& value : component) largest = std::max(largest, value.real());
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

MatHandle PlaneOperator::Assemble(MPI_Comm comm) const {
  constexpr PetscInt kRowEntries = 9;
  MatHandle matrix;
  Petsc(MatCreateAIJ(comm, PETSC_DECIDE, PETSC_DECIDE, Unknowns(), Unknowns(), kRowEntries, nullptr,
                     kRowEntries, nullptr, matrix.Out()));
  PetscInt begin = 0;
  PetscInt end = 0;
  Petsc(MatGetOwnershipRange(matrix, &begin, &end));
  const auto add = [&](int row, int column, Complex value) {
    if (row >= begin && row < end) Petsc(MatSetValue(matrix, row, column, value, ADD_VALUES));
  };
  for (PetscInt k = begin; k < end; ++k) add(k, k, frequency_ * frequency_ * eps_[k]);
  ForEachFace([&](int i, int j, const Stencil& c) {
    for (int a = 0; a < c.count; ++a) {
      for (int b = 0; b < c.count; ++b) {
        const int row = c.edge[a];
        add(row, c.edge[b], -Area(3, i, j) * c.factor[a] * c.factor[b] / weight_[row]);
      }
    }
  });
  ForEachNode([&](int i, int j, const Stencil& g) {
    const Complex charge = Area(2, i, j) * medium_.eps[2][At(i, j)];
    for (int a = 0; a < g.count; ++a) {
      for (int b = 0; b < g.count; ++b) {
        const int column = g.edge[b];
        add(g.edge[a], column,
            -g.factor[a] * g.factor[b] * weight_[column] * eps_[column] / charge);
      }
    }
  });
  Petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  return matrix;
}

std::vector<Complex> PlaneOperator::Stiffness(const std::vector<Complex>& e) const {
  std::vector<Complex> result(e.size());
  for (size_t k = 0; k < e.size(); ++k) {
    result[k] = frequency_ * frequency_ * weight_[k] * eps_[k] * e[k];
  }
  ForEachFace([&](int i, int j, const Stencil& c) {
    Complex curl = 0;
    for (int a = 0; a < c.count; ++a) curl += c.factor[a] * e[c.edge[a]];
    for (int a = 0; a < c.count; ++a) result[c.edge[a]] -= Area(3, i, j) * c.factor[a] * curl;
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

std::vector<Complex> PlaneOperator::ScaledCharge(const std::vector<Complex>& e) const {
  std::vector<Complex> charge(Points());
  ForEachNode([&](int i, int j, const Stencil& g) {
    Complex sum = 0;
    for (int a = 0; a < g.count; ++a) {
      const int k = g.edge[a];
      sum += g.factor[a] * weight_[k] * eps_[k] * e[k];
    }
    charge[At(i, j)] = sum / (Area(2, i, j) * medium_.eps[2][At(i, j)]);
  });
  return charge;
}

std::vector<Complex> PlaneOperator::Spread(const std::vector<Complex>& e, int axis) const {
  std::vector<Complex> values(Points());
  for (int p = 0; p < Points(); ++p) {
    if (edge_[axis][p] >= 0) values[p] = e[edge_[axis][p]];
  }
  return values;
}

}  // namespace symwave::solvers::modes
