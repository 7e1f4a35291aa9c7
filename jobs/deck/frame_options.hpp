// Which fields of a run are shown or kept, and when.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace symwave::jobs::deck {

/// How often: every so many of what the job counts, or every so many seconds.
struct Cadence {
  long count = 0;      ///< 0: by seconds
  std::string unit;    ///< "steps", "wavelengths", "epochs"; "": whatever the job counts
  double seconds = 0;  ///< s
  bool Given() const { return count > 0 || seconds > 0; }
};

/// Slices drawn by the program itself.
struct PngOptions {
  int width = 800;  ///< pixels
  /// um: where volumes are cut across the axes; none of them: through the centre across each.
  std::optional<double> x, y, z;
};

/// Fields in pictures while the run goes on.
struct InSituOptions {
  std::string where;
  std::string script;               ///< of ParaView Catalyst; "": ours, "none": no ParaView
  Cadence every;                    ///< given, once the deck has been read
  std::vector<std::string> fields;  ///< none of them only while the deck is read
  std::string fields_where;         ///< as `where`, of the key
  std::optional<PngOptions> png;
  int stride = 1;  ///< every so many points along each axis are handed over

  /// Pictures alone need no ParaView.
  bool UsesParaView() const { return script != "none" && !(script.empty() && png); }
};

/// Fields in files, chosen.
struct FieldFilesOptions {
  std::string where;
  std::vector<std::string> what;                    ///< as InSituOptions::fields
  std::string what_where;                           ///< of the key
  std::optional<std::vector<double>> centre, size;  ///< um, of a box; 0 makes it flat
  Cadence every;                                    ///< where not at the end
  bool at_end = true;                               ///< once, with the last fields
  bool float64 = false;                             ///< numbers of 8 bytes
  int compression = 0;                              ///< 0 to 9
  int stride = 1;
};

}  // namespace symwave::jobs::deck
