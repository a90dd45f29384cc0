// Runs a fuzz target over the files of its corpus, and over seeded mutations of each: cuts, flips, doublings.
//   fuzz_TARGET FOLDER [MUTATIONS]
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <vector>

#include "target.hpp"

namespace {

std::string mutate(std::string text, std::minstd_rand& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random()) % n; };
  const std::string odd = "'\"`$[]{}():,;-#&*!|>%\\\n\t\0/ aB0_.\x80\xff";
  for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (!text.empty()) text[at] = odd[below(odd.size())];
        break;
      case 2:
        text.insert(at, 1, odd[below(odd.size())]);
        break;
      default:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
    }
  }
  return text;
}

bool survives(const std::string& text, const std::string& label) {
  try {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return true;
  } catch (const std::exception& e) {
    std::cout << label << ": " << e.what() << "\n--- input\n" << text << "\n---\n";
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int mutations = argc > 2 ? std::atoi(argv[2]) : 0;
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(argv[1]), {});
  std::sort(files.begin(), files.end());
  int runs = 0;
  int failures = 0;
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    const std::string seed(std::istreambuf_iterator<char>(in), {});
    std::minstd_rand random(1);
    std::string text = seed;
    for (int i = 0; i <= mutations && failures < 5; ++i) {
      std::string label = path.filename().string();
      if (i > 0) label += " mutation " + std::to_string(i);
      if (!survives(text, label)) ++failures;
      ++runs;
      text = mutate(seed, random);
    }
  }
  std::cout << files.size() << " files, " << runs << " runs, " << failures << " failures\n";
  return failures == 0 && !files.empty() ? 0 : 1;
}
