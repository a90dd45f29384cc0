// What the handlers of table constraints share.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

/// `CONSTRAINT x PRIMARY KEY (a, b) ...` for a primary key, unique, check, exclusion or foreign key: to stand
/// in CREATE TABLE or after ALTER TABLE ... ADD. A constraint that is not valid yet carries NOT VALID.
std::string constraint_clause(const ObjectKey& key, const ObjectBody& body, const EngineDialect& dialect);
/// The constraint's comment; empty for none.
std::string constraint_comment(const ObjectBody& body);

/// What no constraint clause holds, after creation: comments, cluster, replica identity. Statements, perhaps
/// none.
void write_constraint_extras(SqlWriter& w, const ObjectKey& key, const ObjectBody& body);
/// `ALTER TABLE t ADD CONSTRAINT ...` and its extras.
void add_constraint(const ObjectKey& key, const ObjectBody& body, const EngineDialect& dialect, SqlWriter& w,
                    std::vector<Hazard> hazards);
void drop_constraint(const ObjectKey& key, SqlWriter& w, std::vector<Hazard> hazards);
void rename_constraint(const Step& step, SqlWriter& w);

/// `ALTER DOMAIN d ADD CONSTRAINT ...` and its comment.
void add_domain_check(const ObjectKey& domain, const DomainCheck&, SqlWriter&);
void comment_on_domain_check(const ObjectKey& domain, const DomainCheck&, SqlWriter&);

/// `WITH (a=1, b=2) USING INDEX TABLESPACE x` of the index behind a key; empty for none.
std::string index_options(const Options& options, const EngineDialect& dialect);

/// Base of the constraint handlers: create, drop, rename and comment are alike.
class ConstraintHandler : public KindHandler {
 public:
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override;
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override;

 protected:
  /// Fields that ALTER can change; all else is a recreation.
  virtual bool alterable(const Altered& a, const ObjectBody& from, const ObjectBody& to) const;
  /// The in-place change, without the comment.
  virtual void alter(const ObjectKey& key, const ObjectBody& from, const ObjectBody& to, SqlWriter& w) const;
  virtual std::vector<Hazard> add_hazards(const ObjectBody& body) const = 0;
};

}  // namespace trueup::postgres
