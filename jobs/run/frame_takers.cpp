#include "jobs/run/frame_takers.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"
#include "io/atomic_file.hpp"
#include "io/field_series.hpp"
#include "io/insitu/sinks.hpp"
#include "jobs/run/run_files.hpp"

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
  taker.key = "output.fields";
  taker.cheaper = "a longer output.fields.when, a larger stride or a smaller box (where)";
  if (!files.at_end) taker.every = files.every;
  taker.asked = {files.what, files.float64};
  taker.cut = CutOf(files);
  taker.sinks.push_back({"output.fields", std::make_unique<io::FieldSeries>(io::FieldSeriesOptions{
                                              context.Directory(), context.RestoreFrom(),
                                              !files.at_end, files.compression})});
  return taker;
}

/// The folder of the pictures, with the mark that it is of a run.
std::string MakePictureFolder(const RunContext& context) {
  const std::string folder = context.Directory() + "/" + kPictures;
  base::AgreeOnFailure(context.Comm(), [&] {
    if (base::Communicator::RankIn(context.Comm()) != 0) return;
    MakeFolder(folder);
    io::WriteTextAtomically(MPI_COMM_SELF, folder + "/" + kPicturesMark,
                            "These pictures are of the run whose folder they lie in: a new run "
                            "there removes them.\n");
  });
  return folder;
}

io::insitu::PngOptions PngOf(const deck::InSituOptions& insitu, const std::string& folder) {
  io::insitu::PngOptions png;
  png.folder = folder;
  png.at = {insitu.png->x, insitu.png->y, insitu.png->z};
  png.width = insitu.png->width;
  const auto& fields = insitu.fields;
  if (std::all_of(fields.begin(), fields.end(), io::insitu::IsFixedArray)) png.arrays = fields;
  return png;
}

/// Adds what `make` gives; a run whose ParaView or display is missing goes on without pictures.
void AddSink(MPI_Comm comm, FrameTaker& taker, const std::string& name,
             const std::function<std::unique_ptr<io::FrameSink>()>& make) {
  std::unique_ptr<io::FrameSink> sink;
  const std::string fault = base::TryOnAll(comm, [&] { sink = make(); });
  if (fault.empty()) {
    taker.sinks.push_back({name, std::move(sink)});
  } else {
    base::Warn("{} is off: {}; the run goes on", name, fault);
  }
}

FrameTaker PicturesOf(const RunContext& context, const deck::InSituOptions& insitu) {
  FrameTaker taker;
  taker.title = "in situ";
  taker.key = "insitu.fields";
  taker.into = kPictures;
  taker.cheaper = insitu.png ? "a longer insitu.every, fewer fields or a smaller png.width"
                             : "a longer insitu.every or a larger stride";
  taker.every = insitu.every;
  taker.asked.names = insitu.fields;
  taker.cut.stride = insitu.stride;
  const std::string folder = MakePictureFolder(context);
  if (insitu.png) {
    AddSink(context.Comm(), taker, "insitu.png",
            [&] { return io::insitu::MakePngSink(PngOf(insitu, folder)); });
  }
  if (insitu.UsesParaView()) {
    AddSink(context.Comm(), taker, "in situ with ParaView", [&] {
      return io::insitu::MakeCatalystSink(context.Comm(), {insitu.script, folder});
    });
  }
  return taker;
}

}  // namespace

void AddTakers(RunContext& context, const deck::DeckOptions& options) {
  if (options.output.chosen) context.AddTaker(FilesOf(context, *options.output.chosen));
  if (options.insitu) context.AddTaker(PicturesOf(context, *options.insitu));
}

}  // namespace symwave::jobs::run
