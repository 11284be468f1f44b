-- Offices that earlier imports of these services had and this one lacks. Nothing is closed.
CREATE TEMP TABLE import_gone ON COMMIT DROP AS
SELECT os.office_id
FROM offices_officeservice os
JOIN import_key k USING (service_key)
JOIN offices_office o ON o.id = os.office_id
WHERE os.source = 'listed' AND o.closed_on IS NULL AND os.listed_from <= %(as_of)s
  AND NOT EXISTS (SELECT FROM import_listing l WHERE l.business_number = o.business_number)
GROUP BY os.office_id
HAVING bool_and(k.current AND coalesce(os.listed_until, %(as_of)s) <= %(as_of)s);

INSERT INTO offices_vanishedoffice (office_id, run_id, as_of, state)
SELECT g.office_id, %(run)s, %(as_of)s, 'pending'
FROM import_gone g
JOIN offices_office o ON o.id = g.office_id
WHERE o.listed_until IS NOT NULL
ORDER BY o.business_number
ON CONFLICT (office_id) WHERE state IN ('pending', 'still_open') DO NOTHING;

UPDATE offices_vanishedoffice v SET state = 'returned', decided_at = %(at)s
FROM offices_office o
WHERE o.id = v.office_id AND v.state IN ('pending', 'still_open') AND o.listed_until IS NULL;
