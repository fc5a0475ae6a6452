-- Stage 2, second half: values against thresholds. The first case that holds is the verdict.
-- used_low is the threshold prorated to the days available; an exempt row shows the whole one.
-- A view: writing all verdicts down would cost more than judging them again for each question.
-- part: judge
CREATE OR REPLACE TEMP VIEW judged AS
WITH held AS (
    SELECT
        r.operator, r.high, r.may_wait, r.as_a_rule, r.advice_above, r.source_id,
        m.rule_no, m.no, m.value, m.evidence_count, m.ids,
        m.unheard AND r.asks_sync AS unheard,
        coalesce(r.low, m.own_low) AS full_low,
        r.prorated AND m.available < r.minimum_days AS is_exempt,
        CASE WHEN r.prorated AND r.operator = '>=' AND m.available >= r.minimum_days
            THEN (r.low * m.available + getvariable('period_days') - 1)
                // getvariable('period_days')
            ELSE coalesce(r.low, m.own_low)
        END AS used_low
    FROM measurement m
    JOIN rule r ON r.rule_no = m.rule_no
)
SELECT
    rule_no, no, value, used_low, full_low, source_id, evidence_count::BIGINT AS evidence_count, ids,
    CASE
        WHEN is_exempt THEN 'exempt'
        WHEN CASE operator
            WHEN '>=' THEN value >= used_low
            WHEN '<=' THEN value <= used_low
            WHEN '=' THEN value = used_low
            WHEN 'between' THEN value BETWEEN used_low AND high
        END THEN 'pass'
        WHEN operator = '>=' AND may_wait THEN 'not_due'
        WHEN value IS NULL OR used_low IS NULL OR unheard THEN 'unknown'
        WHEN as_a_rule OR advice_above AND value > high THEN 'advice'
        ELSE 'fail'
    END AS verdict
FROM held;

-- part: read
-- Verdicts with the names of their subjects, sorted; rules are numbered by policy and id.
SELECT
    r.rule_no, s.subject, s.village_code, s.staff_id, j.value, j.used_low, j.full_low, r.high,
    j.verdict, j.evidence_count, coalesce(e.evidence_digest, digest_of(coalesce(j.ids, [])))
FROM judged j
JOIN rule r ON r.rule_no = j.rule_no
JOIN subject_row s ON s.rule_no = j.rule_no AND s.no = j.no
LEFT JOIN evidence e ON e.source_id = j.source_id AND e.subject = j.no
ORDER BY r.rule_no, s.subject;

-- part: file
-- Every verdict in the columns of the contract, numbers as numbers, the rest as text. $1 to $3:
-- period, watermark, engine.
SELECT
    r.policy_id AS policy, r.policy_digest, r.rule_id AS rule, r.clause, r.subject_kind, s.subject,
    s.village_code, s.staff_id, $1 AS period, j.value, r.operator,
    threshold_text(r.operator, j.used_low, r.high) AS threshold,
    threshold_text(r.operator, j.full_low, r.high) AS threshold_full,
    j.verdict, j.evidence_count,
    coalesce(e.evidence_digest, digest_of(coalesce(j.ids, []))) AS evidence_digest,
    $2 AS watermark, $3 AS engine
FROM judged j
JOIN rule r ON r.rule_no = j.rule_no
JOIN subject_row s ON s.rule_no = j.rule_no AND s.no = j.no
LEFT JOIN evidence e ON e.source_id = j.source_id AND e.subject = j.no
ORDER BY r.rule_no, s.subject

-- part: threshold_text
CREATE OR REPLACE TEMP MACRO threshold_text(operator, low, high) AS
CASE WHEN operator = 'between' AND low IS NOT NULL AND high IS NOT NULL
    THEN '[' || low || ', ' || high || ']'
    ELSE low::VARCHAR
END;

-- part: counts
-- How many verdicts of each kind every rule has.
SELECT r.policy_id, r.rule_id, c.verdict, c.number
FROM (SELECT rule_no, verdict, count(*) AS number FROM judged GROUP BY rule_no, verdict) c
JOIN rule r ON r.rule_no = c.rule_no
ORDER BY r.rule_no, c.verdict;

-- part: counts_by_county
-- The same by county; null for subjects that are in no village.
SELECT r.policy_id, r.rule_id, left(s.village_code, 6) AS county_code, j.verdict,
    count(*) AS number
FROM judged j
JOIN rule r ON r.rule_no = j.rule_no
JOIN subject_row s ON s.rule_no = j.rule_no AND s.no = j.no
GROUP BY r.rule_no, r.policy_id, r.rule_id, county_code, j.verdict
ORDER BY r.rule_no, county_code NULLS FIRST, j.verdict;
