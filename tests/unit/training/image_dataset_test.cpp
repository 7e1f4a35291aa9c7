#include "training/image_dataset.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::training {
namespace {

using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

std::string Header(std::uint32_t magic, const std::vector<std::uint32_t>& sizes) {
  std::string text;
  const auto append = [&](std::uint32_t n) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(n >> shift & 0xff);
  };
  append(magic);
  for (const std::uint32_t size : sizes) append(size);
  return text;
}

std::string Images(int count, int rows, int columns) {
  std::string text =
      Header(0x803, {static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(rows),
                     static_cast<std::uint32_t>(columns)});
  for (int k = 0; k < count * rows * columns; ++k) text += static_cast<char>(7 * k);
  return text;
}

std::string Labels(const std::string& labels) {
  return Header(0x801, {static_cast<std::uint32_t>(labels.size())}) + labels;
}

std::string Compressed(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);  // + 16: gzip
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class ImageFiles : public ::testing::Test {
 protected:
  ImageFiles() {
    options.images = folder.Write("images.gz", Compressed(Images(6, 2, 3)));
    options.labels = folder.Write("labels", Labels({0, 1, 2, 0, 1, 2}));
    options.test_images = folder.Write("test_images", Images(2, 2, 3));
    options.test_labels = folder.Write("test_labels.gz", Compressed(Labels({2, 1})));
    options.where = "deck.yaml:3";
  }
  std::string Error() {
    return Sentence([&] { ReadImages(MPI_COMM_WORLD, options); });
  }
  TestFolder folder;
  ImageDataOptions options;
};

TEST_F(ImageFiles, PlainAndCompressedOnEveryRank) {
  const ImageSets sets = ReadImages(MPI_COMM_WORLD, options);
  EXPECT_EQ(sets.train.rows, 2);
  EXPECT_EQ(sets.train.columns, 3);
  EXPECT_EQ(sets.train.classes, 3);
  EXPECT_EQ(sets.train.labels, (std::vector<int>{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(sets.train.Image(5)[5], 7 * 35);
  EXPECT_EQ(sets.test.labels, (std::vector<int>{2, 1}));
  EXPECT_EQ(sets.test.classes, 3);
  EXPECT_EQ(sets.test.pixels.size(), 12u);
}

TEST_F(ImageFiles, FirstOrRandomSubset) {
  options.train_samples = 4;
  EXPECT_EQ(ReadImages(MPI_COMM_WORLD, options).train.labels, (std::vector<int>{0, 1, 2, 0}));
  options.seed = 5;
  const ImageDataset chosen = ReadImages(MPI_COMM_WORLD, options).train;
  ASSERT_EQ(chosen.Samples(), 4);
  for (int s = 0; s < 4; ++s) {
    const int sample = chosen.Image(s)[0] / 42;  // image k starts with 7 * 6 k
    EXPECT_EQ(chosen.labels[s], sample % 3);
  }
  EXPECT_EQ(ReadImages(MPI_COMM_WORLD, options).train.pixels, chosen.pixels);
  options.train_samples = 7;
  EXPECT_TRUE(Says(Error(), "deck.yaml:3: data.train_samples = 7, but")) << Error();
}

TEST_F(ImageFiles, RefusesWrongKindsOfFiles) {
  std::swap(options.images, options.labels);
  EXPECT_TRUE(Says(Error(), "the magic number is 2049")) << Error();
  EXPECT_TRUE(Says(Error(), "images has 2051")) << Error();
  options.images = folder.Write("text", "no idx file at all");
  EXPECT_TRUE(Says(Error(), "which no idx file of bytes has")) << Error();
  options.images = folder.Write("short", "abc");
  EXPECT_TRUE(Says(Error(), "ends within its header")) << Error();
  options.images = folder / "nowhere";
  EXPECT_TRUE(Says(Error(), "nowhere: cannot read the file of images")) << Error();
}

TEST_F(ImageFiles, RefusesTruncatedDamagedAndLongFiles) {
  const std::string good = Images(6, 2, 3);
  const std::string packed = Compressed(good);
  options.images = folder.Write("cut.gz", packed.substr(0, packed.size() - 12));
  EXPECT_TRUE(Says(Error(), "cut.gz: the compressed file of images is truncated")) << Error();
  std::string damaged = packed;
  damaged[damaged.size() - 6] ^= 1;  // the check sum of gzip
  options.images = folder.Write("damaged.gz", damaged);
  EXPECT_TRUE(Says(Error(), "damaged.gz: the file of images is damaged")) << Error();
  options.images = folder.Write("cut", good.substr(0, good.size() - 1));
  EXPECT_TRUE(Says(Error(), "announces 36 bytes, it holds 35")) << Error();
  options.images = folder.Write("long", good + "x");
  EXPECT_TRUE(Says(Error(), "holds more than the 36 bytes")) << Error();
  options.images = folder.Write("huge", Header(0x803, {~0u, ~0u, ~0u}));
  EXPECT_TRUE(Says(Error(), "more bytes than any computer holds")) << Error();
  options.images = folder.Write("empty", Header(0x803, {0, 2, 3}));
  EXPECT_TRUE(Says(Error(), "a dimension of size 0")) << Error();
}

TEST_F(ImageFiles, RefusesFilesThatDoNotFit) {
  options.images = folder.Write("five", Images(5, 2, 3));
  EXPECT_TRUE(Says(Error(), "five holds 5 images, but")) << Error();
  options.images = folder.Write("square", Images(6, 3, 3));
  EXPECT_TRUE(Says(Error(), "3 x 3 pixels, but")) << Error();
  options.images = folder / "images.gz";
  options.test_labels = folder.Write("three", Labels({2, 3}));
  EXPECT_TRUE(Says(Error(), "three: label 3 of sample 1 (from 0) is not one of the 3 classes"))
      << Error();
  options.classes = 4;
  EXPECT_EQ(Error(), "");
  options.classes = 2;
  EXPECT_TRUE(Says(Error(), "label 2 of sample 2 (from 0) is not one of the 2 classes")) << Error();
}

TEST(MnistSubset, IsComplete) {
  const std::string folder = "inputs/data/mnist/";  // tests run in the root of the repository
  ImageDataOptions options;
  options.images = folder + "train-images-idx3-ubyte.gz";
  options.labels = folder + "train-labels-idx1-ubyte.gz";
  options.test_images = folder + "t10k-images-idx3-ubyte.gz";
  options.test_labels = folder + "t10k-labels-idx1-ubyte.gz";
  const ImageSets sets = ReadImages(MPI_COMM_WORLD, options);
  EXPECT_EQ(sets.train.Samples(), 3000);
  EXPECT_EQ(sets.test.Samples(), 1000);
  EXPECT_EQ(sets.train.rows * sets.train.columns, 784);
  EXPECT_EQ(sets.train.classes, 10);
  EXPECT_EQ(sets.train.labels[0], 5);  // the well-known first digits
  EXPECT_EQ(sets.test.labels[0], 7);
}

}  // namespace
}  // namespace symwave::training
