DROP TABLE article_presence;
