DROP FUNCTION writes_placement_request(uuid, uuid);
DROP TABLE placement_request_transitions;
DROP TABLE placement_requests;
DROP FUNCTION guard_placement_request();
