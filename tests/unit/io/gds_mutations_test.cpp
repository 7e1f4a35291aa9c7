// 300 damaged layouts of a fixed seed: read, or refused with a sentence that names the file, never
// a crash; the sanitizers of check-asan look on.
#include <gtest/gtest.h>

#include <random>

#include "domain/polygon_union.hpp"
#include "io/gds/gds_flatten.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

constexpr int kCases = 300;
constexpr size_t kFewPolygons = 5000;  // more of them, of arrays made longer, take long to unite

class Mutation {
 public:
  explicit Mutation(unsigned seed) : draw_(seed) {}

  std::string Of(std::string bytes) {
    const int changes = 1 + Below(4);
    for (int k = 0; k < changes && bytes.size() > 8; ++k) Change(bytes);
    return bytes;
  }

 private:
  int Below(size_t count) {
    return static_cast<int>(std::uniform_int_distribution<size_t>(0, count - 1)(draw_));
  }
  void Change(std::string& bytes) {
    const auto at = static_cast<size_t>(Below(bytes.size()));
    switch (Below(6)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << Below(8));
        return;
      case 1:
        bytes[at] = static_cast<char>(Below(256));
        return;
      case 2:
        bytes.resize(at);
        return;
      case 3:
        bytes.erase(at, 1 + static_cast<size_t>(Below(8)));
        return;
      case 4:  // a stretch of the file once more: records twice, or in other places
        bytes.insert(static_cast<size_t>(Below(bytes.size())), bytes.substr(at, 64));
        return;
      default: {  // the type, data type or first datum of a record
        const size_t record = RecordAt(bytes, at);
        const size_t place = record + 2 + static_cast<size_t>(Below(6));
        if (place < bytes.size()) bytes[place] = static_cast<char>(Below(64));
      }
    }
  }
  /// Start of the record that holds a byte.
  static size_t RecordAt(const std::string& bytes, size_t byte) {
    size_t at = 0;
    while (at + 4 <= bytes.size()) {
      const size_t length = static_cast<size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
                            static_cast<unsigned char>(bytes[at + 1]);
      if (length < 4 || at + length > byte) break;
      at += length;
    }
    return at;
  }

  std::mt19937 draw_;
};

/// Layers and labels that the files of inputs/data/gds have.
const std::set<GdsLayer> kLayers{{1, 0}, {68, 0}, {1, 10}, {47, 0}, {43, 0}};

TEST(GdsMutations, AreReadOrRefused) {
  std::vector<std::string> originals;
  for (const char* name : {"ebeam_y_1550", "gf_mzi_heater", "gf_mmi2x2", "sbend_dontfabme"}) {
    originals.push_back(testing_files::Content(std::string("inputs/data/gds/") + name + ".gds"));
    ASSERT_GT(originals.back().size(), 1000u) << name;
  }
  int read = 0, refused = 0;
  for (unsigned k = 0; k < kCases; ++k) {
    const std::string bytes = Mutation(k).Of(originals[k % originals.size()]);
    const std::string sentence = testing_files::Sentence([&] {
      const FlatLayout flat = FlattenGds(ParseGds(bytes, "mutated.gds"), {"", kLayers, {}});
      for (const auto& [layer, polygons] : flat.polygons) {
        if (polygons.size() < kFewPolygons) domain::UniteOutlines(polygons);
      }
      flat.remarks.Sentences("mutated.gds");
    });
    EXPECT_TRUE(sentence.empty() || sentence.rfind("mutated.gds: ", 0) == 0) << k << sentence;
    ++(sentence.empty() ? read : refused);
  }
  // Both ends are reached by many.
  EXPECT_GT(read, kCases / 10);
  EXPECT_GT(refused, kCases / 10);
}

}  // namespace
}  // namespace symwave::io
