-- Searches by the codes of registers, each of which finds one organisation.

CREATE INDEX organisations_agb_code_idx ON organisations (agb_code) WHERE agb_code IS NOT NULL;
CREATE INDEX organisations_leerbedrijf_id_idx ON organisations (leerbedrijf_id) WHERE leerbedrijf_id IS NOT NULL;
CREATE INDEX organisation_sites_leerbedrijf_id_idx ON organisation_sites (leerbedrijf_id)
    WHERE leerbedrijf_id IS NOT NULL;
