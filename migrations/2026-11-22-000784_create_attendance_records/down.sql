DROP TABLE attendance_records;
