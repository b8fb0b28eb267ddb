DROP TABLE roster_class_mappings;
