// What a frequency-domain solution shows of its fields.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/field_frame.hpp"
#include "jobs/device/device.hpp"
#include "jobs/run/frames.hpp"
#include "jobs/run/run_context.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::simulate::frequency {

/// The component out of the plane at this rank's columns, [i - mine.begin][j]; no columns on ranks
/// that hold none of it.
struct FieldColumns {
  solvers::fdfd::ColumnRange mine;
  std::vector<domain::Complex> values;
};
/// Of the last solve of a simulation that kept fields; of nothing where it is null.
FieldColumns ColumnsOf(const solvers::fdfd::Simulation* simulation, int input);

/// Not collective. The field of one input on the points of a lattice, with the arrays `asked`:
/// u_re, u_im and u_abs of the component u out of the plane at unit power, index, permittivity,
/// ports, the number of the port of a point or 0, and trainable, 1 at programmed points.
/// The frame has no mesh, number or time.
io::FieldFrame FrameOf(const device::Device& device, const domain::PermittivityMap& media,
                       const FieldColumns& field, const run::FieldRequest& asked);

/// The name of a mesh: "field_NAME".
std::string MeshOf(const std::string& input);

/// One wavelength that has been solved.
struct SolvedWavelength {
  double wavelength = 0;  ///< um
  std::vector<std::string> inputs;
  std::function<domain::PermittivityMap()> media;  ///< called where it is needed
  std::function<FieldColumns(int input)> field;
};

/// Collective on the context's communicator: shows the fields of every input of the wavelength that
/// was solved as number `number`, counted from 1; `last`: none follows.
void ShowWavelength(run::RunContext& context, const device::Device& device,
                    const SolvedWavelength& solved, long number, bool last);

}  // namespace symwave::jobs::simulate::frequency
