-- Stage 2, second half: values against thresholds. The first case that holds is the verdict.
-- used_low is the threshold prorated to the days available; an exempt row shows the whole one.
-- part: read
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
        r.rule_id, r.subject_kind, r.source_id, r.operator, r.high, r.may_wait, r.asks_sync,
        r.as_a_rule, r.advice_above, s.subject, s.village_code, s.staff_id, m.value, m.ids,
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
    j.rule_id, j.subject, j.village_code, j.staff_id, j.value, j.used_low, j.full_low, j.high,
    CASE
        WHEN j.is_exempt THEN 'exempt'
        WHEN j.is_met THEN 'pass'
        WHEN j.operator = '>=' AND j.may_wait THEN 'not_due'
        WHEN j.is_unknown THEN 'unknown'
        WHEN j.as_a_rule OR j.advice_above AND j.value > j.high THEN 'advice'
        ELSE 'fail'
    END AS verdict,
    coalesce(len(j.ids)::BIGINT, t.n, 0) AS evidence_count,
    coalesce(
        t.evidence_digest, sha256(array_to_string(list_sort(coalesce(j.ids, [])), chr(10)))
    ) AS evidence_digest
FROM judged j
LEFT JOIN total t ON t.source_id = j.source_id AND t.subject = j.subject
WHERE $1 IS NULL OR j.subject = $1
ORDER BY j.rule_id, j.subject;

-- part: counted
-- The ids one subject's verdict of the one rule asked for rests on.
SELECT unnest(ids) AS id FROM measured WHERE subject = $1
UNION ALL
SELECT unnest(s.ids) FROM state s JOIN rule r ON r.source_id = s.source_id WHERE s.subject = $1
ORDER BY id;
