// Places in the writing of files at which tests kill a run.
#pragma once

#include <string>

namespace symwave::io {

/// Sleeps where the environment variable SYMWAVE_TEST_DELAY names this place, such as
/// "checkpoint.rename:2.0" (seconds; several by commas). "checkpoint:0.5" names all places that
/// begin with "checkpoint.".
void TestDelay(const std::string& place);

}  // namespace symwave::io
