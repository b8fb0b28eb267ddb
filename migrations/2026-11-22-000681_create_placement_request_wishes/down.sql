DROP TABLE placement_request_wishes;
