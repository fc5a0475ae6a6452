-- One row per rule and subject that has a verdict in this period: branches of the view
-- `subject_found`. `no` is the row number of the subject in the table of its kind. `unheard`: someone
-- the subject rests on has last synced before the end of the period. `place`: the village or the
-- division the subject belongs to; null where nothing says.
-- part: posting
SELECT r.rule_no, r.measure, p.rowid::INTEGER, p.posting_id,
    p.village_code, p.staff_id, p.available, p.unsynced, p.village_code
FROM rule r
JOIN rule_role o ON o.rule_no = r.rule_no
JOIN posting_span p ON p.role = o.role
WHERE r.subject_kind = 'posting'
    AND CASE WHEN r.is_state THEN p.on_day ELSE p.available IS NOT NULL END

-- part: village
SELECT r.rule_no, r.measure, v.rowid::INTEGER, v.village_code,
    v.village_code, NULL::VARCHAR, NULL::BIGINT, u.village_code IS NOT NULL, v.village_code
FROM rule r
JOIN village_day v ON CASE WHEN r.is_state THEN v.on_day ELSE v.in_period END
LEFT JOIN unheard u ON u.rule_no = r.rule_no AND u.village_code = v.village_code
WHERE r.subject_kind = 'village'

-- part: staff
SELECT r.rule_no, r.measure, s.rowid::INTEGER, s.staff_id,
    NULL::VARCHAR, s.staff_id, NULL::BIGINT, false, s.place
FROM rule r
JOIN rule_role o ON o.rule_no = r.rule_no
JOIN staff_row s ON s.role = o.role
WHERE r.subject_kind = 'staff'

-- part: group
-- A group is there as long as its village is; groups have no dates of their own.
SELECT r.rule_no, r.measure, g.rowid::INTEGER, g.group_id,
    g.village_code, NULL::VARCHAR, NULL::BIGINT, false, g.village_code
FROM rule r
JOIN seated g ON g.kind = r.group_kind
LEFT JOIN village_day v ON v.village_code = g.village_code
WHERE r.subject_kind = 'group'
    AND (g.village_code IS NULL OR v.on_day)

-- part: unit
SELECT r.rule_no, r.measure, u.rowid::INTEGER, u.unit_code,
    NULL::VARCHAR, NULL::VARCHAR, NULL::BIGINT, false, u.place
FROM rule r
JOIN unit_row u ON u.kind = r.unit_kind
WHERE r.subject_kind = 'unit'

-- part: nobody
-- No rule runs in this period.
SELECT r.rule_no, r.measure, NULL::INTEGER, NULL::VARCHAR,
    NULL::VARCHAR, NULL::VARCHAR, NULL::BIGINT, false, NULL::VARCHAR
FROM rule r
WHERE false

-- part: everywhere
CREATE OR REPLACE TEMP VIEW subject_row AS SELECT * FROM subject_found;

-- part: scoped
-- Of several policies each judges what lies in its scope; what two scopes hold, both judge.
CREATE OR REPLACE TEMP VIEW subject_row AS
SELECT s.*
FROM subject_found s
WHERE EXISTS (
    SELECT 1 FROM rule_scope x WHERE x.rule_no = s.rule_no AND starts_with(s.place, x.prefix)
);

-- part: left_out
-- Villages of the period from $1 up to $2 that lie in none of the scopes $3.
SELECT count(DISTINCT v.village_code)
FROM villages v
WHERE coalesce(v.valid_from < $2, true) AND coalesce($1 < v.valid_to, true)
    AND NOT EXISTS (SELECT 1 FROM unnest($3) x(prefix) WHERE starts_with(v.village_code, prefix))

-- part: unheard
-- Villages where someone posted, in the rule's roles if it names any, has not synced.
CREATE OR REPLACE TEMP TABLE unheard AS
SELECT DISTINCT r.rule_no, p.village_code
FROM rule r
LEFT JOIN rule_role o ON o.rule_no = r.rule_no
JOIN posting_span p
    ON p.role = coalesce(o.role, p.role) AND p.available IS NOT NULL AND p.unsynced
WHERE r.asks_sync AND r.subject_kind = 'village';
