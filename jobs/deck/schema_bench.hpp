// Sections of a deck with an optical bench.
#pragma once

#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

io::Section<OpticalBenchOptions> BenchSection();
io::Section<training::bench::ScreenOptions> ScreenSection();
io::Section<training::bench::ScatterOptions> ScatterSection();
io::Section<training::bench::ErrorLaunchOptions> ErrorLaunchSection();
io::Section<training::bench::BenchErrors> BenchErrorsSection();
io::Section<training::ImageDataOptions> ImageDataSection();
io::Section<training::bench::PlaneNetworkOptions> PlaneNetworkSection();
io::Section<training::bench::ComputeOptions> ComputeSection();
io::Section<BenchSweepOptions> BenchSweepSection();
io::Section<FocusOptions> FocusSection();
io::Section<HiddenObjectOptions> HiddenObjectSection();

/// A whole deck with a section `bench`.
const io::Section<DeckOptions>& BenchDeckSection();

/// Checks across its sections. UserError with file:line.
void CheckBenchOptions(const DeckOptions& options, const io::DeckNode& root);
/// Those of the jobs `focus` and `hidden_object`.
void CheckSpotOptions(const DeckOptions& options, const io::DeckNode& root);

}  // namespace symwave::jobs::deck
