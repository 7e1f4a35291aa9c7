// Labelled images from idx files.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "training/options.hpp"

namespace symwave::training {

/// Grey images of one size, 0 ... 255, image after image, row by row.
struct ImageDataset {
  int rows = 0;
  int columns = 0;
  int classes = 0;
  std::vector<std::uint8_t> pixels;
  std::vector<int> labels;  ///< 0 ... classes - 1

  int Samples() const { return static_cast<int>(labels.size()); }
  /// rows * columns bytes.
  const std::uint8_t* Image(int sample) const {
    return pixels.data() + static_cast<std::size_t>(sample) * static_cast<std::size_t>(rows) *
                               static_cast<std::size_t>(columns);
  }
};

struct ImageSets {
  ImageDataset train;
  ImageDataset test;
};

/// Collective: rank 0 reads and chooses, every rank gets the chosen images as bytes (47 MB for all
/// of MNIST), because any rank may need any sample of a batch.
/// UserError with file names: what io::ReadIdx refuses, numbers of images and labels that differ,
/// images of different size to train and to test, a label that is no class, a single class, more
/// samples asked for than a file holds.
ImageSets ReadImages(MPI_Comm comm, const ImageDataOptions& options);

}  // namespace symwave::training
