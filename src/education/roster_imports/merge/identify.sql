INSERT INTO student_identities (student_id, school_id, given_name, prefix, family_name, school_email, postcode4)
SELECT student_id, $1, given_name, prefix, family_name, school_email, postcode4
FROM roster_changes WHERE identity_step = 'new'
