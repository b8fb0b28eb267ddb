-- One link at a time leads to a resource, and policies know which resource the caller's link opens.

DROP INDEX links_resource_id_idx;
CREATE UNIQUE INDEX links_purpose_resource_id_key ON links (purpose, resource_id)
    WHERE used_at IS NULL AND revoked_at IS NULL;

-- A used link opens nothing any more, except in the very transaction that uses it.
CREATE FUNCTION app_linked(purpose text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT l.resource_id FROM links l
        WHERE l.id = app_link() AND l.purpose = app_linked.purpose
            AND l.revoked_at IS NULL AND l.expires_at > now()
            AND (l.used_at IS NULL OR l.used_at = now()));
COMMENT ON FUNCTION app_linked(text) IS 'Resource that the calling link opens for a purpose; null for every other kind of caller.';
