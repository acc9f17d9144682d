DROP TABLE takedowns;
