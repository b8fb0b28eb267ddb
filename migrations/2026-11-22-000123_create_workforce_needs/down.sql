DROP TABLE workforce_needs;
