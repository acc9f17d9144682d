-- Tells every instance what a transaction changed, when it commits: who wrote, and the tags of the announcements, all
-- separated by spaces.
-- A notice takes less than 8,000 bytes; longer lists go out in parts.
CREATE FUNCTION tell_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tag  text;
    part text := '';
BEGIN
    FOREACH tag IN ARRAY NEW.tags LOOP
        IF length(part) + length(tag) > 7000 THEN
            PERFORM pg_notify('dateline_changes', NEW.origin || part);
            part := '';
        END IF;
        part := part || ' ' || tag;
    END LOOP;
    IF part <> '' THEN
        PERFORM pg_notify('dateline_changes', NEW.origin || part);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_tells_changes AFTER INSERT ON outbox
    FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION tell_changes();
