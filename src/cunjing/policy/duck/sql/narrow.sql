-- Explaining one subject: the facts it can rest on, as temporary views that stand before the facts'
-- own, so that every later statement reads little. One part per kind of subject; a kind without a
-- table here reads it whole. own_staff, own_villages and own_groups are null or empty where the
-- subject does not exist.
-- part: posting
-- All postings of the person: an event may be credited to another of them.
SET VARIABLE own_staff = (
    SELECT staff_id FROM memory.main.postings WHERE posting_id = getvariable('subject')
);
CREATE TEMP VIEW postings AS
SELECT * FROM memory.main.postings WHERE staff_id = getvariable('own_staff');
CREATE TEMP VIEW staff AS
SELECT * FROM memory.main.staff WHERE staff_id = getvariable('own_staff');
CREATE TEMP VIEW absences AS
SELECT * FROM memory.main.absences WHERE staff_id = getvariable('own_staff');
CREATE TEMP VIEW sync AS
SELECT * FROM memory.main.sync WHERE staff_id = getvariable('own_staff');
CREATE TEMP VIEW events AS
SELECT * FROM memory.main.events WHERE staff_id = getvariable('own_staff');
CREATE TEMP VIEW villages AS
SELECT * FROM memory.main.villages
WHERE village_code IN (
    SELECT village_code FROM postings UNION ALL SELECT home_village_code FROM staff
);

-- part: village
-- Events naming no village may be of a unit that answers for it.
CREATE TEMP VIEW villages AS
SELECT * FROM memory.main.villages WHERE village_code = getvariable('subject');
CREATE TEMP VIEW village_units AS
SELECT * FROM memory.main.village_units WHERE village_code = getvariable('subject');
CREATE TEMP VIEW hamlets AS
SELECT * FROM memory.main.hamlets WHERE village_code = getvariable('subject');
CREATE TEMP VIEW postings AS
SELECT * FROM memory.main.postings WHERE village_code = getvariable('subject');
CREATE TEMP VIEW staff AS
SELECT * FROM memory.main.staff WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP VIEW absences AS
SELECT * FROM memory.main.absences WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP VIEW sync AS
SELECT * FROM memory.main.sync WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP VIEW events AS
SELECT * FROM memory.main.events WHERE village_code = getvariable('subject')
UNION ALL
SELECT * FROM memory.main.events WHERE village_code IS NULL AND unit_code IS NOT NULL;

-- part: village_groups
SET VARIABLE own_groups = (
    WITH RECURSIVE below(group_id) AS (
        SELECT group_id FROM memory.main.groups WHERE village_code = getvariable('subject')
        UNION
        SELECT g.group_id
        FROM below b JOIN memory.main.groups g ON g.parent_id = b.group_id
    )
    SELECT list(group_id) FROM below
);
CREATE TEMP VIEW groups AS
SELECT * FROM memory.main.groups WHERE group_id IN (SELECT unnest(getvariable('own_groups')));
CREATE TEMP VIEW members AS
SELECT * FROM memory.main.members WHERE group_id IN (SELECT unnest(getvariable('own_groups')));

-- part: group
-- Its tree, and all trees of its village: a branch is held against the village's company.
SET VARIABLE own_village = (
    WITH RECURSIVE climb(above, village_code) AS (
        SELECT parent_id, village_code FROM memory.main.groups
        WHERE group_id = getvariable('subject')
        UNION
        SELECT g.parent_id, g.village_code
        FROM climb c JOIN memory.main.groups g ON g.group_id = c.above
        WHERE c.village_code IS NULL
    )
    SELECT max(village_code) FROM climb
);
SET VARIABLE own_groups = (
    WITH RECURSIVE below(group_id) AS (
        SELECT group_id FROM memory.main.groups
        WHERE group_id = getvariable('subject') OR village_code = getvariable('own_village')
        UNION
        SELECT g.group_id
        FROM below b JOIN memory.main.groups g ON g.parent_id = b.group_id
    )
    SELECT list(group_id) FROM below
);
CREATE TEMP VIEW groups AS
SELECT * FROM memory.main.groups WHERE group_id IN (SELECT unnest(getvariable('own_groups')));
CREATE TEMP VIEW members AS
SELECT * FROM memory.main.members WHERE group_id IN (SELECT unnest(getvariable('own_groups')));
CREATE TEMP VIEW villages AS
SELECT * FROM memory.main.villages WHERE village_code = getvariable('own_village');
CREATE TEMP VIEW postings AS
SELECT * FROM memory.main.postings WHERE village_code = getvariable('own_village');
CREATE TEMP VIEW staff AS
SELECT * FROM memory.main.staff WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP VIEW absences AS
SELECT * FROM memory.main.absences WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP VIEW sync AS
SELECT * FROM memory.main.sync WHERE staff_id IN (SELECT staff_id FROM postings);

-- part: unit
-- The pay of a unit's people hangs on all it answers for.
CREATE TEMP VIEW events AS
SELECT * FROM memory.main.events WHERE unit_code = getvariable('subject');

-- part: staff
-- Marks and money are the person's own; postings are not asked for.
CREATE TEMP VIEW postings AS
SELECT * FROM memory.main.postings WHERE staff_id = getvariable('subject');
