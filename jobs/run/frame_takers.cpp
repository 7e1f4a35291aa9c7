#include "jobs/run/frame_takers.hpp"

#include <memory>
#include <utility>

#include "io/field_series.hpp"

namespace symwave::jobs::run {

namespace {

io::FrameCut CutOf(const deck::FieldFilesOptions& files) {
  io::FrameCut cut;
  cut.stride = files.stride;
  if (!files.centre) return cut;
  for (size_t axis = 0; axis < std::min(files.centre->size(), files.size->size()); ++axis) {
    cut.low[axis] = (*files.centre)[axis] - (*files.size)[axis] / 2;
    cut.high[axis] = (*files.centre)[axis] + (*files.size)[axis] / 2;
  }
  return cut;
}

FrameTaker FilesOf(const RunContext& context, const deck::FieldFilesOptions& files) {
  FrameTaker taker;
  taker.title = "field files";
  if (!files.at_end) taker.every = files.every;
  taker.fields = files.what;
  taker.cut = CutOf(files);
  taker.sinks.push_back({"output.fields", std::make_unique<io::FieldSeries>(io::FieldSeriesOptions{
                                              context.Directory(), context.RestoreFrom(),
                                              !files.at_end, files.compression})});
  return taker;
}

}  // namespace

void AddTakers(RunContext& context, const deck::DeckOptions& options) {
  if (options.output.chosen) context.AddTaker(FilesOf(context, *options.output.chosen));
}

}  // namespace symwave::jobs::run
