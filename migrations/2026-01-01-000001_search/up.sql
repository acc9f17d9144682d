-- Extensions that every supported PostgreSQL (15 to 18) ships, and the two text search configurations:
-- `dateline` folds accents and keeps every word, `dateline_en` also stems English.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TEXT SEARCH CONFIGURATION dateline (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION dateline
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;

CREATE TEXT SEARCH CONFIGURATION dateline_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION dateline_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
