DROP TABLE mentor_identities;
