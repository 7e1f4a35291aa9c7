// The fields that each kind of job can show, by name, and what it counts.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// What the job counts between two frames: "steps", "wavelengths", "epochs"; "" for a job that
/// shows nothing while it runs.
std::string FrameUnit(const DeckOptions& options);

/// All names of fields, in the order in which frames hold them: components such as Ez at the
/// moment, Ez_re, Ez_im and Ez_abs at a wavelength (in time domain the running transform at the
/// middle one), abs (of all electric ones), index, permittivity, ports (0, or the number of the
/// port on whose line or plane a point lies), trainable; on a bench the intensity of an image of
/// the test behind every layer, and its mask.
std::vector<std::string> FieldNames(const DeckOptions& options);

/// UserError with file:line for fields and counts that the job does not have; fills in those that
/// the deck leaves out.
void CompleteFrames(DeckOptions& options);

/// A sentence for a script that cannot be read here, else "".
std::string ScriptWarning(const DeckOptions& options);

}  // namespace symwave::jobs::deck
