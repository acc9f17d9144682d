DROP FUNCTION search_query(text);
DROP FUNCTION search_document(text, text, text);
DROP TEXT SEARCH CONFIGURATION dateline_en;
DROP TEXT SEARCH CONFIGURATION dateline;
DROP TEXT SEARCH DICTIONARY dateline_stem;
DROP EXTENSION unaccent;
DROP EXTENSION btree_gist;
