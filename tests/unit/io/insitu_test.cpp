// Pictures of slices are the same on any number of ranks and show what the field is; pieces of an
// image share their planes; what the text of a Catalyst script tells.
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/insitu/catalyst_script.hpp"
#include "io/insitu/colour_scale.hpp"
#include "io/insitu/plane_picture.hpp"
#include "io/insitu/plane_sampling.hpp"
#include "io/insitu/shared_planes.hpp"
#include "io/insitu/sinks.hpp"

namespace symwave::io::insitu {
namespace {

using base::Communicator;

const MPI_Comm kWorld = MPI_COMM_WORLD;

/// Equal spacings, or ever larger ones.
std::vector<double> Positions(long count, double growth) {
  std::vector<double> at{0};
  for (long i = 1; i < count; ++i) {
    at.push_back(at.back() + 0.1 * (1 + growth * static_cast<double>(i)));
  }
  return at;
}

/// A lattice dealt to `ranks` in blocks along x and y, with the values f(x, y, z).
template <class Field>
FieldFrame Frame(const std::array<long, 3>& size, int rank, int ranks, const Field& f,
                 double growth = 0) {
  FieldFrame frame;
  frame.mesh = "field";
  frame.of = "run 1 of 1";
  frame.time_unit = "fs";
  for (size_t axis = 0; axis < 3; ++axis) {
    frame.coordinates[axis] = Positions(size[axis], axis == 0 ? growth : 0);
  }
  const std::array<long, 2> deal{ranks % 2 == 0 ? ranks / 2 : ranks, ranks % 2 == 0 ? 2 : 1};
  const std::array<long, 2> place{rank / deal[1], rank % deal[1]};
  frame.part.count[2] = size[2];
  for (size_t axis = 0; axis < 2; ++axis) {
    frame.part.offset[axis] = size[axis] * place[axis] / deal[axis];
    frame.part.count[axis] = size[axis] * (place[axis] + 1) / deal[axis] - frame.part.offset[axis];
  }
  FieldArray field{"Ez_re", "1", {}};
  for (long k = 0; k < frame.part.count[2]; ++k) {
    for (long j = 0; j < frame.part.count[1]; ++j) {
      for (long i = 0; i < frame.part.count[0]; ++i) {
        const auto at = [&](size_t axis, long n) {
          return frame.coordinates[axis][static_cast<size_t>(frame.part.offset[axis] + n)];
        };
        field.values.push_back(static_cast<float>(f(at(0, i), at(1, j), at(2, k))));
      }
    }
  }
  frame.arrays = {field};
  return frame;
}

/// A folder of this test's own, the same on all ranks.
std::string Folder(const std::string& name) {
  int process = static_cast<int>(getpid());
  base::Mpi(MPI_Bcast(&process, 1, MPI_INT, 0, kWorld));
  const std::string folder =
      (std::filesystem::temp_directory_path() / fmt::format("insitu_{}_{}", name, process))
          .string();
  std::filesystem::create_directories(folder);
  base::Mpi(MPI_Barrier(kWorld));
  return folder;
}

void Remove(const std::string& folder) {
  base::Mpi(MPI_Barrier(kWorld));
  if (Communicator::RankIn(kWorld) == 0) std::filesystem::remove_all(folder);
}

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// Of an RGB file with unfiltered rows, as ours are.
struct Pixels {
  long width = 0;
  long height = 0;
  std::string rows;

  explicit Pixels(const std::string& png) {
    const auto number = [&](size_t at) {
      std::uint32_t value = 0;
      for (size_t k = 0; k < 4; ++k) value = value << 8 | static_cast<unsigned char>(png[at + k]);
      return value;
    };
    EXPECT_EQ(png.substr(0, 8), std::string("\x89PNG\r\n\x1a\n", 8));
    EXPECT_EQ(png.substr(12, 4), "IHDR");
    width = number(16);
    height = number(20);
    const size_t length = number(33);
    EXPECT_EQ(png.substr(37, 4), "IDAT");
    const auto* data = reinterpret_cast<const Bytef*>(png.data());
    EXPECT_EQ(number(41 + length), crc32(0, data + 37, static_cast<uInt>(length + 4)));
    EXPECT_EQ(number(29), crc32(0, data + 12, 17));
    rows.resize(static_cast<size_t>(height * (3 * width + 1)));
    uLongf size = rows.size();
    EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, data + 41, length), Z_OK);
    EXPECT_EQ(size, rows.size());
  }

  Colour At(long x, long y) const {
    const size_t first = static_cast<size_t>(y * (3 * width + 1) + 1 + 3 * x);
    const auto byte = [&](size_t k) { return static_cast<std::uint8_t>(rows[first + k]); };
    return {byte(0), byte(1), byte(2)};
  }
};

TEST(Insitu, PictureIsTheSameOnAnyNumberOfRanks) {
  const auto field = [](double x, double y, double z) { return std::sin(3 * x) * (y - 1) + z * z; };
  const int rank = Communicator::RankIn(kWorld);
  const int ranks = Communicator::SizeOf(kWorld);
  const std::string together = Folder("together");
  const std::string alone = Folder("alone");
  const auto sink = MakePngSink({together, "", {}, {}, 300});
  sink->Show(kWorld, Frame({41, 23, 12}, rank, ranks, field, 0.03));
  if (rank == 0) {
    MakePngSink({alone, "", {}, {}, 300})
        ->Show(MPI_COMM_SELF, Frame({41, 23, 12}, 0, 1, field, 0.03));
    for (const char* plane : {"xy", "xz", "yz"}) {
      const std::string name = fmt::format("/field_Ez_re_{}_000000.png", plane);
      const std::string picture = Bytes(together + name);
      EXPECT_FALSE(picture.empty());
      EXPECT_EQ(picture, Bytes(alone + name)) << plane;
      EXPECT_EQ(Pixels(picture).width, 300);
    }
    EXPECT_FALSE(std::filesystem::exists(together + "/field_Ez_re_xy_000000.png.tmp"));
  }
  Remove(together);
  Remove(alone);
}

TEST(Insitu, PictureShowsTheMaximumWhereItIs) {
  // A peak at (1.5, 0.5) um in a plane of 2.4 um x 1.4 um; a valley half as deep mirrored in y.
  const auto field = [](double x, double y, double) {
    const double over = (x - 1.5) * (x - 1.5) + (y - 1.0) * (y - 1.0);
    const double under = (x - 1.5) * (x - 1.5) + (y - 0.4) * (y - 0.4);
    return 1.9 * std::exp(-40 * over) - 0.95 * std::exp(-40 * under);
  };
  const int rank = Communicator::RankIn(kWorld);
  const std::string folder = Folder("peak");
  MakePngSink({folder, "in", {}, {}, 400})
      ->Show(kWorld, Frame({25, 15, 1}, rank, Communicator::SizeOf(kWorld), field));
  if (rank == 0) {
    const Pixels picture(Bytes(folder + "/in_field_Ez_re_000000.png"));
    const PictureLayout layout(400, 2.4, 1.4);
    EXPECT_EQ(picture.height, layout.picture_height);
    const auto place = [&](double x, double y) {
      return picture.At(layout.left + std::lround(x / 2.4 * layout.width),
                        layout.top + layout.height - std::lround(y / 1.4 * layout.height));
    };
    // The scale is 2: 1.9 is near the warm end, -0.95 half way to the cool one, 0 grey.
    EXPECT_GT(place(1.5, 1.0)[0], place(1.5, 1.0)[2] + 120);
    EXPECT_GT(place(1.5, 0.4)[2], place(1.5, 0.4)[0] + 80);
    EXPECT_NEAR(place(0.2, 0.7)[0], 221, 2);
    long least_green = 255;  // it falls towards both ends of the colours
    std::array<long, 2> at{};
    for (long y = layout.top; y < layout.top + layout.height; ++y) {
      for (long x = layout.left; x < layout.left + layout.width; ++x) {
        const Colour colour = picture.At(x, y);
        if (colour[0] < colour[2] || colour[1] >= least_green) continue;
        least_green = colour[1];
        at = {x, y};
      }
    }
    // Half a spacing of the lattice, in pixels.
    const double near = 0.05 / 2.4 * layout.width;
    EXPECT_NEAR(static_cast<double>(at[0] - layout.left), 1.5 / 2.4 * layout.width, near);
    EXPECT_NEAR(static_cast<double>(layout.top + layout.height - at[1]), 1.0 / 1.4 * layout.height,
                near);
  }
  Remove(folder);
}

TEST(Insitu, UnequalSpacingsAreDrawnWhereTheyAre) {
  // What is linear in x is linear in the pixels, wherever the points lie.
  const auto field = [](double x, double, double) { return x; };
  const FieldFrame frame =
      Frame({12, 4, 3}, Communicator::RankIn(kWorld), Communicator::SizeOf(kWorld), field, 0.4);
  const PlaneSampling sampling(frame.coordinates, 2, 0.13, 50, 7);
  const std::vector<float> values =
      sampling.Collect(kWorld, frame.part, GatherParts(kWorld, frame.part), frame.arrays[0].values);
  if (Communicator::RankIn(kWorld) != 0) {
    EXPECT_TRUE(values.empty());
    return;
  }
  ASSERT_EQ(values.size(), 350U);
  const double length = frame.coordinates[0].back();
  for (size_t n = 0; n < values.size(); ++n) {
    const double x = (static_cast<double>(n % 50) + 0.5) / 50 * length;
    EXPECT_NEAR(values[n], x, 1e-6 * length);  // rounding of float
  }
}

TEST(Insitu, PiecesShareTheirPlanes) {
  const auto field = [](double x, double y, double z) { return 100 * x + 10 * y + z; };
  const FieldFrame frame =
      Frame({9, 7, 3}, Communicator::RankIn(kWorld), Communicator::SizeOf(kWorld), field);
  const std::vector<std::vector<float>> larger = SharePlanes(kWorld, frame);
  const FieldPart box = WithSharedPlanes(frame.part, {9, 7, 3});
  if (box.Points() == frame.part.Points()) {
    EXPECT_TRUE(larger.empty());
    return;
  }
  ASSERT_EQ(larger.size(), 1U);
  ASSERT_EQ(static_cast<long>(larger[0].size()), box.Points());
  size_t n = 0;
  for (long k = 0; k < box.count[2]; ++k) {
    for (long j = 0; j < box.count[1]; ++j) {
      for (long i = 0; i < box.count[0]; ++i) {
        const auto at = [&](size_t axis, long along) {
          return frame.coordinates[axis][static_cast<size_t>(box.offset[axis] + along)];
        };
        EXPECT_EQ(larger[0][n++], static_cast<float>(field(at(0, i), at(1, j), at(2, k))));
      }
    }
  }
}

TEST(Insitu, PalettesAreTheirScale) {
  for (const bool is_signed : {false, true}) {
    ColourScale scale(false, is_signed);
    scale.Note(1.7);
    const Palette palette(scale);
    for (double value = -2.1; value < 2.2; value += 0.0137) {
      for (size_t k = 0; k < 3; ++k) {
        // Half of 1/1024 of a scale along which a colour changes by 80 in an eighth.
        EXPECT_NEAR(palette.Of(static_cast<float>(value))[k], scale.Of(value)[k], 1) << value;
      }
    }
    EXPECT_EQ(palette.Of(NAN), scale.Of(NAN));
  }
}

TEST(Insitu, ScalesOnlyGrow) {
  ColourScale scale(false, false);
  EXPECT_EQ(scale.Largest(), 1);
  scale.Note(0.3);
  EXPECT_EQ(scale.Largest(), 0.5);
  EXPECT_EQ(scale.Least(), 0);
  scale.Note(NAN);
  scale.Note(0.1);
  EXPECT_EQ(scale.Largest(), 0.5);
  scale.Note(-1.2);
  EXPECT_EQ(scale.Largest(), 2);
  EXPECT_EQ(scale.Least(), -2);
  EXPECT_EQ(scale.Of(NAN), (Colour{255, 0, 255}));
  EXPECT_EQ(scale.Of(0), (Colour{221, 221, 221}));
  EXPECT_DOUBLE_EQ(RoundScale(1e-3), 1e-3);
  EXPECT_DOUBLE_EQ(RoundScale(7), 10);
  EXPECT_EQ(Ticks(-1.2, 1.2, 6), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
}

/// The sentence that all ranks get, "" where there is none.
std::string Sentence(const PngOptions& options, const FieldFrame& frame) {
  try {
    MakePngSink(options)->Show(kWorld, frame);
  } catch (const base::UserError& error) {
    EXPECT_TRUE(base::FailureAgreedOn(kWorld));
    return error.what();
  }
  return "";
}

TEST(Insitu, WrongPicturesAreRefusedOnAllRanks) {
  const auto field = [](double x, double, double) { return x; };
  const FieldFrame frame =
      Frame({9, 7, 3}, Communicator::RankIn(kWorld), Communicator::SizeOf(kWorld), field);
  const std::string unknown = Sentence({"/tmp", "", {"Ez_im"}, {}, 300}, frame);
  EXPECT_NE(unknown.find("did you mean Ez_re?"), std::string::npos) << unknown;
  const std::string outside = Sentence({"/tmp", "", {}, {5.0, {}, {}}, 300}, frame);
  EXPECT_NE(outside.find("x = 5 um is outside of field, which goes from 0 to 0.8 um"),
            std::string::npos)
      << outside;
  const std::string folder = Sentence({"/nowhere", "", {}, {}, 300}, frame);
  EXPECT_NE(folder.find("cannot be written: No such file"), std::string::npos) << folder;
  EXPECT_THROW(MakePngSink({"/tmp", "", {}, {}, 100}), base::UserError);
}

TEST(Insitu, ScriptsTellTheirSourcesAndWhetherTheyRender) {
  const ScriptFacts state = FactsOf(
      "# state\nimport x\na = VTKHDFReader(registrationName='field_in.hdf', FileName=['f'])\n"
      "b = TrivialProducer( registrationName = \"mask\")\nc = Slice(registrationName='s')\n"
      "v = CreateView('RenderView')\n");
  EXPECT_EQ(state.sources, (std::vector<std::string>{"field_in.hdf", "mask"}));
  EXPECT_TRUE(state.renders);
  EXPECT_FALSE(FactsOf("a = 1  # no CreateView here\n").renders);
}

}  // namespace
}  // namespace symwave::io::insitu
