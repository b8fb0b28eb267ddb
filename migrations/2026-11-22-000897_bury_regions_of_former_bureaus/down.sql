DROP TRIGGER bury_region_of_former_bureau ON regions;
DROP FUNCTION bury_region_of_former_bureau();
