-- Explaining one subject: the facts it can rest on, as temporary tables and views that stand before
-- the facts' own, so that every later statement reads little. What is read more than once is a
-- table. One part per kind of subject; what a part does not name is read whole. own_staff,
-- own_village and own_groups are null where there is none.
-- part: posting
-- All postings of the person: an event may be credited to another of them.
SET VARIABLE own_staff = (
    SELECT staff_id FROM memory.main.postings WHERE posting_id = getvariable('subject')
);
CREATE TEMP TABLE postings AS
SELECT * FROM memory.main.postings WHERE staff_id = getvariable('own_staff');
CREATE TEMP TABLE staff AS
SELECT * FROM memory.main.staff WHERE staff_id = getvariable('own_staff');
CREATE TEMP TABLE absences AS
SELECT * FROM memory.main.absences WHERE staff_id = getvariable('own_staff');
CREATE TEMP TABLE sync AS
SELECT * FROM memory.main.sync WHERE staff_id = getvariable('own_staff');
CREATE TEMP TABLE events AS
SELECT * FROM memory.main.events WHERE staff_id = getvariable('own_staff')
    AND local_date >= getvariable('scan_from') AND local_date < getvariable('scan_to');
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
CREATE TEMP TABLE postings AS
SELECT * FROM memory.main.postings WHERE village_code = getvariable('subject');
CREATE TEMP TABLE staff AS
SELECT * FROM memory.main.staff WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP TABLE absences AS
SELECT * FROM memory.main.absences WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP TABLE sync AS
SELECT * FROM memory.main.sync WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP TABLE events AS
SELECT * FROM memory.main.events WHERE village_code = getvariable('subject')
    AND local_date >= getvariable('scan_from') AND local_date < getvariable('scan_to')
UNION ALL
SELECT * FROM memory.main.events WHERE village_code IS NULL AND unit_code IS NOT NULL
    AND local_date >= getvariable('scan_from') AND local_date < getvariable('scan_to');

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
CREATE TEMP TABLE postings AS
SELECT * FROM memory.main.postings WHERE village_code = getvariable('own_village');
CREATE TEMP TABLE staff AS
SELECT * FROM memory.main.staff WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP TABLE absences AS
SELECT * FROM memory.main.absences WHERE staff_id IN (SELECT staff_id FROM postings);
CREATE TEMP TABLE sync AS
SELECT * FROM memory.main.sync WHERE staff_id IN (SELECT staff_id FROM postings);

-- part: unit
-- The pay of a unit's people hangs on all it answers for.
CREATE TEMP TABLE events AS
SELECT * FROM memory.main.events WHERE unit_code = getvariable('subject')
    AND local_date >= getvariable('scan_from') AND local_date < getvariable('scan_to');

-- part: staff
-- Marks and money are the person's own; postings are not asked for.
CREATE TEMP TABLE postings AS
SELECT * FROM memory.main.postings WHERE staff_id = getvariable('subject');

-- part: range
-- The villages read at a time, so that what is being added up stays small.
CREATE TEMP VIEW events AS
SELECT * FROM memory.main.events
WHERE village_code >= getvariable('range_from') AND village_code < getvariable('range_to');

-- part: chosen
-- The villages whose records came late or were corrected.
CREATE TEMP VIEW events AS
SELECT * FROM memory.main.events WHERE village_code IN (SELECT unnest(getvariable('chosen')));

-- part: whole
DROP VIEW temp.events;
