DROP TABLE retired_slugs;
DROP TABLE topics;
