DROP TABLE hour_norms;
