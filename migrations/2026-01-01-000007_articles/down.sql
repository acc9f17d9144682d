DROP TABLE article_revisions;
DROP TABLE related_links;
DROP TABLE article_topics;
DROP TABLE article_regions;
DROP TABLE article_authors;
DROP TABLE article_external_ids;
DROP TABLE slugs;
DROP TABLE articles;
