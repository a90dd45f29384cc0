#include "source/snapshot.hpp"

#include "base/error.hpp"
#include "target.hpp"

// Any bytes as a snapshot end in InputError or in a snapshot that is written and read again without change.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = trueup::fuzz::text_of(data, size);
  std::string written;
  try {
    trueup::read_snapshot_head(text, "fuzz.json");
    written = trueup::write_snapshot(trueup::read_snapshot(text, "fuzz.json"));
  } catch (const trueup::InputError&) {
    return 0;
  }
  trueup::fuzz::require(trueup::write_snapshot(trueup::read_snapshot(written, "fuzz.json")) == written,
                        "a snapshot changes when it is written again");
  return 0;
}
