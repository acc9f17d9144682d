DROP TABLE region_tree;
DROP TABLE region_members;
DROP TABLE regions;
