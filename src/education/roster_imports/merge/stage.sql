INSERT INTO roster_staging
SELECT row_number, sourced_id, state, given, programme_id, cohort_id, offered, given_name, prefix, family_name,
    school_email, postcode4, study_year, learning_path, accelerated, available_from, available_until,
    string_to_array(available_days, ','), max_travel_minutes, new_id, period_id
FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::integer[], $5::uuid[], $6::uuid[], $7::boolean[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::smallint[], $14::text[], $15::boolean[],
    $16::date[], $17::date[], $18::text[], $19::integer[], $20::uuid[], $21::uuid[])
    AS r (row_number, sourced_id, state, given, programme_id, cohort_id, offered, given_name, prefix, family_name,
        school_email, postcode4, study_year, learning_path, accelerated, available_from, available_until,
        available_days, max_travel_minutes, new_id, period_id)
ON CONFLICT (sourced_id) DO NOTHING
