DROP TABLE student_identities;
