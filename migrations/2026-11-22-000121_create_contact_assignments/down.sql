DROP TABLE contact_assignments;
