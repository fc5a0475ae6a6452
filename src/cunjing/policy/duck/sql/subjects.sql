-- One row per rule and subject that has a verdict in this period.
CREATE TEMP TABLE subject_row (
    rule_id VARCHAR, subject VARCHAR, village_code VARCHAR, staff_id VARCHAR, available BIGINT
);

-- part: posting
INSERT INTO subject_row
SELECT r.rule_id, p.posting_id, p.village_code, p.staff_id, p.available
FROM rule r
JOIN rule_role o ON o.rule_id = r.rule_id
JOIN posting_span p ON p.role = o.role
WHERE r.subject_kind = 'posting'
    AND CASE WHEN r.is_state THEN p.on_day ELSE p.available IS NOT NULL END;

-- part: village
INSERT INTO subject_row
SELECT r.rule_id, v.village_code, v.village_code, NULL, NULL::BIGINT
FROM rule r
JOIN village_day v ON CASE WHEN r.is_state THEN v.on_day ELSE v.in_period END
WHERE r.subject_kind = 'village';

-- part: staff
INSERT INTO subject_row
SELECT r.rule_id, s.staff_id, NULL, s.staff_id, NULL::BIGINT
FROM rule r
JOIN rule_role o ON o.rule_id = r.rule_id
JOIN staff s ON s.role = o.role
WHERE r.subject_kind = 'staff'
    AND greatest(s.on_duty_from, getvariable('p_from'))
        < least(s.on_duty_to, getvariable('p_to'));

-- part: group
-- A group is there as long as its village is; groups have no dates of their own.
INSERT INTO subject_row
SELECT r.rule_id, g.group_id, g.village_code, NULL, NULL::BIGINT
FROM rule r
JOIN seated g ON g.kind = r.group_kind
LEFT JOIN village_day v ON v.village_code = g.village_code
WHERE r.subject_kind = 'group'
    AND (g.village_code IS NULL OR v.on_day);

-- part: unit
INSERT INTO subject_row
SELECT r.rule_id, u.unit_code, NULL, NULL, NULL::BIGINT
FROM rule r
JOIN units u ON u.kind = r.unit_kind
WHERE r.subject_kind = 'unit';
