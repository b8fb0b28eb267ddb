DROP TABLE clients;
DROP FUNCTION guard_client();
