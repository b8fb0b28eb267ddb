DROP FUNCTION app_linked(text);
DROP INDEX links_purpose_resource_id_key;
CREATE INDEX links_resource_id_idx ON links (resource_id) WHERE used_at IS NULL AND revoked_at IS NULL;
