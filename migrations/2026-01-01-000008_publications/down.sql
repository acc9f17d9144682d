DROP TABLE publication_links;
DROP TABLE publication_topics;
DROP TABLE publication_authors;
DROP TABLE publication_regions;
DROP TABLE publications;
