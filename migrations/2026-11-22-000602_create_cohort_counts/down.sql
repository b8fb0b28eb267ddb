DROP TABLE cohort_counts;
