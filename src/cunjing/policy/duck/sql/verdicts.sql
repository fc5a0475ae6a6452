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
    j.verdict, j.evidence_count,
    digest_text(coalesce(e.evidence_digest, digest_of(coalesce(j.ids, []))))
FROM judged j
JOIN rule r ON r.rule_no = j.rule_no
JOIN subject_row s ON s.rule_no = j.rule_no AND s.no = j.no
LEFT JOIN evidence e ON e.source_id = j.source_id AND e.subject = j.no
ORDER BY r.rule_no, s.subject;

-- part: sorting
-- What a file of verdicts is made of, in its order. One rule after the other: all of a nation's at once
-- could not be sorted in the memory there is.
CREATE OR REPLACE TEMP TABLE sorted (
    rule_no USMALLINT, subject VARCHAR, village_code VARCHAR, staff_id VARCHAR, value BIGINT,
    used_low BIGINT, full_low BIGINT, verdict VARCHAR, evidence_count BIGINT, evidence_digest BLOB
);
SET VARIABLE rules_by_number = (SELECT list(r ORDER BY r.rule_no) FROM rule r);
CREATE OR REPLACE TEMP MACRO threshold_text(operator, low, high) AS
CASE WHEN operator = 'between' AND low IS NOT NULL AND high IS NOT NULL
    THEN '[' || low || ', ' || high || ']'
    ELSE low::VARCHAR
END;

-- part: sort
INSERT INTO sorted
SELECT
    j.rule_no, s.subject, s.village_code, s.staff_id, j.value, j.used_low, j.full_low, j.verdict,
    j.evidence_count, coalesce(e.evidence_digest, digest_of(coalesce(j.ids, [])))
FROM judged j
JOIN subject_row s ON s.rule_no = j.rule_no AND s.no = j.no
LEFT JOIN evidence e ON e.source_id = j.source_id AND e.subject = j.no
WHERE j.rule_no = $1 AND s.rule_no = $1
ORDER BY s.subject;

-- part: file
-- Every verdict in the columns of the contract, numbers as numbers, the rest as text. $1 to $3:
-- period, watermark, engine.
SELECT
    rule.policy_id AS policy, rule.policy_digest, rule.rule_id AS rule, rule.clause,
    rule.subject_kind, subject, village_code, staff_id, $1 AS period, value, rule.operator,
    threshold_text(rule.operator, used_low, rule.high) AS threshold,
    threshold_text(rule.operator, full_low, rule.high) AS threshold_full,
    verdict, evidence_count, digest_text(evidence_digest) AS evidence_digest, $2 AS watermark,
    $3 AS engine
FROM (SELECT *, getvariable('rules_by_number')[rule_no + 1] AS rule FROM sorted)

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
