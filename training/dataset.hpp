// Labelled samples from a CSV file.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "io/csv_reader.hpp"
#include "training/options.hpp"

namespace symwave::training {

struct Dataset {
  std::string path;
  Eigen::ArrayXXd features;  ///< samples x features, as in the file
  std::vector<int> labels;   ///< 0 ... classes - 1
  std::vector<std::string> classes;
};

/// Collective: rank 0 reads, every rank gets the samples. The last column is the label. A first
/// line "samples,features,class,class,..." announces what follows and is checked against it.
/// UserError with file:line: no sample, no feature, a cell that is not a finite number, rows of
/// different lengths, a label that is not an announced class, a class with fewer than two samples.
Dataset ReadDataset(MPI_Comm comm, const DataOptions& options);

/// The same from a table that was read.
Dataset MakeDataset(const io::NumericCsv& table);

}  // namespace symwave::training
