DROP TABLE reference_version;
DROP TABLE idempotency_keys;
DROP FUNCTION audit_append(jsonb);
DROP FUNCTION audit_text(audit_log);
DROP TABLE audit_head;
DROP TABLE audit_log;
DROP FUNCTION refuse_change();
DROP TABLE outbox;
