-- Which villages a unit answers for on each day it did something naming no village.
-- A village_units row valid that day replaces the prefix for units of the same kind only: a county
-- still answers for a village whose station does not follow the township.
CREATE OR REPLACE TEMP TABLE answering AS
WITH acted AS (
    SELECT DISTINCT unit_code, local_date
    FROM event_read
    WHERE subject_kind = 'village' AND village_code IS NULL AND unit_code IS NOT NULL
), dated AS (
    SELECT v.village_code, v.unit_code, u.kind, v.valid_from, v.valid_to
    FROM village_units v LEFT JOIN units u ON u.unit_code = v.unit_code
), prefixed AS (
    SELECT u.unit_code, u.kind, v.village_code
    FROM (SELECT DISTINCT village_code FROM villages) v
    JOIN units u ON starts_with(v.village_code, u.division_code)
    WHERE u.unit_code IN (SELECT unit_code FROM acted)
)
SELECT a.unit_code, a.local_date, d.village_code
FROM acted a
JOIN dated d ON d.unit_code = a.unit_code
WHERE (d.valid_from IS NULL OR d.valid_from <= a.local_date)
    AND (d.valid_to IS NULL OR a.local_date < d.valid_to)
UNION
SELECT a.unit_code, a.local_date, p.village_code
FROM acted a
JOIN prefixed p ON p.unit_code = a.unit_code
WHERE NOT EXISTS (
    SELECT 1 FROM dated d
    WHERE d.village_code = p.village_code
        AND d.kind = p.kind
        AND (d.valid_from IS NULL OR d.valid_from <= a.local_date)
        AND (d.valid_to IS NULL OR a.local_date < d.valid_to)
);
