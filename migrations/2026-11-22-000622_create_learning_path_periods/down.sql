DROP TABLE learning_path_periods;
