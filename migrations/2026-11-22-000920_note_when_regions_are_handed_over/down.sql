DROP TRIGGER note_hand_over ON regions;
DROP FUNCTION note_hand_over();
ALTER TABLE regions DROP COLUMN handed_over_at, DROP COLUMN handed_over_tx;
