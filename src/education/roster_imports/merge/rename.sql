UPDATE student_identities i
SET given_name = c.given_name, prefix = c.prefix, family_name = c.family_name, school_email = c.school_email,
    postcode4 = c.postcode4
FROM roster_changes c
WHERE c.identity_step = 'changed' AND i.student_id = c.student_id AND i.school_id = $1
