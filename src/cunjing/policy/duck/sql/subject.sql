-- Explaining one subject: the rows it can rest on, a table at a time, by ids the statements before
-- gave. What costs is to plan a statement, less so where it asks for one id: a row too many costs
-- nothing.
-- part: posting
SELECT * FROM postings WHERE posting_id = $1;

-- part: postings_named
SELECT * FROM postings WHERE posting_id IN (SELECT unnest($1::VARCHAR[]));

-- part: postings_of_person
-- An event may be credited to another posting of the person.
SELECT * FROM postings WHERE staff_id = $1;

-- part: absences_of_person
SELECT * FROM absences WHERE staff_id = $1;

-- part: absences_of_people
SELECT * FROM absences WHERE staff_id IN (SELECT unnest($1::VARCHAR[]));

-- part: sync_of_person
SELECT * FROM sync WHERE staff_id = $1;

-- part: events_of_person
SELECT * FROM events
WHERE staff_id = $1 AND kind = $2 AND local_date >= $3 AND local_date < $4

-- part: events_of_unit
SELECT * FROM events
WHERE unit_code = $1 AND kind = $2 AND local_date >= $3 AND local_date < $4

-- part: events_of_village
-- Those that name no village may be of a unit that answers for it: $5 are the units that may.
SELECT * FROM events
WHERE village_code = $1 AND kind = $2 AND local_date >= $3 AND local_date < $4
UNION ALL
SELECT * FROM events
WHERE village_code IS NULL AND unit_code IN (SELECT unnest($5::VARCHAR[]))
    AND kind = $2 AND local_date >= $3 AND local_date < $4

-- part: matters_of_village
SELECT * FROM matters WHERE village_code = $1 AND kind = $2;

-- part: village
SELECT * FROM villages WHERE village_code = $1;

-- part: villages
SELECT * FROM villages WHERE village_code IN (SELECT unnest($1::VARCHAR[]));

-- part: villages_of_unit
-- Those it may answer for: of its division ($2), or given to it.
SELECT * FROM villages
WHERE starts_with(village_code, $2)
    OR village_code IN (SELECT village_code FROM village_units WHERE unit_code = $1);

-- part: township_adjacency
SELECT * FROM township_adjacency;

-- part: hamlets_of_village
SELECT * FROM hamlets WHERE village_code = $1;

-- part: unit
SELECT * FROM units WHERE unit_code = $1;

-- part: units_of_village
-- Those that may answer for it, or be named in place of another.
SELECT * FROM units
WHERE starts_with($1, division_code)
    OR unit_code IN (SELECT unit_code FROM village_units WHERE village_code = $1);

-- part: units_of_unit
-- Itself, what lies in its division ($2), and what is named for one of its villages ($3).
SELECT * FROM units
WHERE unit_code = $1
    OR starts_with(division_code, $2)
    OR unit_code IN (
        SELECT unit_code FROM village_units
        WHERE village_code IN (SELECT unnest($3::VARCHAR[]))
    );

-- part: units_named_for_village
SELECT * FROM village_units WHERE village_code = $1;

-- part: village_units
SELECT * FROM village_units WHERE village_code IN (SELECT unnest($1::VARCHAR[]));

-- part: postings_of_village
SELECT * FROM postings WHERE village_code = $1;

-- part: postings_of_villages
SELECT * FROM postings WHERE village_code IN (SELECT unnest($1::VARCHAR[]));

-- part: staff
SELECT * FROM staff WHERE staff_id IN (SELECT unnest($1::VARCHAR[]));

-- part: staff_of_units
-- The people posted ($1), and those employed by one of the units ($2).
SELECT * FROM staff
WHERE staff_id IN (SELECT unnest($1::VARCHAR[])) OR unit_code IN (SELECT unnest($2::VARCHAR[]));

-- part: sync
SELECT * FROM sync WHERE staff_id IN (SELECT unnest($1::VARCHAR[]));

-- part: marks
SELECT * FROM marks WHERE subject_id = $1 AND period = $2;

-- part: money
SELECT * FROM money WHERE subject_id IN (SELECT unnest($1::VARCHAR[])) AND period = $2;

-- part: groups_above
-- A group and those above it, as far as to the village it is in.
WITH RECURSIVE climb(group_id, above, village_code) AS (
    SELECT group_id, parent_id, village_code FROM groups WHERE group_id = $1
    UNION
    SELECT g.group_id, g.parent_id, g.village_code
    FROM climb c JOIN groups g ON g.group_id = c.above
    WHERE c.village_code IS NULL
)
SELECT g.* FROM groups g JOIN climb c ON c.group_id = g.group_id;

-- part: groups_below
-- Some groups ($1), those of some villages ($2), and all below them.
WITH RECURSIVE below(group_id) AS (
    SELECT group_id FROM groups
    WHERE group_id IN (SELECT unnest($1::VARCHAR[]))
        OR village_code IN (SELECT unnest($2::VARCHAR[]))
    UNION
    SELECT g.group_id FROM below b JOIN groups g ON g.parent_id = b.group_id
)
SELECT g.* FROM groups g JOIN below b ON b.group_id = g.group_id;

-- part: members
SELECT * FROM members WHERE group_id IN (SELECT unnest($1::VARCHAR[]));
