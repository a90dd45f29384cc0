#include "engine/postgres/extension_words.hpp"

#include <algorithm>
#include <array>

namespace trueup::postgres {
namespace {
struct Words {
  std::string_view extension;
  std::string_view names;  ///< separated by blanks; `x*` stands for all names that begin with x
};
constexpr std::array table{
    Words{"vector",
          "vector vector_* halfvec halfvec_* sparsevec sparsevec_* ivfflat hnsw bit_hamming_ops "
          "bit_jaccard_ops l2_distance l1_distance inner_product cosine_distance binary_quantize subvector "
          "l2_normalize hamming_distance jaccard_distance"},
    Words{"citext", "citext citext_*"},
    Words{"hstore",
          "hstore hstore_* gin_hstore_ops gist_hstore_ops btree_hstore_ops hash_hstore_ops akeys avals skeys "
          "svals each populate_record exist defined delete slice"},
    Words{"ltree",
          "ltree ltree_* lquery ltxtquery gist_ltree_ops subltree subpath nlevel lca text2ltree ltree2text"},
    Words{"uuid-ossp", "uuid_generate_* uuid_nil uuid_ns_*"},
    Words{"pgcrypto",
          "digest hmac crypt gen_salt encrypt encrypt_iv decrypt decrypt_iv pgp_* gen_random_bytes "
          "gen_random_uuid armor dearmor"},
    Words{"pg_trgm",
          "gin_trgm_ops gist_trgm_ops similarity word_similarity strict_word_similarity show_trgm "
          "similarity_op"},
    Words{"unaccent", "unaccent unaccent_*"},
    Words{"fuzzystrmatch",
          "levenshtein levenshtein_less_equal soundex difference metaphone dmetaphone dmetaphone_alt "
          "daitch_mokotoff"},
    Words{"intarray",
          "gin__int_ops gist__int_ops gist__intbig_ops icount sort sort_asc sort_desc uniq idx subarray "
          "intset query_int"},
    Words{"tablefunc", "crosstab crosstab2 crosstab3 crosstab4 normal_rand connectby tablefunc_*"},
    Words{"cube", "cube cube_* gist_cube_ops"},
    Words{"earthdistance", "earth earth_* ll_to_earth gc_to_sec sec_to_gc latitude longitude"},
    Words{"isn", "ean13 isbn isbn13 ismn ismn13 issn issn13 upc isn_weak is_valid make_valid"},
    Words{"seg", "seg seg_* gist_seg_ops"},
    Words{"lo", "lo lo_manage"},
    Words{"postgis",
          "geometry geography geometry_* geography_* box2d box3d spheroid st_* gist_geometry_ops_* "
          "spatial_ref_sys postgis_* raster"},
    Words{"bloom", "bloom"},
    Words{"rum", "rum rum_*"},
    Words{"btree_gist", "gist gist_*"},
    Words{"btree_gin", "gin"},
    Words{"pg_stat_statements", "pg_stat_statements pg_stat_statements_*"},
    Words{"plpgsql", "plpgsql"},
    Words{"plpython3u", "plpython3u"},
    Words{"plperl", "plperl"},
    Words{"plv8", "plv8"},
    Words{"moddatetime", "moddatetime"},
    Words{"insert_username", "insert_username"},
    Words{"autoinc", "autoinc"},
    Words{"tcn", "triggered_change_notification"},
    Words{"dblink", "dblink dblink_*"},
    Words{"pg_cron", "cron"},
    Words{"pg_partman", "partman"},
};

const Words* find(std::string_view extension) {
  for (const auto& w : table)
    if (w.extension == extension) return &w;
  return nullptr;
}
}  // namespace

bool is_known_extension(std::string_view extension) {
  return find(extension) != nullptr;
}

bool extension_defines(std::string_view extension, std::string_view name) {
  const Words* w = find(extension);
  if (w == nullptr) return false;
  std::string_view rest = w->names;
  while (!rest.empty()) {
    const auto blank = rest.find(' ');
    auto word = rest.substr(0, blank);
    rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
    if (word.ends_with('*') ? name.starts_with(word.substr(0, word.size() - 1)) : name == word) return true;
  }
  return false;
}

}  // namespace trueup::postgres
