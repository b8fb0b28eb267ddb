DROP TABLE initiative_partners;
DROP FUNCTION gather_partners();
