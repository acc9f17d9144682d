DROP TABLE media_words;
DROP FUNCTION asset_document(text, text, text, text);
DROP TABLE media;
