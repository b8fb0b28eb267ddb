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
    agreement_sheets (agreement_id, number) {
        agreement_id -> Uuid,
        number -> Int2,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        qualification_id -> Uuid,
        learning_path -> Text,
        starts_on -> Date,
        ends_on -> Date,
        hours_per_week -> Nullable<Int2>,
        total_hours -> Nullable<Int4>,
        leerbedrijf_id -> Nullable<Text>,
        school_supervisor -> Nullable<Text>,
        needs_signatures -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    agreement_signatures (id) {
        id -> Uuid,
        agreement_id -> Uuid,
        sheet_number -> Int2,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        party -> Text,
        method -> Text,
        signed_on -> Date,
        evidence_kind -> Nullable<Text>,
        evidence_reference -> Nullable<Text>,
        evidence_sha256 -> Nullable<Text>,
        client_id -> Nullable<Uuid>,
        organisation_id -> Uuid,
        on_behalf_of -> Nullable<Uuid>,
        mandate_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        superseded_at -> Nullable<Timestamptz>,
        supersedes_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    agreements (id) {
        id -> Uuid,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        student_asked_at -> Nullable<Timestamptz>,
        ended_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    attendance_records (id) {
        id -> Uuid,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        starts_on -> Date,
        ends_on -> Date,
        planned_minutes -> Int4,
        present_minutes -> Int4,
        made_up_minutes -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
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
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    barriers (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        initiative_id -> Uuid,
        region_id -> Uuid,
        title -> Text,
        description -> Nullable<Text>,
        owner_organisation_id -> Nullable<Uuid>,
        action -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
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
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    cohort_counts (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        cohort_id -> Uuid,
        school_id -> Uuid,
        applicants -> Int4,
        applicants_waiting -> Int4,
        enrolled -> Int4,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    cohorts (id) {
        id -> Uuid,
        school_id -> Uuid,
        programme_id -> Uuid,
        school_year -> Text,
        form -> Text,
        intake_cap -> Nullable<Int4>,
        cap_lifted_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    compliance_items (id) {
        id -> Uuid,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        requirement -> Text,
        status -> Text,
        checked_on -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        stated_by -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    contact_assignments (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        region_id -> Uuid,
        organisation_id -> Uuid,
        contact_name -> Text,
        contact_email -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
        student_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    contact_moments (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        kind -> Text,
        held_on -> Date,
        on_site -> Bool,
        participants -> Array<Text>,
        note -> Nullable<Text>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    deliverables (id) {
        id -> Uuid,
        initiative_id -> Uuid,
        region_id -> Uuid,
        kind -> Text,
        title -> Text,
        due_on -> Nullable<Date>,
        delivered_on -> Nullable<Date>,
        link -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    disclosures (placement_id) {
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        student_id -> Uuid,
        disclosed_on -> Date,
        disclosed_until -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    evaluations (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        moment -> Text,
        judged_by -> Text,
        held_on -> Date,
        scores -> Jsonb,
        remark -> Nullable<Text>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    expectation_profiles (id) {
        id -> Uuid,
        owner_organisation_id -> Uuid,
        qualification_id -> Uuid,
        study_year -> Int2,
        summary -> Nullable<Text>,
        tasks -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    hosting_intents (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        organisation_id -> Uuid,
        school_year -> Text,
        intent -> Text,
        reason_code -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
        recorded_by -> Uuid,
    }
}

diesel::table! {
    hour_norms (id) {
        id -> Uuid,
        framework -> Text,
        level -> Nullable<Int2>,
        learning_path -> Text,
        basis -> Text,
        study_years -> Nullable<Int2>,
        total_hours -> Nullable<Int4>,
        guided_hours -> Nullable<Int4>,
        guided_hours_first_year -> Nullable<Int4>,
        placement_hours -> Nullable<Int4>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        source -> Text,
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

    learning_path_periods (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        student_id -> Uuid,
        school_id -> Uuid,
        learning_path -> Text,
        accelerated -> Bool,
        end_reason -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    links (id) {
        id -> Uuid,
        token_hash -> Bytea,
        purpose -> Text,
        resource_id -> Uuid,
        organisation_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
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

    mentor_certificates (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        mentor_id -> Uuid,
        practice_id -> Uuid,
        issuer -> Text,
        number -> Nullable<Text>,
        professions -> Array<Text>,
        effective_from -> Date,
        valid_until -> Nullable<Date>,
        revoked_on -> Nullable<Date>,
        revocation_reason -> Nullable<Text>,
        effective_to -> Nullable<Date>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    mentor_identities (mentor_id) {
        mentor_id -> Uuid,
        practice_id -> Uuid,
        given_name -> Text,
        prefix -> Nullable<Text>,
        family_name -> Text,
        work_email -> Nullable<Text>,
        work_phone -> Nullable<Text>,
    }
}

diesel::table! {
    mentors (id) {
        id -> Uuid,
        practice_id -> Uuid,
        profession -> Text,
        guides -> Array<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    milestones (id) {
        id -> Uuid,
        initiative_id -> Uuid,
        region_id -> Uuid,
        title -> Text,
        due_on -> Nullable<Date>,
        reached_on -> Nullable<Date>,
        evidence -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    organisation_sites (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        name -> Text,
        setting -> Text,
        street -> Nullable<Text>,
        house_number -> Nullable<Text>,
        postcode -> Nullable<Text>,
        place -> Nullable<Text>,
        leerbedrijf_id -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
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
    outbox_mails (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        template -> Text,
        language -> Text,
        recipient -> Nullable<Text>,
        content -> Nullable<Bytea>,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        error_code -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    outcomes (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        placement_id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        moment -> Text,
        kind -> Text,
        known_on -> Date,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    placement_offer_seats (id) {
        id -> Uuid,
        offer_id -> Uuid,
        seats -> Int2,
        effective_on -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    placement_offer_transitions (id) {
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

    placement_offers (id) {
        id -> Uuid,
        practice_id -> Uuid,
        region_id -> Uuid,
        site_id -> Nullable<Uuid>,
        qualification_id -> Uuid,
        learning_paths -> Array<Text>,
        study_years -> Array<Int2>,
        starts_on -> Date,
        ends_on -> Date,
        seats -> Int2,
        days -> Array<Text>,
        hours_per_week -> Nullable<Int2>,
        setting -> Text,
        conditions -> Nullable<Text>,
        initiative_id -> Nullable<Uuid>,
        reserved_school_ids -> Array<Uuid>,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
        seats_taken -> Int2,
        mentor_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    placement_request_transitions (id) {
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
    placement_request_wishes (request_id, rank) {
        request_id -> Uuid,
        school_id -> Uuid,
        region_id -> Uuid,
        rank -> Int2,
        practice_id -> Nullable<Uuid>,
        text -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    placement_requests (id) {
        id -> Uuid,
        school_id -> Uuid,
        student_id -> Uuid,
        region_id -> Uuid,
        programme_id -> Uuid,
        qualification_id -> Uuid,
        starts_on -> Date,
        ends_on -> Date,
        status -> Text,
        priority -> Nullable<Text>,
        since -> Timestamptz,
        since_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
        placements_held -> Int2,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    placement_transitions (id) {
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

    placements (id) {
        id -> Uuid,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Uuid,
        student_id -> Uuid,
        offer_id -> Uuid,
        request_id -> Nullable<Uuid>,
        programme_id -> Uuid,
        qualification_id -> Uuid,
        learning_path -> Text,
        mentor_id -> Nullable<Uuid>,
        school_supervisor -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        hours_per_week -> Nullable<Int2>,
        total_hours -> Nullable<Int4>,
        employer_kind -> Nullable<Text>,
        employer_id -> Nullable<Uuid>,
        employed_from -> Nullable<Date>,
        employed_until -> Nullable<Date>,
        initiative_id -> Nullable<Uuid>,
        status -> Text,
        expires_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
    }
}

diesel::table! {
    programmes (id) {
        id -> Uuid,
        school_id -> Uuid,
        code -> Text,
        name -> Text,
        qualification_id -> Uuid,
        learning_paths -> Array<Text>,
        study_years -> Int2,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    qualifications (id) {
        id -> Uuid,
        framework -> Text,
        crebo -> Nullable<Text>,
        profession -> Text,
        level -> Nullable<Int2>,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    readiness_rules (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        region_id -> Uuid,
        requirement -> Text,
        severity -> Text,
        profession -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    recognitions (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        site_id -> Nullable<Uuid>,
        qualification_id -> Uuid,
        valid_from -> Date,
        review_by -> Nullable<Date>,
        withdrawn_on -> Nullable<Date>,
        source -> Text,
        checked_on -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    regions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        bureau_organisation_id -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        handed_over_at -> Nullable<Timestamptz>,
        handed_over_tx -> Nullable<Xid8>,
    }
}

diesel::table! {
    roster_chunks (import_id, number) {
        import_id -> Uuid,
        school_id -> Uuid,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    roster_class_mappings (id) {
        id -> Uuid,
        school_id -> Uuid,
        class_sourced_id -> Text,
        programme_id -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    roster_import_errors (import_id, number) {
        import_id -> Uuid,
        school_id -> Uuid,
        number -> Int4,
        row_number -> Int8,
        pointer -> Text,
        code -> Text,
    }
}

diesel::table! {
    roster_imports (id) {
        id -> Uuid,
        school_id -> Uuid,
        job_id -> Uuid,
        form -> Text,
        mode -> Text,
        dry_run -> Bool,
        scope -> Array<Text>,
        confirmed -> Bool,
        status -> Text,
        size_bytes -> Int8,
        sha256 -> Nullable<Text>,
        rows_read -> Int8,
        skipped -> Int8,
        rejected -> Int8,
        created -> Nullable<Int8>,
        updated -> Nullable<Int8>,
        unchanged -> Nullable<Int8>,
        deactivated -> Nullable<Int8>,
        deactivation_withheld -> Bool,
        error_code -> Nullable<Text>,
        error_row -> Nullable<Int8>,
        expected -> Array<Text>,
        guard -> Jsonb,
        finished_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        taken_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    signal_transitions (id) {
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
    signals (id) {
        id -> Uuid,
        placement_id -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        region_id -> Uuid,
        school_id -> Uuid,
        practice_id -> Nullable<Uuid>,
        kind -> Text,
        description -> Nullable<Text>,
        raised_on -> Date,
        raised_by -> Uuid,
        shown_to_practice -> Bool,
        status -> Text,
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
    student_identities (student_id) {
        student_id -> Uuid,
        school_id -> Uuid,
        given_name -> Text,
        prefix -> Nullable<Text>,
        family_name -> Text,
        school_email -> Nullable<Text>,
        postcode4 -> Nullable<Text>,
        email_key -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    students (id) {
        id -> Uuid,
        school_id -> Uuid,
        sourced_id -> Text,
        programme_id -> Uuid,
        cohort_id -> Nullable<Uuid>,
        study_year -> Nullable<Int2>,
        available_from -> Nullable<Date>,
        available_until -> Nullable<Date>,
        available_days -> Nullable<Array<Text>>,
        max_travel_minutes -> Nullable<Int4>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        updated_tx -> Xid8,
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

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    touches (id) {
        id -> Uuid,
        collection -> Text,
        resource_id -> Uuid,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    workforce_needs (row_id) {
        row_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        region_id -> Uuid,
        profession -> Text,
        year -> Int2,
        needed -> Int4,
        expected_outflow -> Nullable<Int4>,
        source -> Nullable<Text>,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        recorded_tx -> Xid8,
        superseded_at -> Nullable<Timestamptz>,
        superseded_tx -> Nullable<Xid8>,
    }
}

diesel::joinable!(agreement_sheets -> qualifications (qualification_id));
diesel::joinable!(barriers -> organisations (owner_organisation_id));
diesel::joinable!(clients -> organisations (organisation_id));
diesel::joinable!(contact_assignments -> organisations (organisation_id));
diesel::joinable!(contact_assignments -> regions (region_id));
diesel::joinable!(disclosures -> placements (placement_id));
diesel::joinable!(expectation_profiles -> organisations (owner_organisation_id));
diesel::joinable!(expectation_profiles -> qualifications (qualification_id));
diesel::joinable!(idempotency_keys -> clients (client_id));
diesel::joinable!(idempotency_keys -> jobs (job_id));
diesel::joinable!(initiative_partners -> organisations (organisation_id));
diesel::joinable!(initiative_transitions -> initiatives (resource_id));
diesel::joinable!(initiatives -> regions (region_id));
diesel::joinable!(jobs -> regions (region_id));
diesel::joinable!(links -> organisations (organisation_id));
diesel::joinable!(mandates -> regions (region_id));
diesel::joinable!(memberships -> organisations (organisation_id));
diesel::joinable!(memberships -> regions (region_id));
diesel::joinable!(mentors -> organisations (practice_id));
diesel::joinable!(organisation_sites -> organisations (organisation_id));
diesel::joinable!(outbox_mails -> organisations (organisation_id));
diesel::joinable!(placement_offer_seats -> placement_offers (offer_id));
diesel::joinable!(placement_offer_transitions -> placement_offers (resource_id));
diesel::joinable!(placement_offers -> organisations (practice_id));
diesel::joinable!(placement_offers -> qualifications (qualification_id));
diesel::joinable!(placement_offers -> regions (region_id));
diesel::joinable!(placement_request_transitions -> placement_requests (resource_id));
diesel::joinable!(placement_request_wishes -> organisations (practice_id));
diesel::joinable!(placement_requests -> qualifications (qualification_id));
diesel::joinable!(placement_requests -> regions (region_id));
diesel::joinable!(placement_transitions -> placements (resource_id));
diesel::joinable!(placements -> programmes (programme_id));
diesel::joinable!(placements -> qualifications (qualification_id));
diesel::joinable!(placements -> regions (region_id));
diesel::joinable!(programmes -> organisations (school_id));
diesel::joinable!(programmes -> qualifications (qualification_id));
diesel::joinable!(readiness_rules -> regions (region_id));
diesel::joinable!(recognitions -> organisations (organisation_id));
diesel::joinable!(recognitions -> qualifications (qualification_id));
diesel::joinable!(regions -> organisations (bureau_organisation_id));
diesel::joinable!(roster_imports -> jobs (job_id));
diesel::joinable!(roster_imports -> organisations (school_id));
diesel::joinable!(students -> organisations (school_id));
diesel::joinable!(tombstones -> organisations (organisation_id));
diesel::joinable!(tombstones -> regions (region_id));
diesel::joinable!(workforce_needs -> regions (region_id));

diesel::allow_tables_to_appear_in_same_query!(
    access_events,
    agreement_sheets,
    agreement_signatures,
    agreements,
    attendance_records,
    audit_events,
    barriers,
    client_secrets,
    clients,
    cohort_counts,
    cohorts,
    compliance_items,
    contact_assignments,
    contact_moments,
    deliverables,
    disclosures,
    evaluations,
    expectation_profiles,
    hosting_intents,
    hour_norms,
    idempotency_keys,
    initiative_partners,
    initiative_transitions,
    initiatives,
    issuers,
    jobs,
    learning_path_periods,
    links,
    mandate_transitions,
    mandates,
    memberships,
    mentor_certificates,
    mentor_identities,
    mentors,
    milestones,
    organisation_sites,
    organisations,
    outbox_mails,
    outcomes,
    placement_offer_seats,
    placement_offer_transitions,
    placement_offers,
    placement_request_transitions,
    placement_request_wishes,
    placement_requests,
    placement_transitions,
    placements,
    programmes,
    qualifications,
    readiness_rules,
    recognitions,
    regions,
    roster_chunks,
    roster_class_mappings,
    roster_import_errors,
    roster_imports,
    signal_transitions,
    signals,
    signing_keys,
    student_identities,
    students,
    tombstones,
    touches,
    workforce_needs,
);
