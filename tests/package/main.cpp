// A program that brings its own database up to date before it does anything else.
//   notes_app DATABASE MIGRATIONS
#include <exception>
#include <iostream>

#include "trueup.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    const auto connection = trueup::connect_sqlite(trueup::parse_url(std::string("sqlite:") + argv[1]));
    const trueup::ApplyResult result = trueup::migrate(*connection, argv[2]);
    connection->execute("insert into notes (body) values ('started')");
    const auto count = connection->query("select count(*) from notes");
    std::cout << "applied " << result.migrations.size() << ", version " << result.version_after << ", notes "
              << count.at(0).at(0).value_or("") << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
  return 0;
}
