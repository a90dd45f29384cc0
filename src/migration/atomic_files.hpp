#pragma once
#include <string>
#include <utility>
#include <vector>

namespace trueup {

/// Writes new files, all or none: texts go to temporary files beside their places, then each is put in place.
/// Never replaces a file. Missing folders are made. WorldError naming what failed; what was placed until then
/// is removed.
void write_files(const std::vector<std::pair<std::string, std::string>>& path_and_text);

}  // namespace trueup
