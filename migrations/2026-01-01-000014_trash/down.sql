DROP INDEX articles_in_trash;
DROP TABLE legal_holds;
