-- What a client may stand for at this moment, in one look: read under the job sign-in.

CREATE FUNCTION mandated_practices(bureau uuid, scope text) RETURNS uuid[] LANGUAGE sql STABLE
    RETURN (
        SELECT coalesce(array_agg(DISTINCT m.practice_id), '{}')
        FROM mandates m
        -- A former bureau of the region keeps nothing.
        JOIN regions r ON r.id = m.region_id AND r.bureau_organisation_id = bureau
        WHERE m.bureau_organisation_id = bureau
            AND m.status = 'granted'
            AND m.scopes @> ARRAY[scope]
            AND m.valid_from <= app_today()
            AND (m.valid_until IS NULL OR m.valid_until >= app_today()));
COMMENT ON FUNCTION mandated_practices(uuid, text) IS 'Practices whose mandate to a bureau holds today and covers a scope.';

CREATE FUNCTION client_standing(client uuid) RETURNS TABLE (
    revoked boolean, regions uuid[], hosting_intents uuid[], offers uuid[], placements uuid[],
    agreements uuid[], mentors uuid[], subsidy_applications uuid[], employment uuid[]
) LANGUAGE sql STABLE AS $$
    SELECT c.revoked_at IS NOT NULL,
        CASE
            WHEN c.role = 'region' THEN (
                SELECT coalesce(array_agg(r.id ORDER BY r.id), '{}')
                FROM regions r WHERE r.bureau_organisation_id = c.organisation_id)
            WHEN c.role IN ('practice', 'school') THEN (
                SELECT coalesce(array_agg(DISTINCT m.region_id), '{}')
                FROM memberships m
                WHERE m.organisation_id = c.organisation_id AND m.superseded_at IS NULL)
            ELSE '{}'
        END,
        bureau.hosting_intents, bureau.offers, bureau.placements, bureau.agreements, bureau.mentors,
        bureau.subsidy_applications, bureau.employment
    FROM clients c
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'hosting-intents') ELSE '{}' END AS hosting_intents,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'offers') ELSE '{}' END AS offers,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'placements') ELSE '{}' END AS placements,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'agreements') ELSE '{}' END AS agreements,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'mentors') ELSE '{}' END AS mentors,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'subsidy-applications') ELSE '{}' END AS subsidy_applications,
            CASE WHEN c.role = 'region' THEN mandated_practices(c.organisation_id, 'employment') ELSE '{}' END AS employment
    ) AS bureau
    WHERE c.id = client
$$;
COMMENT ON FUNCTION client_standing(uuid) IS 'Whether a client is revoked, the regions it belongs to, and the practices whose mandate it holds, per scope.';
