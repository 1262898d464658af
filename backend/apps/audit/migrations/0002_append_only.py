"""The database itself keeps the audit log append-only, whoever is connected (but for those who may drop triggers)."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- A head goes only once the platform's chain remembers how long it was and its last hash.
CREATE FUNCTION audit_remember_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_entry
        WHERE chain_id = '00000000-0000-0000-0000-000000000000' AND action = 'chain.forgotten' AND target_id = OLD.id
            AND changes #>> '{hash,before}' = encode(OLD.hash, 'hex')
    ) THEN
        RAISE EXCEPTION 'The audit log is append-only: chain % is not remembered as forgotten.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

-- Entries go only with their whole chain, after its head.
CREATE FUNCTION audit_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audit_chain WHERE id = OLD.chain_id) THEN
        RAISE EXCEPTION 'The audit log is append-only: entry % stays as long as its chain.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_keep_entry();
CREATE TRIGGER audit_entry_truncate BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION audit_refuse();

-- A head moves forward by one entry at a time, and by nothing else. The condition costs an append next to nothing.
CREATE TRIGGER audit_chain_update BEFORE UPDATE ON audit_chain FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.length <> OLD.length + 1 OR NEW.previous_hash <> OLD.hash)
    EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_chain_delete BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_remember_chain();
CREATE TRIGGER audit_chain_truncate BEFORE TRUNCATE ON audit_chain EXECUTE FUNCTION audit_refuse();
"""

WITHOUT_TRIGGERS = """
DROP TRIGGER audit_entry_update ON audit_entry;
DROP TRIGGER audit_entry_delete ON audit_entry;
DROP TRIGGER audit_entry_truncate ON audit_entry;
DROP TRIGGER audit_chain_update ON audit_chain;
DROP TRIGGER audit_chain_delete ON audit_chain;
DROP TRIGGER audit_chain_truncate ON audit_chain;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION audit_refuse(), audit_remember_chain(), audit_keep_entry()"),
        migrations.RunSQL(TRIGGERS, WITHOUT_TRIGGERS),
    ]
