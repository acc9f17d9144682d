-- Extensions that every supported PostgreSQL (15 to 18) ships, and the two text search configurations:
-- `dateline` folds accents and keeps every word, `dateline_en` also stems English.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TEXT SEARCH CONFIGURATION dateline (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION dateline
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;

CREATE TEXT SEARCH CONFIGURATION dateline_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION dateline_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;

-- Headline, summary and body with weights A, B and D. The body is cut where PostgreSQL's limit of 1 MB per vector
-- could be reached, so that no article is too long to be saved.
CREATE FUNCTION search_document(headline text, summary text, body text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    setweight(to_tsvector('dateline', headline), 'A') || setweight(to_tsvector('dateline_en', headline), 'A')
    || setweight(to_tsvector('dateline', summary), 'B') || setweight(to_tsvector('dateline_en', summary), 'B')
    || setweight(to_tsvector('dateline', left(body, 150000)), 'D')
    || setweight(to_tsvector('dateline_en', left(body, 150000)), 'D');

-- What a reader typed, in the syntax of web searches: words, "phrases", -without, or.
CREATE FUNCTION search_query(words text) RETURNS tsquery
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    websearch_to_tsquery('dateline', words) || websearch_to_tsquery('dateline_en', words);
