#include "jobs/spots/spot_results.hpp"

#include "domain/base/log.hpp"

namespace symwave::jobs::spots {

using training::bench::Frame;
using training::bench::Spot;

namespace {

std::vector<double> RowByRow(const std::vector<Eigen::ArrayXXd>& images) {
  std::vector<double> values;
  for (const Eigen::ArrayXXd& image : images) {
    for (Eigen::Index i = 0; i < image.rows(); ++i) {
      for (Eigen::Index j = 0; j < image.cols(); ++j) values.push_back(image(i, j));
    }
  }
  return values;
}

}  // namespace

void WriteSpots(io::Hdf5File& file, const std::string& group, const std::vector<Spot>& spots,
                const std::string& text) {
  std::vector<double> x, y;
  for (const Spot& spot : spots) {
    x.push_back(spot.x);
    y.push_back(spot.y);
  }
  file.Write(group + "/x", x, {}, {"um", text});
  file.Write(group + "/y", y, {}, {"um", ""});
}

void WriteFrames(io::Hdf5File& file, const std::string& name,
                 const std::vector<const Frame*>& frames, const std::string& text) {
  if (frames.empty()) return;
  std::vector<float> values;
  for (const Frame* frame : frames) {
    for (const double value : frame->intensity) values.push_back(static_cast<float>(value));
  }
  const auto ny = static_cast<hsize_t>(frames[0]->ny), nx = static_cast<hsize_t>(frames[0]->nx);
  file.Write(name, values, {frames.size(), ny, nx}, {"1", text});
}

void WriteImages(io::Hdf5File& file, const std::string& name,
                 const std::vector<Eigen::ArrayXXd>& images, const std::string& text) {
  const auto rows = static_cast<hsize_t>(images.at(0).rows());
  const auto columns = static_cast<hsize_t>(images[0].cols());
  file.Write(name, RowByRow(images), {images.size(), rows, columns}, {"1", text});
}

void WriteImage(io::Hdf5File& file, const std::string& name, const Eigen::ArrayXXd& image,
                const std::string& text) {
  file.Write(name, RowByRow({image}),
             {static_cast<hsize_t>(image.rows()), static_cast<hsize_t>(image.cols())}, {"1", text});
}

void AddTotals(nlohmann::ordered_json& summary, double symmetry_defect,
               const nlohmann::ordered_json& passes, double seconds) {
  summary["symmetry_defect"] = symmetry_defect;
  summary["passes"] = passes;
  summary["seconds"] = seconds;
}

void ReportSymmetry(const nlohmann::ordered_json& summary) {
  base::Info("symmetry defect |g^T y - e^T v| / |g^T y| {:.2e}",
             summary["symmetry_defect"].get<double>());
}

}  // namespace symwave::jobs::spots
