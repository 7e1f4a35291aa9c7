#include "solvers/fdfd/condensation.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

namespace {

std::vector<SparseColumn> PartColumns(const CondensedPart& part, const PlanePoints& points,
                                      const std::vector<PortMode>& ports) {
  const long ny = points.Ny();
  std::vector<SparseColumn> columns;
  const auto add_line = [&](long column) {
    for (long j = 0; j < ny; ++j) columns.push_back({{column * ny + j, 1.0}});
  };
  if (part.left_line) add_line(0);
  if (part.right_line) add_line(part.range.Count() - 1);
  for (const int p : part.ports) {
    SparseColumn column;
    for (size_t k = 0; k < ports[p].source.size(); ++k) {
      column.push_back({ports[p].Unknown(points, k) - part.range.begin * ny, ports[p].source[k]});
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

/// -A between a part's column and the column of a strip, which are neighbours.
Eigen::SparseMatrix<Complex> BorderOf(const DeviceDescription& description,
                                      const PlanePoints& points, int part, int strip) {
  const ColumnRange both{std::min(part, strip), std::max(part, strip) + 1};
  const Coefficients coefficients(points, description.media, both);
  const Stencil stencil(points, coefficients, description.omega);
  const int ny = points.Ny();
  const int first = (strip - both.begin) * ny;
  std::vector<Eigen::Triplet<Complex>> entries;
  for (int j = 0; j < ny; ++j) {
    const Row row = OperatorRow(stencil, both, part, j);
    for (PetscInt e = 0; e < row.count; ++e) {
      const int column = static_cast<int>(row.columns[e]) - first;
      if (column >= 0 && column < ny) entries.emplace_back(j, column, -row.values[e]);
    }
  }
  Eigen::SparseMatrix<Complex> border(ny, ny);
  border.setFromTriplets(entries.begin(), entries.end());
  return border;
}

/// Port mode at the mirror image (about the middle column) of each, -1 when there is none.
std::vector<int> PortImages(const PlanePoints& points, const std::vector<PortMode>& ports) {
  std::vector<int> images(ports.size(), -1);
  for (size_t p = 0; p < ports.size(); ++p) {
    for (size_t q = 0; q < ports.size(); ++q) {
      const PortLine& a = ports[p].line;
      const PortLine& b = ports[q].line;
      if (a.normal == AxisName::X && b.normal == a.normal && a.forward != b.forward &&
          a.plane == points.Nx() - 1 - b.plane && a.begin == b.begin && a.end == b.end &&
          std::abs(a.offset - b.offset) < 1e-9 * ports[p].layer &&
          std::abs(ports[p].mode.n_eff - ports[q].mode.n_eff) < 1e-9) {
        images[p] = static_cast<int>(q);
      }
    }
  }
  return images;
}

}  // namespace

CondensedDevice::CondensedDevice(const DeviceDescription& description,
                                 const std::vector<ColumnRange>& strips)
    : description_(description),
      points_(*description.lattice),
      strips_(strips),
      solver_(description.comm, description.solver) {
  ports_ = SolvePorts(description_.comm, points_, description_.media, description_.omega,
                      description_.ports, *description_.known);
  CutIntoParts();
  EliminateParts();
  AssembleStrips();
  PlaceElements();
}

long CondensedDevice::Unknowns() const {
  long columns = 0;
  for (const ColumnRange& strip : strips_) columns += strip.Count();
  return columns * points_.Ny();
}

void CondensedDevice::CutIntoParts() {
  int begin = 0;
  for (size_t m = 0; m <= strips_.size(); ++m) {
    CondensedPart part;
    part.range = {begin, m < strips_.size() ? strips_[m].begin : points_.Nx()};
    base::Require(part.range.Count() > 0, "fixed columns stand before, between and after strips");
    part.left_line = m > 0;
    part.right_line = m < strips_.size();
    for (size_t p = 0; p < ports_.size(); ++p) {
      const PortLine& line = ports_[p].line;
      if (line.normal == AxisName::X && line.plane >= part.range.begin &&
          line.plane < part.range.end) {
        part.ports.push_back(static_cast<int>(p));
      }
    }
    const int first = part.range.begin, last = part.range.end - 1;
    if (part.left_line) part.left_border = BorderOf(description_, points_, first, first - 1);
    if (part.right_line) part.right_border = BorderOf(description_, points_, last, last + 1);
    parts_.push_back(std::move(part));
    if (m < strips_.size()) begin = strips_[m].end;
  }
}

void CondensedDevice::EliminateParts() {
  base::FaultPoint("condensation/eliminate");
  const long ny = points_.Ny();
  const ColumnRange mine = MyStripColumns();
  for (CondensedPart& part : parts_) {
    const std::vector<long> rows = LineUnknowns(part);
    for (size_t r = 0; r < rows.size(); ++r) {
      if (rows[r] >= mine.begin * ny && rows[r] < mine.end * ny) {
        part.own_rows.push_back(static_cast<long>(r));
      }
    }
  }
  const std::vector<int> images = PortImages(points_, ports_);
  for (size_t m = 0; m < parts_.size(); ++m) {
    const size_t twin = parts_.size() - 1 - m;
    const bool mirrored = description_.media.mirror_symmetric && twin != m &&
                          parts_[twin].range.begin == points_.Nx() - parts_[m].range.end;
    if (mirrored && twin < m) continue;  // eliminated with its twin
    Eliminate(parts_[m], mirrored ? &parts_[twin] : nullptr, images);
  }
}

/// Collective: K of a part and of its mirror image, if there is one.
void CondensedDevice::Eliminate(CondensedPart& part, CondensedPart* image,
                                const std::vector<int>& port_images) {
  const Coefficients coefficients(points_, description_.media,
                                  MyColumns(description_.comm, part.range));
  const Stencil stencil(points_, coefficients, description_.omega);
  const MatHandle op = AssembleOperator(description_.comm, stencil, part.range);
  DirectSolver solver(description_.comm, description_.solver);
  solver.Factor(op);
  const std::vector<SparseColumn> columns = PartColumns(part, points_, ports_);
  // [ports | own rows | own rows of the image].
  std::vector<long> rows;
  for (size_t p = 0; p < part.ports.size(); ++p) {
    rows.push_back(part.PortOffset(points_.Ny()) + static_cast<long>(p));
  }
  rows.insert(rows.end(), part.own_rows.begin(), part.own_rows.end());
  std::vector<long> mirrored;
  if (image) {
    mirrored = MirroredRows(part, *image, points_.Ny(), port_images);
    for (const long row : image->own_rows) rows.push_back(mirrored[static_cast<size_t>(row)]);
  }
  const Eigen::MatrixXcd k = EliminatedRows(description_.comm, solver, op, columns, rows);
  const auto ports = static_cast<long>(part.ports.size());
  const auto own = static_cast<long>(part.own_rows.size());
  part.k_ports = k.topRows(ports);
  part.k_own = k.middleRows(ports, own);
  condensation_ += solver.Statistics();
  part.CoupleToStrips(points_.Ny());
  if (!image) return;
  image->k_own.resize(k.rows() - ports - own, k.cols());
  image->k_ports.resize(ports, k.cols());
  for (long c = 0; c < k.cols(); ++c) {
    const long column = mirrored[static_cast<size_t>(c)];
    image->k_own.col(c) = k.col(column).tail(image->k_own.rows());
    for (long p = 0; p < ports; ++p) {
      const long row = mirrored[static_cast<size_t>(part.PortOffset(points_.Ny()) + p)];
      image->k_ports(p, c) = k(row - part.PortOffset(points_.Ny()), column);
    }
  }
  image->CoupleToStrips(points_.Ny());
}

ColumnRange CondensedDevice::MyStripColumns() const {
  const long columns = Unknowns() / points_.Ny();
  return MyColumns(description_.comm, {0, base::CheckedCast<int>(columns, "columns of strips")});
}

long CondensedDevice::ColumnStart(int i) const {
  long columns = 0;
  for (const ColumnRange& strip : strips_) {
    if (i >= strip.begin && i < strip.end) {
      return (columns + i - strip.begin) * points_.Ny();
    }
    columns += strip.Count();
  }
  base::Require(false, "column belongs to a strip");
  return -1;
}

std::vector<long> CondensedDevice::LineUnknowns(const CondensedPart& part) const {
  std::vector<long> rows;
  const auto add = [&](int column) {
    const long start = ColumnStart(column);
    for (long j = 0; j < points_.Ny(); ++j) rows.push_back(start + j);
  };
  if (part.left_line) add(part.range.begin - 1);
  if (part.right_line) add(part.range.end);
  return rows;
}

void CondensedDevice::AssembleStrips() {
  base::FaultPoint("condensation/assemble");
  const ColumnRange mine = MyStripColumns();
  CreateStripMatrix(mine);
  AddStrips(mine);
  for (CondensedPart& part : parts_) {
    AddPart(part);
    part.k_own.resize(0, 0);
  }
  Petsc(MatAssemblyBegin(op_, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(op_, MAT_FINAL_ASSEMBLY));
  Petsc(MatSetOption(op_, MAT_SYMMETRIC, PETSC_TRUE));
}

SparseColumn CondensedDevice::InStrips(const SparseColumn& column) const {
  SparseColumn numbered;
  for (const auto& [unknown, value] : column) {
    const long i = unknown / points_.Ny(), j = unknown % points_.Ny();
    numbered.emplace_back(ColumnStart(static_cast<int>(i)) + j, value);
  }
  return numbered;
}

void CondensedDevice::PlaceElements() {
  elements_ = ElementProbes(points_, description_);
  for (const SparseColumn& column : elements_.Columns()) probes_.push_back(InStrips(column));
  PetscInt first = 0, last = 0;
  Petsc(MatGetOwnershipRange(op_, &first, &last));
  std::map<std::pair<long, long>, std::vector<size_t>> changed;
  for (size_t e = 0; e < probes_.size(); ++e) {
    for (const auto& [row, share] : probes_[e]) {
      if (row < first || row >= last) continue;
      for (const auto& [column, other] : probes_[e]) changed[{row, column}].push_back(e);
    }
  }
  for (auto& [place, elements] : changed) {
    Entry entry{static_cast<PetscInt>(place.first), static_cast<PetscInt>(place.second), 0,
                std::move(elements)};
    Petsc(MatGetValue(op_, entry.row, entry.column, &entry.fixed));
    entries_.push_back(std::move(entry));
  }
}

void CondensedDevice::CreateStripMatrix(ColumnRange mine) {
  const int ny = points_.Ny();
  const auto local = base::CheckedCast<PetscInt>(static_cast<long>(mine.Count()) * ny, "unknowns");
  std::vector<PetscInt> inside(local, Row::kMostEntries), outside(local, 6);
  for (const CondensedPart& part : parts_) {
    const std::vector<long> rows = LineUnknowns(part);
    const auto width = base::CheckedCast<PetscInt>(rows.size(), "unknowns of lines");
    for (const long row : rows) {
      const long here = row - static_cast<long>(mine.begin) * ny;
      if (here < 0 || here >= local) continue;
      inside[here] = std::min<PetscInt>(local, inside[here] + width);
      outside[here] += width;
    }
  }
  Petsc(MatCreateAIJ(description_.comm, local, local, PETSC_DETERMINE, PETSC_DETERMINE, 0,
                     inside.data(), 0, outside.data(), op_.Out()));
}

void CondensedDevice::AddStrips(ColumnRange mine) {
  const int ny = points_.Ny();
  weight_.assign(description_.points.size(), 0);
  int column = 0;
  for (const ColumnRange& strip : strips_) {
    const ColumnRange here{std::max(strip.begin, strip.begin + mine.begin - column),
                           std::min(strip.end, strip.begin + mine.end - column)};
    const auto first_row = base::CheckedCast<PetscInt>(static_cast<long>(column) * ny, "unknowns");
    column += strip.Count();
    if (here.Count() <= 0) continue;
    const Coefficients coefficients(points_, description_.media, here);
    const Stencil stencil(points_, coefficients, description_.omega);
    for (int i = here.begin; i < here.end; ++i) {
      for (int j = 0; j < ny; ++j) {
        const Row row = OperatorRow(stencil, strip, i, j, first_row);
        Petsc(
            MatSetValues(op_, 1, &row.columns[0], row.count, row.columns, row.values, ADD_VALUES));
      }
    }
    WeighElements(stencil, here);
  }
}

/// Of elements in these columns; faces between two ranks' columns are both of them's.
void CondensedDevice::WeighElements(const Stencil& stencil, ColumnRange columns) {
  for (size_t c = 0; c < description_.points.size(); ++c) {
    const auto& [component, at, lossy] = description_.points[c];
    const int i = at[0] - points_.First(0), j = at[1] - points_.First(1);
    const bool inside = i >= columns.begin && i < columns.end;
    if (component == domain::Component::Ez && inside) weight_[c] = stencil.Mass(i, j);
    if (component == domain::Component::Ex && inside) weight_[c] = stencil.FluxY(at[0], at[1]);
    if (component == domain::Component::Ey && at[0] >= columns.begin && at[0] <= columns.end) {
      weight_[c] = stencil.FluxX(at[0], at[1]);
    }
  }
}

void CondensedDevice::AddPart(const CondensedPart& part) {
  const std::vector<long> rows = LineUnknowns(part);
  const std::vector<PetscInt> columns(rows.begin(), rows.end());
  std::vector<PetscScalar> values(rows.size());
  for (size_t own = 0; own < part.own_rows.size(); ++own) {
    const auto r = static_cast<size_t>(part.own_rows[own]);
    for (size_t c = 0; c < rows.size(); ++c) {
      values[c] = -part.k_own(static_cast<long>(own), static_cast<long>(c));
    }
    Petsc(MatSetValues(op_, 1, &columns[r], base::CheckedCast<PetscInt>(columns.size(), "columns"),
                       columns.data(), values.data(), ADD_VALUES));
  }
}

void CondensedDevice::Program(const std::vector<Complex>& eps_change) {
  base::Require(eps_change.size() == probes_.size(), "one change per point");
  std::vector<Complex> added(probes_.size());  // to the diagonal
  for (size_t c = 0; c < added.size(); ++c) {
    added[c] = points_.Ez() ? -weight_[c] * eps_change[c]
                            : weight_[c] * elements_.FluxChange(c, eps_change[c]);
  }
  for (const Entry& entry : entries_) {
    Complex value = entry.fixed;
    for (const size_t e : entry.elements) value += entry.row == entry.column ? added[e] : -added[e];
    Petsc(MatSetValue(op_, entry.row, entry.column, value, INSERT_VALUES));
  }
  Petsc(MatAssemblyBegin(op_, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(op_, MAT_FINAL_ASSEMBLY));
  scale_ = elements_.Scale(eps_change);
  solver_.Factor(op_);
}

Eigen::MatrixXcd CondensedDevice::PartSources(const CondensedPart& part,
                                              const Eigen::MatrixXcd& launched) const {
  Eigen::MatrixXcd amplitudes(part.ports.size(), launched.cols());
  for (size_t p = 0; p < part.ports.size(); ++p) amplitudes.row(p) = launched.row(part.ports[p]);
  return amplitudes;
}

Response CondensedDevice::Launch(const Eigen::MatrixXcd& launched) {
  const MatHandle rhs = MakeBlock(description_.comm, op_, launched.cols());
  {
    LocalBlock block(rhs);
    auto values = block.Values();
    for (const CondensedPart& part : parts_) {
      if (part.ports.empty()) continue;
      const std::vector<long> rows = LineUnknowns(part);
      const Eigen::MatrixXcd amplitudes = PartSources(part, launched);
      for (const long r : part.own_rows) {
        const auto line = static_cast<size_t>(r);
        values.row(rows[line] - block.FirstRow()) += part.k_ports.col(r).transpose() * amplitudes;
      }
    }
  }
  const MatHandle x = solver_.Solve(rhs);

  Response response;
  response.points = Measure(description_.comm, probes_, x);
  for (size_t p = 0; p < probes_.size(); ++p) {
    response.points.row(static_cast<long>(p)) *= scale_[p];
  }
  response.outgoing = -launched;
  for (size_t p = 0; p < ports_.size(); ++p) response.outgoing.row(p) *= ports_[p].direct;
  const Complex scale = Complex(0, 1) / (4 * description_.omega);
  for (const CondensedPart& part : parts_) {
    if (part.ports.empty()) continue;
    const Eigen::MatrixXcd lines = GatherRows(description_.comm, x, LineUnknowns(part));
    const auto count = static_cast<long>(part.ports.size());
    const Eigen::MatrixXcd measured = part.k_ports.rightCols(count) * PartSources(part, launched) +
                                      part.k_ports.leftCols(lines.rows()) * lines;
    for (long p = 0; p < count; ++p)
      response.outgoing.row(part.ports[p]) += scale * measured.row(p);
  }
  return response;
}

}  // namespace symwave::solvers::fdfd
