#include "io/index_header.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "domain/base/error.hpp"
#include "domain/base/units.hpp"
#include "io/csv_reader.hpp"

namespace symwave::io {

namespace {

using base::Fail;
using Words = std::vector<std::string>;

enum class Abscissa { Wavelength, Frequency, AngularFrequency, Wavenumber, Energy };
enum class Ordinate { N, K, Epsilon };
enum class Part { Real, Imaginary };

struct Unit {
  Abscissa of;
  AbscissaUnit unit;
};

/// Lower case, Greek letters, micro and Angstrom signs in ASCII.
std::string Plain(std::string text) {
  static const std::vector<std::array<std::string, 2>> kReplaced{{"\xC2\xB5", "u"},
                                                                 {"\xCE\xBC", "u"},
                                                                 {"\xCE\xBB", "lambda"},
                                                                 {"\xCE\xBA", "kappa"},
                                                                 {"\xCE\xB5", "eps"},
                                                                 {"\xCF\xB5", "eps"},
                                                                 {"\xCF\x89", "omega"},
                                                                 {"\xCE\xBD", "nu"},
                                                                 {"\xC3\x85", "a"},
                                                                 {"\xE2\x84\xAB", "a"},
                                                                 {"\xE2\x81\xBB", "-"},
                                                                 {"\xE2\x88\x92", "-"},
                                                                 {"\xC2\xB9", "1"},
                                                                 {"\xC2\xA0", " "},
                                                                 {"\xE2\x80\xB2", "'"},
                                                                 {"\xB5", "u"},
                                                                 {"^", ""}};
  for (const auto& [from, to] : kReplaced) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

const std::map<std::string, Unit>& Units() {
  static const std::map<std::string, Unit> kUnits = [] {
    const double light = base::ParseQuantity("1 THz", base::Unit::Wavelength);  // um THz
    const double photon = base::ParseQuantity("1 eV", base::Unit::Wavelength);  // um eV
    std::map<std::string, Unit> units;
    const auto add = [&units](Abscissa of, const AbscissaUnit& unit, const Words& names) {
      for (const std::string& name : names) units[name] = {of, unit};
    };
    const auto length = [&add](const std::string& symbol, double um, const Words& names) {
      add(Abscissa::Wavelength, {symbol, um, false}, names);
      add(Abscissa::Wavenumber, {"1/" + symbol, um, true},
          {"1/" + names[0], names[0] + "-1", "/" + names[0]});
    };
    length("um", 1,
           {"um", "micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres"});
    length("nm", 1e-3, {"nm", "nanometer", "nanometers", "nanometre", "nanometres"});
    length("A", 1e-4, {"a", "angstrom", "angstroms", "ang"});
    length("mm", 1e3, {"mm", "millimeter", "millimetre"});
    length("cm", 1e4, {"cm", "centimeter", "centimetre"});
    length("m", 1e6, {"m", "meter", "meters", "metre", "metres"});
    const std::array<std::pair<const char*, double>, 5> kPrefixes{
        {{"Hz", 1e12}, {"MHz", 1e6}, {"GHz", 1e3}, {"THz", 1}, {"PHz", 1e-3}}};
    for (const auto& [symbol, factor] : kPrefixes) {
      add(Abscissa::Frequency, {symbol, light * factor, true}, {Plain(symbol)});
    }
    add(Abscissa::AngularFrequency, {"rad/s", 2 * M_PI * light * 1e12, true}, {"rad/s"});
    add(Abscissa::AngularFrequency, {"rad/fs", 2 * M_PI * light * 1e-3, true}, {"rad/fs"});
    add(Abscissa::Wavenumber, {"rad/um", 2 * M_PI, true}, {"rad/um"});
    add(Abscissa::Energy, {"eV", photon, true}, {"ev", "electronvolt", "electronvolts"});
    add(Abscissa::Energy, {"meV", photon * 1e3, true}, {"mev"});
    return units;
  }();
  return kUnits;
}

const std::map<std::string, Abscissa>& AbscissaNames() {
  static const std::map<std::string, Abscissa> kNames = [] {
    std::map<std::string, Abscissa> names;
    for (const char* n :
         {"wl", "wavelength", "wavelengths", "lambda", "lambda0", "lam", "wvl", "length"}) {
      names[n] = Abscissa::Wavelength;
    }
    for (const char* n : {"frequency", "frequencies", "freq", "f", "nu"}) {
      names[n] = Abscissa::Frequency;
    }
    for (const char* n : {"omega", "angular"}) names[n] = Abscissa::AngularFrequency;
    for (const char* n : {"wavenumber", "wavenumbers", "number"}) names[n] = Abscissa::Wavenumber;
    for (const char* n : {"energy", "energies", "e"}) names[n] = Abscissa::Energy;
    return names;
  }();
  return kNames;
}

struct Value {
  Ordinate of;
  std::optional<Part> part;
};

const std::map<std::string, Value>& ValueNames() {
  static const std::map<std::string, Value> kNames = [] {
    std::map<std::string, Value> names;
    for (const char* n : {"n", "index", "nr"}) names[n] = {Ordinate::N, {}};
    names["n'"] = {Ordinate::N, Part::Real};
    for (const char* n : {"k", "kappa", "extinction"}) names[n] = {Ordinate::K, {}};
    for (const char* n : {"n''", "n\""}) names[n] = {Ordinate::K, {}};
    for (const char* n : {"eps", "epsilon", "permittivity"}) names[n] = {Ordinate::Epsilon, {}};
    for (const char* n : {"e1", "eps1", "epsilon1", "eps'", "epsilon'"}) {
      names[n] = {Ordinate::Epsilon, Part::Real};
    }
    for (const char* n : {"e2", "eps2", "epsilon2", "eps''", "epsilon''"}) {
      names[n] = {Ordinate::Epsilon, Part::Imaginary};
    }
    return names;
  }();
  return kNames;
}

const std::map<std::string, Part> kParts{{"re", Part::Real},        {"real", Part::Real},
                                         {"r", Part::Real},         {"im", Part::Imaginary},
                                         {"imag", Part::Imaginary}, {"imaginary", Part::Imaginary},
                                         {"i", Part::Imaginary}};
const std::set<std::string> kFillers{
    "refractive",   "coefficient", "photon", "vacuum", "in",       "of",       "the",
    "relative",     "part",        "and",    "1",      "function", "vac",      "dielectric",
    "constant",     "-",           "free",   "space",  "wave",     "unitless", "none",
    "dimensionless"};

Words WordsOf(const std::string& cell) {
  Words words(1);
  for (const char c : Plain(cell)) {
    const bool between = std::string(" \t\r()[]{}_,;:=").find(c) != std::string::npos;
    if (!between) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  Words split;
  for (const std::string& word : words) {  // "wavelength/nm"
    const size_t slash = word.find('/');
    const bool quotient = slash != std::string::npos && slash > 0 && Units().count(word) == 0 &&
                          AbscissaNames().count(word.substr(0, slash)) > 0;
    if (quotient) split.push_back(word.substr(0, slash));
    split.push_back(quotient ? word.substr(slash + 1) : word);
  }
  return split;
}

/// What a heading says.
struct Heading {
  std::optional<Abscissa> abscissa;
  std::optional<Unit> unit;
  std::optional<Value> value;
  std::optional<Part> part;
  std::string unknown;  ///< the first word that is none of these
  bool empty = true;

  bool UnitAlone() const { return unit && !abscissa && !value && !part && unknown.empty(); }
  bool OfColumn() const { return abscissa || UnitAlone() || value; }
};

/// "wavelength lambda" is one name, and an angular frequency stays one.
void Join(Abscissa abscissa, const std::string& word, Heading& heading) {
  if (heading.abscissa.value_or(abscissa) == abscissa || abscissa == Abscissa::AngularFrequency) {
    heading.abscissa = abscissa;
  } else if (heading.abscissa != Abscissa::AngularFrequency) {
    heading.unknown = word;
  }
}

Heading Read(const std::string& cell) {
  Heading heading;
  for (const std::string& word : WordsOf(cell)) {
    heading.empty = false;
    const auto abscissa = AbscissaNames().find(word);
    const auto unit = Units().find(word);
    const auto value = ValueNames().find(word);
    const auto part = kParts.find(word);
    if (abscissa != AbscissaNames().end()) {
      Join(abscissa->second, word, heading);
    } else if (value != ValueNames().end() &&
               (!heading.value || heading.value->of == value->second.of)) {
      heading.value = value->second;
    } else if (part != kParts.end()) {
      heading.part = part->second;
    } else if (unit != Units().end() && !heading.value) {
      heading.unit = unit->second;
    } else if (kFillers.count(word) == 0 && heading.unknown.empty()) {
      heading.unknown = word;
    }
  }
  return heading;
}

AbscissaUnit UnitOf(const Heading& heading, const std::string& cell, const std::string& where) {
  if (!heading.abscissa) return heading.unit->unit;
  const Abscissa name = *heading.abscissa;
  if (!heading.unit) {
    if (name == Abscissa::Wavelength) return {};
    Fail("{}: \"{}\" needs a unit: {}", where, cell, KnownHeadings());
  }
  const Abscissa unit = heading.unit->of;
  // "frequency (rad/s)", "frequency (1/um)", "omega (eV)" are clear, "omega (THz)" is not.
  const bool clear = name == unit ||
                     (name == Abscissa::Frequency && unit != Abscissa::Wavelength) ||
                     (name == Abscissa::AngularFrequency && unit == Abscissa::Energy);
  if (clear) return heading.unit->unit;
  Fail("{}: \"{}\" has a unit ({}) of something else: {}", where, cell, heading.unit->unit.symbol,
       KnownHeadings());
}

int& ColumnOf(const Value& value, const std::optional<Part>& part, IndexColumns& columns) {
  const Part of =
      value.of == Ordinate::K ? Part::Imaginary : value.part.value_or(part.value_or(Part::Real));
  return of == Part::Real ? columns.real : columns.imag;
}

/// Cells of a line between blanks, words of one heading put together.
std::vector<std::string> WordsOfHeadings(const std::vector<std::string>& cells) {
  std::vector<std::string> joined;
  bool open = false, waits = false;
  for (const std::string& cell : cells) {
    const Heading heading = Read(cell);
    const bool bracket = !cell.empty() && (cell[0] == '(' || cell[0] == '[');
    const bool unit = heading.UnitAlone() && !joined.empty() && Read(joined.back()).abscissa;
    const bool more = heading.abscissa && !joined.empty() && Read(joined.back()).abscissa;
    if (!joined.empty() && (open || waits || bracket || unit || more)) {
      joined.back() += " " + cell;
    } else {
      joined.push_back(cell);
    }
    const std::string& last = joined.back();
    open = last.find_last_of("([") != std::string::npos &&
           last.find_first_of(")]", last.find_last_of("([")) == std::string::npos;
    waits = !Read(last).OfColumn() && Read(last).unknown.empty() && !Read(last).empty;
  }
  return joined;
}

}  // namespace

std::string KnownHeadings() {
  return "columns are wavelength (um, nm, A, mm or m), frequency (Hz, GHz, THz or PHz), angular "
         "frequency (rad/s or rad/fs), wavenumber (1/um, 1/nm or 1/cm) or energy (eV or meV), and "
         "n, "
         "k or eps_re, eps_im; write for example \"wavelength (nm), n, k\"";
}

std::vector<std::string> HeaderCells(const std::string& line) {
  const CsvSeparator separator = DetectCsvSeparator(line);
  std::vector<std::string> cells = SplitCsvLine(line, separator);
  while (cells.size() > 1 && cells.back().empty()) cells.pop_back();
  if (separator == CsvSeparator::Blank) return WordsOfHeadings(cells);
  std::vector<std::string> merged;  // "Wavelength, nm, n, k"
  for (const std::string& cell : cells) {
    const bool unit = Read(cell).UnitAlone() && !merged.empty() && Read(merged.back()).abscissa &&
                      !Read(merged.back()).unit;
    if (unit) {
      merged.back() += " " + cell;
    } else {
      merged.push_back(cell);
    }
  }
  return merged;
}

bool HoldsUnitsAlone(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    const Heading heading = Read(cell);
    return !heading.abscissa && !heading.value && !heading.part && heading.unknown.empty();
  });
}

IndexColumns ColumnsOf(const std::vector<std::string>& cells, const std::string& where) {
  IndexColumns columns{-1, -1, -1, false, {}, static_cast<int>(cells.size())};
  int of_index = 0, of_epsilon = 0;
  for (size_t c = 0; c < cells.size(); ++c) {
    const Heading heading = Read(cells[c]);
    const bool both = (heading.abscissa || heading.unit) && heading.value;
    if (!heading.unknown.empty() || both || !heading.OfColumn()) {
      Fail(
          "{}: this line is no row of numbers, and the heading \"{}\"{} is not known: {}; begin "
          "lines of text with #",
          where, cells[c],
          heading.unknown.empty() || heading.unknown == Plain(cells[c])
              ? ""
              : fmt::format(" with \"{}\"", heading.unknown),
          KnownHeadings());
    }
    if (heading.value) (heading.value->of == Ordinate::Epsilon ? of_epsilon : of_index) += 1;
    int& column =
        heading.value ? ColumnOf(*heading.value, heading.part, columns) : columns.abscissa;
    if (column >= 0) {
      Fail("{}: \"{}\" and \"{}\" name the same quantity; leave one of the columns out", where,
           cells[column], cells[c]);
    }
    column = static_cast<int>(c);
    if (!heading.value) columns.unit = UnitOf(heading, cells[c], where);
  }
  if (columns.abscissa < 0 || (of_index > 0) == (of_epsilon > 0)) {
    Fail("{}: this line is no row of numbers, and no header that names wavelength, n and k: {}",
         where, KnownHeadings());
  }
  columns.permittivity = of_epsilon > 0;
  return columns;
}

CommentKind KindOfComment(const std::string& text) {
  const std::vector<std::string> cells = HeaderCells(text);
  bool abscissa = false, value = false, known = true, long_name = false, other = false;
  for (const std::string& cell : cells) {
    const Heading heading = Read(cell);
    abscissa = abscissa || (heading.abscissa && !heading.value) || heading.UnitAlone();
    value = value || (heading.value && heading.unknown.empty() && !heading.abscissa);
    known = known && heading.unknown.empty();
    for (const std::string& word : WordsOf(cell)) {
      const auto unit = Units().find(word);
      const auto name = AbscissaNames().find(word);
      const bool named = name != AbscissaNames().end() && word.size() > 3;
      long_name = long_name || named;
      other = other || (named && name->second != Abscissa::Wavelength) ||
              (unit != Units().end() && word.size() > 1 && unit->second.unit.symbol != "um");
    }
  }
  constexpr size_t kMostColumns = 4;  // of a header, as text has more words
  const bool columns = cells.size() > 1 && (known || (long_name && cells.size() <= kMostColumns));
  if (abscissa && value && columns) return CommentKind::Header;
  return long_name && other ? CommentKind::Doubtful : CommentKind::Text;
}

}  // namespace symwave::io
