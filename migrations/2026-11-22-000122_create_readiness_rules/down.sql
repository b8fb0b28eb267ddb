DROP TABLE readiness_rules;
