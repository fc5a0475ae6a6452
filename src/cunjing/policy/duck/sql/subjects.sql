-- One row per rule and subject that has a verdict in this period: branches of the view
-- `subject_row`. `no` is the row number of the subject in the table of its kind. `unheard`: someone
-- the subject rests on has last synced before the end of the period.
-- part: posting
SELECT r.rule_no, r.measure, p.rowid::INTEGER, p.posting_id,
    p.village_code, p.staff_id, p.available, p.unsynced
FROM rule r
JOIN rule_role o ON o.rule_no = r.rule_no
JOIN posting_span p ON p.role = o.role
WHERE r.subject_kind = 'posting'
    AND CASE WHEN r.is_state THEN p.on_day ELSE p.available IS NOT NULL END

-- part: village
SELECT r.rule_no, r.measure, v.rowid::INTEGER, v.village_code,
    v.village_code, NULL::VARCHAR, NULL::BIGINT, u.village_code IS NOT NULL
FROM rule r
JOIN village_day v ON CASE WHEN r.is_state THEN v.on_day ELSE v.in_period END
LEFT JOIN unheard u ON u.rule_no = r.rule_no AND u.village_code = v.village_code
WHERE r.subject_kind = 'village'

-- part: staff
SELECT r.rule_no, r.measure, s.rowid::INTEGER, s.staff_id,
    NULL::VARCHAR, s.staff_id, NULL::BIGINT, false
FROM rule r
JOIN rule_role o ON o.rule_no = r.rule_no
JOIN staff_row s ON s.role = o.role
WHERE r.subject_kind = 'staff'

-- part: group
-- A group is there as long as its village is; groups have no dates of their own.
SELECT r.rule_no, r.measure, g.rowid::INTEGER, g.group_id,
    g.village_code, NULL::VARCHAR, NULL::BIGINT, false
FROM rule r
JOIN seated g ON g.kind = r.group_kind
LEFT JOIN village_day v ON v.village_code = g.village_code
WHERE r.subject_kind = 'group'
    AND (g.village_code IS NULL OR v.on_day)

-- part: unit
SELECT r.rule_no, r.measure, u.rowid::INTEGER, u.unit_code,
    NULL::VARCHAR, NULL::VARCHAR, NULL::BIGINT, false
FROM rule r
JOIN unit_row u ON u.kind = r.unit_kind
WHERE r.subject_kind = 'unit'

-- part: nobody
-- No rule runs in this period.
SELECT r.rule_no, r.measure, NULL::INTEGER, NULL::VARCHAR,
    NULL::VARCHAR, NULL::VARCHAR, NULL::BIGINT, false
FROM rule r
WHERE false

-- part: unheard
-- Villages where someone posted, in the rule's roles if it names any, has not synced.
CREATE OR REPLACE TEMP TABLE unheard AS
SELECT DISTINCT r.rule_no, p.village_code
FROM rule r
LEFT JOIN rule_role o ON o.rule_no = r.rule_no
JOIN posting_span p
    ON p.role = coalesce(o.role, p.role) AND p.available IS NOT NULL AND p.unsynced
WHERE r.asks_sync AND r.subject_kind = 'village';
