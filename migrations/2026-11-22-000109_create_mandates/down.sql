DROP TABLE mandate_transitions;
DROP TABLE mandates;
