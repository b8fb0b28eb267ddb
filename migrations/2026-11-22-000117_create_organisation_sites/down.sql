DROP TABLE organisation_sites;
