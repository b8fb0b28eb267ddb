DROP TABLE expectation_profiles;
