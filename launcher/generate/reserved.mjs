/** Words that cannot name a variable of a module. */
export const keywords = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);
/** Singulars whose classes or types would hide those that a domain's files use. */
export const takenByCode = new Set(
  (
    'actor args array ask boolean choice context controller database date document edge email entity error field flag ' +
    'function health id info injectable input instant int json listing map math meta migration module money mutation ' +
    'number object one page pageInfo param patch policy post promise property query reads record request resolver ' +
    'resource response set statement string subscription symbol text type view'
  ).split(' '),
);
/** Key words that PostgreSQL takes as names of tables and columns only in quotes. */
export const reservedInSql = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation ' +
    'column concurrently constraint create cross current_catalog current_date current_role current_schema ' +
    'current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for ' +
    'foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral ' +
    'leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps ' +
    'placing primary references returning right select session_user similar some symmetric system_user table ' +
    'tablesample then to trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
);
/** What every row has, and what entities and lists call their own. */
export const reservedFields = new Set(
  (
    'id createdAt updatedAt deletedAt version xid etag update delete of constructor ' +
    'sort fields after limit count q first filter'
  ).split(' '),
);
/**
 * A name as it stands in SQL.
 * @param {string} name
 */
export const sqlName = (name) =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !reservedInSql.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
