#include "training/image_dataset.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <string>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/messages.hpp"
#include "io/idx_reader.hpp"
#include "training/random.hpp"

namespace symwave::training {

namespace {

using base::Fail;

/// What one pair of files is for.
struct Part {
  const char* name;
  const std::string& images;
  const std::string& labels;
  int samples;
};

/// The numbers of the samples to keep, in the order of the file.
std::vector<int> Choose(int all, const Part& part, const ImageDataOptions& options) {
  if (part.samples > all) {
    Fail("data.{}_samples = {}, but {} holds {} images; lower it, or 0 for all", part.name,
         part.samples, part.images, all);
  }
  const int count = part.samples > 0 ? part.samples : all;
  std::vector<int> chosen(static_cast<std::size_t>(all));
  for (int k = 0; k < all; ++k) chosen[static_cast<std::size_t>(k)] = k;
  if (options.seed != 0 && count < all) chosen = Permutation(all, options.seed);
  chosen.resize(static_cast<std::size_t>(count));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

int LargestLabel(const std::vector<std::uint8_t>& labels) {
  return *std::max_element(labels.begin(), labels.end());
}

/// `classes` 0: as many as the labels show.
ImageDataset ReadPart(const Part& part, const ImageDataOptions& options, int classes) {
  const io::IdxArray images = io::ReadIdx(part.images, 3, "images");
  const io::IdxArray labels = io::ReadIdx(part.labels, 1, "labels");
  if (images.sizes[0] != labels.sizes[0]) {
    Fail("{} holds {} images, but {} holds {} labels; give two files of one set", part.images,
         images.sizes[0], part.labels, labels.sizes[0]);
  }
  if (images.sizes[0] > INT_MAX || images.sizes[1] > 65536 || images.sizes[2] > 65536) {
    Fail("{}: {} images of {} x {} pixels are more than the {} images of 65536 x 65536 allowed",
         part.images, images.sizes[0], images.sizes[1], images.sizes[2], INT_MAX);
  }
  ImageDataset data;
  data.rows = static_cast<int>(images.sizes[1]);
  data.columns = static_cast<int>(images.sizes[2]);
  data.classes = classes > 0 ? classes : LargestLabel(labels.values) + 1;
  const auto bad = std::find_if(labels.values.begin(), labels.values.end(),
                                [&](std::uint8_t label) { return label >= data.classes; });
  if (bad != labels.values.end()) {
    Fail("{}: label {} of sample {} (from 0) is not one of the {} classes 0 to {}; {}", part.labels,
         *bad, bad - labels.values.begin(), data.classes, data.classes - 1,
         options.classes > 0 ? "raise data.classes or correct the file"
                             : "they are those of the training labels, or set data.classes");
  }
  const std::size_t size = static_cast<std::size_t>(data.rows) * data.columns;
  for (const int k : Choose(static_cast<int>(images.sizes[0]), part, options)) {
    const auto image = images.values.begin() + static_cast<std::ptrdiff_t>(size) * k;
    data.pixels.insert(data.pixels.end(), image, image + static_cast<std::ptrdiff_t>(size));
    data.labels.push_back(labels.values[static_cast<std::size_t>(k)]);
  }
  return data;
}

ImageSets ReadBoth(const ImageDataOptions& options) {
  ImageSets sets;
  const Part train{"train", options.images, options.labels, options.train_samples};
  const Part test{"test", options.test_images, options.test_labels, options.test_samples};
  sets.train = ReadPart(train, options, options.classes);
  if (sets.train.classes < 2) {
    Fail("{}: all samples are of one class; training needs two classes or more", options.labels);
  }
  sets.test = ReadPart(test, options, sets.train.classes);
  if (sets.train.rows != sets.test.rows || sets.train.columns != sets.test.columns) {
    Fail(
        "{} holds images of {} x {} pixels, but {} of {} x {}; training and test images need "
        "one size",
        options.images, sets.train.rows, sets.train.columns, options.test_images, sets.test.rows,
        sets.test.columns);
  }
  return sets;
}

/// Sentences begin with the place of the section, where it is known.
ImageSets ReadAtPlace(const ImageDataOptions& options) {
  if (options.where.empty()) return ReadBoth(options);
  try {
    return ReadBoth(options);
  } catch (const base::UserError& error) {
    Fail("{}: {}", options.where, error.what());
  }
}

void Share(MPI_Comm comm, ImageDataset& data) {
  std::array<int, 4> sizes{data.rows, data.columns, data.classes, data.Samples()};
  base::Mpi(MPI_Bcast(sizes.data(), 4, MPI_INT, 0, comm));
  data.rows = sizes[0];
  data.columns = sizes[1];
  data.classes = sizes[2];
  data.labels.resize(static_cast<std::size_t>(sizes[3]));
  data.pixels.resize(data.labels.size() * static_cast<std::size_t>(data.rows) *
                     static_cast<std::size_t>(data.columns));
  base::Mpi(MPI_Bcast(data.labels.data(), sizes[3], MPI_INT, 0, comm));
  base::Broadcast(comm, data.pixels.data(), data.pixels.size());
}

}  // namespace

ImageSets ReadImages(MPI_Comm comm, const ImageDataOptions& options) {
  ImageSets sets;
  const bool reads = base::Communicator::RankIn(comm) == 0;
  base::AgreeOnFailure(comm, [&] {
    base::FaultPoint("data/images");
    if (reads) sets = ReadAtPlace(options);
  });
  Share(comm, sets.train);
  Share(comm, sets.test);
  return sets;
}

}  // namespace symwave::training
