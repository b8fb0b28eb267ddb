DROP TABLE mentors;
