#include "domain/yee_media.hpp"

#include <memory>

#include "domain/node_coupling.hpp"
#include "domain/pole_media.hpp"
#include "domain/structure_sampler.hpp"

namespace symwave::domain {

FillingMap MakeFillingMap(const Lattice& lattice, const Structure& structure,
                          const std::vector<std::string>& names, const std::vector<double>& eps) {
  std::vector<Medium> media(names.size());
  for (size_t m = 0; m < names.size(); ++m) {
    media[m].name = names[m];
    media[m].eps_inf = eps[m];
  }
  const auto sampler = std::make_shared<const StructureSampler>(
      lattice, structure, SubpixelAverage(std::move(media), {0, 0}));
  FillingMap map;
  map.points = [sampler, lattice](Component c, const IndexBox& box, const VisitFilling& visit) {
    sampler->VisitFillings(SiteOf(lattice, c), static_cast<size_t>(c), box, visit);
  };
  map.nodes = [sampler](const IndexBox& box, const VisitFilling& visit) {
    sampler->VisitFillings(Site{}, StructureSampler::kNodes, box, visit);
  };
  return map;
}

MediumMap MakeMediumMap(const Lattice& lattice, const Structure& structure,
                        std::vector<Medium> media, std::array<double, 2> band) {
  for (const Medium& medium : media) CheckMedium(medium);
  MediumMap map;
  map.media = media;
  const auto sampler = std::make_shared<const StructureSampler>(
      lattice, structure, SubpixelAverage(std::move(media), band));
  map.sample = [sampler](Component c, const IndexBox& box) { return sampler->Sample(c, box); };
  map.couple = [sampler, lattice, media = map.media, sample = map.sample](const IndexBox& box) {
    return LimitedCouplings(lattice, media, sample, sampler->Couple(box));
  };
  return map;
}

MediumMap MakeMediumMap(const Lattice& lattice, const Structure& structure,
                        std::vector<Medium> media, double omega) {
  return MakeMediumMap(lattice, structure, std::move(media), std::array<double, 2>{omega, omega});
}

}  // namespace symwave::domain
