DROP TABLE media_words;
DROP TABLE media;
