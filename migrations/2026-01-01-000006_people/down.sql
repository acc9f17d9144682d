ALTER TABLE media DROP COLUMN created_by;
DROP TABLE api_tokens;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE user_regions;
DROP TABLE users;
