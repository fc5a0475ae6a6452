-- Reading the events of some villages only: a view that stands before the facts' own.
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
