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
  std::vector<std::string> feature_names;  ///< of the header, or "column 3"
  std::vector<std::string> left_out;       ///< columns that are neither feature nor label
};

/// Collective: rank 0 reads, every rank gets the samples. A first line
/// "samples,features,class,class,..." announces what follows and is checked against it. Labels are
/// integers from 0, or names: those of `classes` or of the announcement in that order, else in
/// alphabetical order. Where `only` names classes, samples of others are left out. UserError with
/// file:line: no sample, no feature, a column that is not there, a cell that is not a finite
/// number, rows of different lengths, a label or a name in `only` that is no class, a class with
/// fewer than two samples.
Dataset ReadDataset(MPI_Comm comm, const DataOptions& options);

/// The same from a table that was read.
Dataset MakeDataset(const io::CsvTable& table, const DataOptions& options);

/// Whether a feature is the same in all samples.
bool IsConstant(const Dataset& data, int feature);

/// Whether a feature is nothing but the number of the sample, from 0 or from 1.
bool CountsSamples(const Dataset& data, int feature);

}  // namespace symwave::training
