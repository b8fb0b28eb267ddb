// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8", schema = "pg_catalog"))]
    pub struct Xid8;
}

diesel::table! {
    access_events (id) {
        id -> Uuid,
        recorded_at -> Timestamptz,
        actor_kind -> Text,
        client_id -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        job -> Nullable<Text>,
        person_ref -> Nullable<Text>,
        on_behalf_of -> Nullable<Uuid>,
        mandate_id -> Nullable<Uuid>,
        operation -> Text,
        subject_ids -> Array<Uuid>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Uuid,
        recorded_at -> Timestamptz,
        actor_kind -> Text,
        client_id -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        job -> Nullable<Text>,
        person_ref -> Nullable<Text>,
        on_behalf_of -> Nullable<Uuid>,
        mandate_id -> Nullable<Uuid>,
        action -> Text,
        resource_type -> Text,
        resource_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        detail -> Jsonb,
    }
}

diesel::table! {
    client_secrets (id) {
        id -> Uuid,
        client_id -> Uuid,
        organisation_id -> Uuid,
        slot -> Int2,
        secret_hash -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        role -> Text,
        name -> Text,
        scopes -> Array<Text>,
        person_ref -> Nullable<Text>,
        revoked_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (client_id, key_hash) {
        client_id -> Uuid,
        key_hash -> Bytea,
        operation -> Text,
        request_hash -> Bytea,
        job_id -> Nullable<Uuid>,
        status_code -> Nullable<Int2>,
        response -> Nullable<Bytea>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    initiative_partners (id) {
        id -> Uuid,
        initiative_id -> Uuid,
        region_id -> Uuid,
        organisation_id -> Uuid,
        role -> Text,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    initiative_transitions (id) {
        id -> Uuid,
        resource_id -> Uuid,
        from_state -> Nullable<Text>,
        to_state -> Text,
        effective_on -> Date,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        client_id -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        on_behalf_of -> Nullable<Uuid>,
        mandate_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
        supersedes_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    initiatives (id) {
        id -> Uuid,
        code -> Text,
        title -> Text,
        summary -> Nullable<Text>,
        region_id -> Uuid,
        lead_organisation_id -> Uuid,
        funder_id -> Nullable<Uuid>,
        partner_organisation_ids -> Array<Uuid>,
        status -> Text,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        goals -> Array<Text>,
        activities -> Array<Text>,
        benefits -> Array<Text>,
        professions -> Array<Text>,
        learning_paths -> Array<Text>,
        policy_frameworks -> Array<Text>,
        contact_text -> Nullable<Text>,
        contact_url -> Nullable<Text>,
        contact_email -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        published -> Bool,
        copied_from_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
    }
}

diesel::table! {
    issuers (id) {
        id -> Uuid,
        issuer -> Text,
        jwks_url -> Text,
        algorithms -> Array<Text>,
        audience -> Text,
        allowed_roles -> Array<Text>,
        allowed_organisation_ids -> Array<Uuid>,
        claim_map -> Jsonb,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    jobs (id) {
        id -> Uuid,
        kind -> Text,
        status -> Text,
        client_id -> Uuid,
        organisation_id -> Uuid,
        region_id -> Nullable<Uuid>,
        parameters -> Jsonb,
        progress_done -> Int8,
        progress_total -> Nullable<Int8>,
        result -> Nullable<Jsonb>,
        error_code -> Nullable<Text>,
        attempts -> Int4,
        lease_owner -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    mandate_transitions (id) {
        id -> Uuid,
        resource_id -> Uuid,
        from_state -> Nullable<Text>,
        to_state -> Text,
        effective_on -> Date,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        client_id -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        on_behalf_of -> Nullable<Uuid>,
        mandate_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
        supersedes_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    mandates (id) {
        id -> Uuid,
        practice_id -> Uuid,
        region_id -> Uuid,
        bureau_organisation_id -> Uuid,
        scopes -> Array<Text>,
        status -> Text,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        origin -> Text,
        evidence_kind -> Nullable<Text>,
        evidence_reference -> Nullable<Text>,
        evidence_sha256 -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    memberships (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        region_id -> Uuid,
        organisation_id -> Uuid,
        host_kind -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    organisations (id) {
        id -> Uuid,
        name -> Text,
        kinds -> Array<Text>,
        kvk_number -> Nullable<Text>,
        agb_code -> Nullable<Text>,
        leerbedrijf_id -> Nullable<Text>,
        education_offerer_code -> Nullable<Text>,
        street -> Nullable<Text>,
        house_number -> Nullable<Text>,
        postcode -> Nullable<Text>,
        place -> Nullable<Text>,
        phone -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
    }
}

diesel::table! {
    regions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        bureau_organisation_id -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    signing_keys (id) {
        id -> Uuid,
        kid -> Text,
        algorithm -> Text,
        public_jwk -> Jsonb,
        private_key -> Bytea,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
        signs_until -> Nullable<Timestamptz>,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    tombstones (id) {
        id -> Uuid,
        collection -> Text,
        resource_id -> Uuid,
        organisation_id -> Nullable<Uuid>,
        region_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
    }
}

diesel::joinable!(clients -> organisations (organisation_id));
diesel::joinable!(idempotency_keys -> clients (client_id));
diesel::joinable!(idempotency_keys -> jobs (job_id));
diesel::joinable!(initiative_partners -> organisations (organisation_id));
diesel::joinable!(initiative_transitions -> initiatives (resource_id));
diesel::joinable!(initiatives -> regions (region_id));
diesel::joinable!(jobs -> regions (region_id));
diesel::joinable!(mandates -> regions (region_id));
diesel::joinable!(memberships -> organisations (organisation_id));
diesel::joinable!(memberships -> regions (region_id));
diesel::joinable!(regions -> organisations (bureau_organisation_id));
diesel::joinable!(tombstones -> organisations (organisation_id));
diesel::joinable!(tombstones -> regions (region_id));

diesel::allow_tables_to_appear_in_same_query!(
    access_events,
    audit_events,
    client_secrets,
    clients,
    idempotency_keys,
    initiative_partners,
    initiative_transitions,
    initiatives,
    issuers,
    jobs,
    mandate_transitions,
    mandates,
    memberships,
    organisations,
    regions,
    signing_keys,
    tombstones,
);
