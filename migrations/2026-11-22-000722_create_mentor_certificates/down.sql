DROP TABLE mentor_certificates;
