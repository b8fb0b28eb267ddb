DROP TRIGGER touch_parent ON barriers;
DROP TRIGGER touch_parent ON deliverables;
DROP TRIGGER touch_parent ON milestones;
DROP TRIGGER touch_parent ON organisation_sites;
DROP TABLE touches;
DROP FUNCTION touch_parent();
