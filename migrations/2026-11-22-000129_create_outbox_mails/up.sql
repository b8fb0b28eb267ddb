-- Mails to send, written in the transaction that asks for them.

CREATE TABLE outbox_mails (
    id uuid CONSTRAINT outbox_mails_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT outbox_mails_organisation_id_fk REFERENCES organisations (id),
    template text NOT NULL CONSTRAINT outbox_mails_template_check CHECK (char_length(template) BETWEEN 1 AND 64),
    language text NOT NULL DEFAULT 'nl' CONSTRAINT outbox_mails_language_check CHECK (language IN ('nl', 'en')),
    recipient text CONSTRAINT outbox_mails_recipient_check CHECK (is_email(recipient)),
    content bytea,
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT outbox_mails_attempts_check CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    failed_at timestamptz,
    error_code text CONSTRAINT outbox_mails_error_code_check CHECK (char_length(error_code) BETWEEN 1 AND 64),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_mails_sent_at_check CHECK (sent_at IS NULL OR failed_at IS NULL),
    CONSTRAINT outbox_mails_recipient_content_check CHECK (
        (recipient IS NULL AND content IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL))
);

CREATE INDEX outbox_mails_next_attempt_at_idx ON outbox_mails (next_attempt_at, id)
    WHERE sent_at IS NULL AND failed_at IS NULL;

GRANT SELECT, INSERT, UPDATE (recipient, content, attempts, next_attempt_at, sent_at, failed_at, error_code)
    ON outbox_mails TO stagepunt_app;

SELECT enforce_row_security('outbox_mails');

CREATE POLICY outbox_mails_select ON outbox_mails FOR SELECT TO stagepunt_app
    USING ((SELECT app_job()) = 'send-mails');

CREATE POLICY outbox_mails_insert ON outbox_mails FOR INSERT TO stagepunt_app
    WITH CHECK (organisation_id = (SELECT app_organisation()));

CREATE POLICY outbox_mails_update ON outbox_mails FOR UPDATE TO stagepunt_app
    USING ((SELECT app_job()) = 'send-mails');

COMMENT ON TABLE outbox_mails IS 'Mails to send; address and content are wiped once a mail is sent or given up.';
COMMENT ON COLUMN outbox_mails.organisation_id IS 'Organisation that had the mail sent.';
COMMENT ON COLUMN outbox_mails.template IS 'Which mail it is.';
COMMENT ON COLUMN outbox_mails.language IS 'Language of the mail.';
COMMENT ON COLUMN outbox_mails.recipient IS 'Address to send to; null once done.';
COMMENT ON COLUMN outbox_mails.content IS 'What fills the template, sealed by the application because it may hold a link; null once done.';
COMMENT ON COLUMN outbox_mails.attempts IS 'How often sending was tried.';
COMMENT ON COLUMN outbox_mails.next_attempt_at IS 'Moment of the next attempt, which is also the lease of the process that tries.';
COMMENT ON COLUMN outbox_mails.sent_at IS 'Moment the mail server accepted it.';
COMMENT ON COLUMN outbox_mails.failed_at IS 'Moment it was given up.';
COMMENT ON COLUMN outbox_mails.error_code IS 'Code of the last failure.';
SELECT describe_shared_columns('outbox_mails');
