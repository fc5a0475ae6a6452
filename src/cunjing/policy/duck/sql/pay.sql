-- Marks and money, as parts of `measured`. Sums in integers; a mean is never formed.
-- part: MarkValue
INSERT INTO measured
SELECT s.rule_no, s.no, n.number, 0, [], NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN marks m
    ON m.subject_id = s.subject AND m.period = getvariable('period') AND m.item = r.mark_item
LEFT JOIN rule_mark n ON n.rule_no = s.rule_no AND n.mark = m.value
WHERE r.measure = 'MarkValue';

-- part: strange
-- Marks a rule asks for and whose text its scale or pay table does not know.
SELECT s.subject, m.item, m.value, (
    SELECT string_agg(k.mark, '、' ORDER BY k.mark) FROM rule_mark k WHERE k.rule_no = r.rule_no
)
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
JOIN marks m
    ON m.subject_id = s.subject AND m.period = getvariable('period') AND m.item = r.mark_item
WHERE r.rule_no IN (SELECT rule_no FROM rule_mark)
    AND NOT EXISTS (SELECT 1 FROM rule_mark k WHERE k.rule_no = r.rule_no AND k.mark = m.value)
ORDER BY ALL;

-- part: MoneyValue
INSERT INTO measured
SELECT
    s.rule_no, s.no, coalesce(m.fen, CASE WHEN r.mark_item <> '' THEN 0 END), 0, [],
    g.number, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN money m
    ON m.subject_id = s.subject AND m.period = getvariable('period') AND m.item = r.item
LEFT JOIN marks k
    ON k.subject_id = s.subject AND k.period = getvariable('period') AND k.item = r.mark_item
LEFT JOIN rule_mark g ON g.rule_no = r.rule_no AND g.mark = k.value
WHERE r.measure = 'MoneyValue';

-- part: MoneyRatio
-- A unit's villages are those it answers for on the last day of the period; its people are posted
-- there in the period in the rule's roles, or staff of those roles of it or a unit in its division.
INSERT INTO measured
WITH dated AS (
    SELECT v.village_code, v.unit_code, u.kind
    FROM village_units v LEFT JOIN units u ON u.unit_code = v.unit_code
    WHERE coalesce(v.valid_from <= getvariable('last_day'), true)
        AND coalesce(getvariable('last_day') < v.valid_to, true)
), served AS (
    SELECT s.rule_no, s.subject, d.village_code
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN dated d ON d.unit_code = s.subject
    WHERE r.measure = 'MoneyRatio'
    UNION
    SELECT s.rule_no, s.subject, v.village_code
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN units u ON u.unit_code = s.subject
    JOIN village_day v ON starts_with(v.village_code, u.division_code)
    WHERE r.measure = 'MoneyRatio'
        AND NOT EXISTS (
            SELECT 1 FROM dated d WHERE d.village_code = v.village_code AND d.kind = u.kind
        )
), employed AS (
    SELECT s.rule_no, s.subject, f.staff_id
    FROM subject_row s
    JOIN rule_role o ON o.rule_no = s.rule_no
    JOIN units u ON u.unit_code = s.subject
    JOIN staff f ON f.role = o.role
    LEFT JOIN units e ON e.unit_code = f.unit_code
    WHERE f.unit_code = s.subject OR starts_with(e.division_code, u.division_code)
    UNION
    SELECT v.rule_no, v.subject, p.staff_id
    FROM served v
    JOIN rule_role o ON o.rule_no = v.rule_no
    JOIN posting_span p ON p.role = o.role AND p.village_code = v.village_code
    WHERE p.available IS NOT NULL
), staff_sum AS (
    SELECT e.rule_no, e.subject, sum(m.fen) AS fen, count(*) AS people
    FROM employed e
    JOIN rule r ON r.rule_no = e.rule_no
    JOIN money m
        ON m.subject_id = e.staff_id AND m.period = getvariable('period') AND m.item = r.item
    GROUP BY e.rule_no, e.subject
), village_sum AS (
    SELECT v.rule_no, v.subject, sum(m.fen) AS fen, count(*) AS villages
    FROM served v
    JOIN rule r ON r.rule_no = v.rule_no
    JOIN money m
        ON m.subject_id = v.village_code AND m.period = getvariable('period')
        AND m.item = r.other_item
    GROUP BY v.rule_no, v.subject
)
SELECT
    s.rule_no, s.no,
    CASE WHEN v.fen > 0 AND t.fen IS NOT NULL
        -- Rounded down, below zero too, where // would round towards zero; no more than the bound.
        THEN greatest(-getvariable('most_percent'), least(getvariable('most_percent'),
            (100::HUGEINT * t.fen * v.villages) // (v.fen * t.people)
            - ((100::HUGEINT * t.fen * v.villages) % (v.fen * t.people) < 0)::INTEGER))::BIGINT
    END,
    0, [], NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN staff_sum t ON t.rule_no = s.rule_no AND t.subject = s.subject
LEFT JOIN village_sum v ON v.rule_no = s.rule_no AND v.subject = s.subject
WHERE r.measure = 'MoneyRatio';
