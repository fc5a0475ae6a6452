-- Stage 2, second half: values against thresholds. The first case that holds is the verdict.
-- used_low is the threshold prorated to the days available; an exempt row shows the whole one.
-- part: make
CREATE TEMP TABLE verdict_row AS
WITH unsynced AS (
    SELECT f.staff_id
    FROM staff f
    WHERE getvariable('sync_kept')
        AND NOT EXISTS (
            SELECT 1 FROM sync y
            WHERE y.staff_id = f.staff_id AND y.last_sync_at >= getvariable('p_end_time')
        )
), unheard AS (
    -- Villages where someone posted, in the rule's roles if it names any, has not synced.
    SELECT DISTINCT r.rule_id, p.village_code
    FROM rule r
    LEFT JOIN rule_role o ON o.rule_id = r.rule_id
    JOIN posting_span p ON p.role = coalesce(o.role, p.role) AND p.available IS NOT NULL
    JOIN unsynced u ON u.staff_id = p.staff_id
    WHERE r.asks_sync AND r.subject_kind = 'village'
), held AS (
    SELECT
        r.*, s.subject, s.village_code, s.staff_id, s.available, m.value, m.ids,
        coalesce(r.low, g.number) AS full_low,
        r.prorated AND s.available < r.minimum_days AS is_exempt,
        CASE WHEN r.prorated AND r.operator = '>=' AND s.available >= r.minimum_days
            THEN (r.low * s.available + getvariable('period_days') - 1)
                // getvariable('period_days')
            ELSE coalesce(r.low, g.number)
        END AS used_low
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN measured m ON m.rule_id = s.rule_id AND m.subject = s.subject
    LEFT JOIN marks k
        ON k.subject_id = s.subject AND k.period = getvariable('period') AND k.item = r.mark_item
    LEFT JOIN rule_mark g ON g.rule_id = r.rule_id AND g.mark = k.value
), judged AS (
    SELECT
        h.*,
        coalesce(CASE h.operator
            WHEN '>=' THEN h.value >= h.used_low
            WHEN '<=' THEN h.value <= h.used_low
            WHEN '=' THEN h.value = h.used_low
            WHEN 'between' THEN h.value BETWEEN h.used_low AND h.high
        END, false) AS is_met,
        h.value IS NULL OR h.used_low IS NULL OR h.asks_sync AND CASE h.subject_kind
            WHEN 'posting' THEN h.staff_id IN (SELECT staff_id FROM unsynced)
            ELSE u.village_code IS NOT NULL
        END AS is_unknown
    FROM held h
    LEFT JOIN unheard u ON u.rule_id = h.rule_id AND u.village_code = h.subject
)
SELECT
    rule_id, subject, village_code, staff_id, value, used_low, full_low, high,
    CASE
        WHEN is_exempt THEN 'exempt'
        WHEN is_met THEN 'pass'
        WHEN operator = '>=' AND may_wait THEN 'not_due'
        WHEN is_unknown THEN 'unknown'
        WHEN as_a_rule OR advice_above AND value > high THEN 'advice'
        ELSE 'fail'
    END AS verdict,
    list_sort(ids) AS ids
FROM judged;

-- part: read
SELECT
    rule_id, subject, village_code, staff_id, value, used_low, full_low, high, verdict,
    len(ids)::BIGINT, sha256(array_to_string(ids, chr(10)))
FROM verdict_row
WHERE $1 IS NULL OR subject = $1
ORDER BY rule_id, subject;

-- part: ids
SELECT unnest(ids) FROM verdict_row WHERE subject = $1;
