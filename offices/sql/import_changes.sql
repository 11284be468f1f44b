-- Offices that were there and of whose rows some changed: choose again, put people's corrections
-- on top, note what changed, write it.
CREATE TEMP TABLE import_changed ON COMMIT DROP AS
SELECT office_id, jsonb_object_agg(change, keys) AS services
FROM (
    SELECT office_id, change, jsonb_agg(service_key ORDER BY service_key) AS keys
    FROM import_change
    GROUP BY office_id, change
) c
GROUP BY office_id;
CREATE UNIQUE INDEX ON import_changed (office_id);
ANALYZE import_changed;

CREATE TEMP TABLE import_chosen ON COMMIT DROP AS {chosen};
CREATE UNIQUE INDEX ON import_chosen (key);
ANALYZE import_chosen;

UPDATE offices_officecorrection oc SET listed_value = v.value
FROM import_chosen n
CROSS JOIN LATERAL (VALUES
    ('name', n.name), ('kana', n.kana), ('address', n.address), ('building', n.building),
    ('municipality', coalesce(n.municipality, '')), ('phone', n.phone), ('fax', n.fax),
    ('corporation_name', n.corporation_name)
) AS v (field, value)
WHERE oc.office_id = n.key AND oc.field = v.field AND oc.withdrawn_at IS NULL AND oc.listed_value <> v.value;

CREATE TEMP TABLE import_result ON COMMIT DROP AS
WITH corrected AS (
    SELECT office_id,
           max(value) FILTER (WHERE field = 'name') AS name,
           max(value) FILTER (WHERE field = 'kana') AS kana,
           max(value) FILTER (WHERE field = 'address') AS address,
           max(value) FILTER (WHERE field = 'building') AS building,
           max(value) FILTER (WHERE field = 'municipality') AS municipality,
           max(value) FILTER (WHERE field = 'phone') AS phone,
           max(value) FILTER (WHERE field = 'fax') AS fax,
           max(value) FILTER (WHERE field = 'corporation_name') AS corporation_name,
           string_agg(search_key, ' ' ORDER BY search_key) FILTER (WHERE search_key <> '') AS search_key
    FROM offices_officecorrection
    WHERE withdrawn_at IS NULL
    GROUP BY office_id
)
SELECT n.key AS id,
       coalesce(x.name, n.name) AS name,
       coalesce(x.kana, n.kana) AS kana,
       coalesce(x.address, n.address) AS address,
       coalesce(x.building, n.building) AS building,
       coalesce(x.municipality, n.municipality) AS municipality_id,
       coalesce(m.prefecture_id, n.prefecture) AS prefecture_id,
       CASE WHEN x.address IS NULL THEN n.latitude END AS latitude,
       CASE WHEN x.address IS NULL THEN n.longitude END AS longitude,
       coalesce(x.phone, n.phone) AS phone,
       coalesce(regexp_replace(x.phone, '[^0-9]', '', 'g'), n.phone_digits) AS phone_digits,
       coalesce(x.fax, n.fax) AS fax,
       n.url,
       c.id AS corporation_id,
       coalesce(x.corporation_name, n.corporation_name) AS corporation_name,
       n.scope,
       concat_ws(' ', n.search_key, x.search_key) AS search_key,
       n.listed_from,
       n.listed_until
FROM import_chosen n
LEFT JOIN corrected x ON x.office_id = n.key
LEFT JOIN offices_municipality m ON m.code = x.municipality
LEFT JOIN offices_corporation c ON c.corporate_number = nullif(n.corporate_number, '');

INSERT INTO offices_officeevent (office_id, run_id, kind, at, reason, details)
SELECT o.id, %(run)s,
       CASE WHEN o.unlisted THEN 'listed'
            WHEN o.listed_until IS NULL AND n.listed_until IS NOT NULL THEN 'vanished'
            WHEN o.listed_until IS NOT NULL AND n.listed_until IS NULL THEN 'returned'
            ELSE 'updated' END,
       %(at)s, %(reason)s,
       jsonb_build_object('services', ch.services, 'fields', jsonb_strip_nulls(jsonb_build_object(
           'name', CASE WHEN o.name <> n.name THEN jsonb_build_array(o.name, n.name) END,
           'kana', CASE WHEN o.kana <> n.kana THEN jsonb_build_array(o.kana, n.kana) END,
           'address', CASE WHEN o.address <> n.address THEN jsonb_build_array(o.address, n.address) END,
           'building', CASE WHEN o.building <> n.building THEN jsonb_build_array(o.building, n.building) END,
           'municipality', CASE WHEN o.municipality_id IS DISTINCT FROM n.municipality_id
                                THEN jsonb_build_array(coalesce(o.municipality_id, ''), coalesce(n.municipality_id, '')) END,
           'phone', CASE WHEN o.phone <> n.phone THEN jsonb_build_array(o.phone, n.phone) END,
           'fax', CASE WHEN o.fax <> n.fax THEN jsonb_build_array(o.fax, n.fax) END,
           'url', CASE WHEN o.url <> n.url THEN jsonb_build_array(o.url, n.url) END,
           'corporation_name', CASE WHEN o.corporation_name <> n.corporation_name
                                    THEN jsonb_build_array(o.corporation_name, n.corporation_name) END,
           'scope', CASE WHEN o.scope <> n.scope THEN jsonb_build_array(o.scope, n.scope) END
       )))
FROM import_result n
JOIN offices_office o ON o.id = n.id
JOIN import_changed ch ON ch.office_id = o.id
ORDER BY o.id;

UPDATE offices_office o SET
    name = n.name, kana = n.kana, address = n.address, building = n.building,
    municipality_id = n.municipality_id, prefecture_id = n.prefecture_id,
    latitude = n.latitude, longitude = n.longitude, phone = n.phone, phone_digits = n.phone_digits,
    fax = n.fax, url = n.url, corporation_id = n.corporation_id, corporation_name = n.corporation_name,
    scope = n.scope, search_key = n.search_key,
    unlisted = o.unlisted AND n.listed_from IS NULL, listed_from = n.listed_from, listed_until = n.listed_until
FROM import_result n
WHERE o.id = n.id;
