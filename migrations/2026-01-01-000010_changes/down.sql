DROP TRIGGER outbox_tells_changes ON outbox;
DROP FUNCTION tell_changes();
