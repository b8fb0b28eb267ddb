DROP TRIGGER bury_initiatives_of_member ON memberships;
DROP FUNCTION bury_initiatives_of_member();
