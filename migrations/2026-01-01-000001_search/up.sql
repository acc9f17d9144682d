-- Extensions that every supported PostgreSQL (15 to 18) ships, and the two text search configurations. Both fold accents and
-- stem as in English, which does other languages little harm, since a query is stemmed in the same way. `dateline` keeps
-- every word: texts are indexed with it, once. `dateline_en` leaves out what English asks with, such as "what is the".
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TEXT SEARCH DICTIONARY dateline_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION dateline (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION dateline
    ALTER MAPPING FOR asciihword, asciiword, hword_asciipart WITH dateline_stem;
ALTER TEXT SEARCH CONFIGURATION dateline
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, dateline_stem;

CREATE TEXT SEARCH CONFIGURATION dateline_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION dateline_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;

-- Headline, summary and body with weights A, B and D. The body is cut where PostgreSQL's limit of 1 MB per vector
-- could be reached, so that no article is too long to be saved.
CREATE FUNCTION search_document(headline text, summary text, body text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    setweight(to_tsvector('dateline', headline), 'A') || setweight(to_tsvector('dateline', summary), 'B')
    || setweight(to_tsvector('dateline', left(body, 150000)), 'D');

-- What a reader typed, in the syntax of web searches: words, "phrases", -without, or. All words, or all but those that
-- English asks with. -word leaves out whatever has one of its forms.
CREATE FUNCTION search_query(words text) RETURNS tsquery
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    websearch_to_tsquery('dateline', words) || websearch_to_tsquery('dateline_en', words);
