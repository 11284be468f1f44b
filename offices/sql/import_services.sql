-- Rows of the register: which stand already, which are new, which changed, which left.
CREATE TEMP TABLE import_change (
    office_id bigint NOT NULL, service_key varchar(60) NOT NULL, change text NOT NULL
) ON COMMIT DROP;

-- A stored row's facts are as new as the newest file that had it: newest of its service while it
-- is listed, else the day it was last listed.
CREATE TEMP TABLE import_stored ON COMMIT DROP AS
SELECT os.office_id, os.service_key,
       max(CASE WHEN os.listed_until IS NULL THEN greatest(os.as_of, k.newest)
                ELSE greatest(os.as_of, os.listed_until) END) AS as_of,
       max(CASE WHEN os.listed_until IS NULL AND k.newest > os.as_of THEN k.newest_columns
                ELSE os.columns END) AS columns
FROM offices_officeservice os
JOIN import_key k USING (service_key)
WHERE os.source = 'listed'
GROUP BY os.office_id, os.service_key;
CREATE UNIQUE INDEX ON import_stored (office_id, service_key);
ANALYZE import_stored;

CREATE TEMP TABLE import_match ON COMMIT DROP AS
SELECT l.id AS listing_id, os.id AS service_id, os.office_id, os.service_key,
       w.wins,
       w.wins AND (
           os.service_type_id, os.open_data_code, os.service_name, os.name, os.kana, os.address, os.full_address,
           os.building, os.municipality_id, os.latitude, os.longitude, os.phone, os.phone_digits, os.fax,
           os.corporate_number, os.corporation_name, os.capacity, os.url, os.weekdays, os.weekdays_note,
           os.extra, os.search_key
       ) IS DISTINCT FROM (
           l.service_type, l.open_data_code, l.service_name, l.name, l.kana, l.address, l.full_address,
           l.building, l.municipality, l.latitude, l.longitude, l.phone, l.phone_digits, coalesce(l.fax, os.fax),
           coalesce(l.corporate_number, os.corporate_number), coalesce(l.corporation_name, os.corporation_name),
           l.capacity, coalesce(l.url, os.url), coalesce(l.weekdays, os.weekdays),
           coalesce(l.weekdays_note, os.weekdays_note),
           CASE WHEN l.columns < os.columns THEN coalesce(l.extra, os.extra) ELSE l.extra END,
           CASE WHEN l.corporation_name IS NULL AND (l.name, l.kana) = (os.name, os.kana) THEN os.search_key
                ELSE l.search_key END
       ) AS facts_differ,
       least(os.listed_from, %(as_of)s) AS listed_from,
       CASE WHEN k.current THEN NULL
            WHEN os.listed_until IS NULL THEN NULL
            ELSE greatest(os.listed_until, %(as_of)s) END AS listed_until
FROM import_listing l
JOIN import_key k USING (service_key)
JOIN offices_office o ON o.business_number = l.business_number
JOIN offices_officeservice os
  ON os.office_id = o.id AND os.service_key = l.service_key AND os.listing_no = l.listing_no AND os.source = 'listed'
JOIN import_stored st ON st.office_id = os.office_id AND st.service_key = os.service_key
CROSS JOIN LATERAL (
    SELECT %(as_of)s > st.as_of OR (%(as_of)s = st.as_of AND l.columns >= st.columns) AS wins
) w;

WITH changed AS (
    UPDATE offices_officeservice os SET
        service_type_id = CASE WHEN m.facts_differ THEN l.service_type ELSE os.service_type_id END,
        open_data_code = CASE WHEN m.facts_differ THEN l.open_data_code ELSE os.open_data_code END,
        service_name = CASE WHEN m.facts_differ THEN l.service_name ELSE os.service_name END,
        name = CASE WHEN m.facts_differ THEN l.name ELSE os.name END,
        kana = CASE WHEN m.facts_differ THEN l.kana ELSE os.kana END,
        address = CASE WHEN m.facts_differ THEN l.address ELSE os.address END,
        full_address = CASE WHEN m.facts_differ THEN l.full_address ELSE os.full_address END,
        building = CASE WHEN m.facts_differ THEN l.building ELSE os.building END,
        municipality_id = CASE WHEN m.facts_differ THEN l.municipality ELSE os.municipality_id END,
        latitude = CASE WHEN m.facts_differ THEN l.latitude ELSE os.latitude END,
        longitude = CASE WHEN m.facts_differ THEN l.longitude ELSE os.longitude END,
        phone = CASE WHEN m.facts_differ THEN l.phone ELSE os.phone END,
        phone_digits = CASE WHEN m.facts_differ THEN l.phone_digits ELSE os.phone_digits END,
        fax = CASE WHEN m.facts_differ THEN coalesce(l.fax, os.fax) ELSE os.fax END,
        corporate_number = CASE WHEN m.facts_differ THEN coalesce(l.corporate_number, os.corporate_number)
                                ELSE os.corporate_number END,
        corporation_name = CASE WHEN m.facts_differ THEN coalesce(l.corporation_name, os.corporation_name)
                                ELSE os.corporation_name END,
        capacity = CASE WHEN m.facts_differ THEN l.capacity ELSE os.capacity END,
        url = CASE WHEN m.facts_differ THEN coalesce(l.url, os.url) ELSE os.url END,
        weekdays = CASE WHEN m.facts_differ THEN coalesce(l.weekdays, os.weekdays) ELSE os.weekdays END,
        weekdays_note = CASE WHEN m.facts_differ THEN coalesce(l.weekdays_note, os.weekdays_note)
                             ELSE os.weekdays_note END,
        extra = CASE WHEN NOT m.facts_differ OR (l.columns < os.columns AND l.extra IS NULL) THEN os.extra
                     ELSE l.extra END,
        search_key = CASE WHEN m.facts_differ AND (
                              l.corporation_name IS NOT NULL OR (l.name, l.kana) IS DISTINCT FROM (os.name, os.kana))
                          THEN l.search_key ELSE os.search_key END,
        columns = CASE WHEN m.facts_differ THEN l.columns ELSE os.columns END,
        as_of = CASE WHEN m.facts_differ THEN %(as_of)s ELSE os.as_of END,
        listed_from = m.listed_from,
        listed_until = m.listed_until
    FROM import_match m, import_listing l, (SELECT id, listed_until FROM offices_officeservice) before
    WHERE os.id = m.service_id AND l.id = m.listing_id AND before.id = os.id
      AND (m.facts_differ OR os.listed_from IS DISTINCT FROM m.listed_from
           OR os.listed_until IS DISTINCT FROM m.listed_until)
    RETURNING os.office_id, os.service_key,
              CASE WHEN before.listed_until IS NOT NULL AND os.listed_until IS NULL THEN 'returned'
                   WHEN m.facts_differ THEN 'changed' ELSE 'dates' END AS change
)
INSERT INTO import_change SELECT * FROM changed;

WITH added AS (
    INSERT INTO offices_officeservice (
        office_id, service_key, listing_no, source, service_type_id, open_data_code, service_name, name, kana,
        address, full_address, building, municipality_id, latitude, longitude, phone, phone_digits, fax,
        corporate_number, corporation_name, capacity, url, weekdays, weekdays_note, extra, search_key, columns,
        as_of, listed_from, listed_until
    )
    SELECT o.id, l.service_key, l.listing_no, 'listed', l.service_type, l.open_data_code, l.service_name, l.name,
           l.kana, l.address, l.full_address, l.building, l.municipality, l.latitude, l.longitude, l.phone,
           l.phone_digits, coalesce(l.fax, ''), coalesce(l.corporate_number, ''), coalesce(l.corporation_name, ''),
           l.capacity, coalesce(l.url, ''), coalesce(l.weekdays, ''), coalesce(l.weekdays_note, ''), l.extra,
           l.search_key, l.columns, %(as_of)s, %(as_of)s, CASE WHEN k.current THEN NULL ELSE %(as_of)s END::date
    FROM import_listing l
    JOIN import_key k USING (service_key)
    JOIN offices_office o ON o.business_number = l.business_number
    LEFT JOIN import_stored st ON st.office_id = o.id AND st.service_key = l.service_key
    LEFT JOIN import_match m ON m.listing_id = l.id
    WHERE m.listing_id IS NULL
      AND (st.office_id IS NULL OR %(as_of)s > st.as_of OR (%(as_of)s = st.as_of AND l.columns >= st.columns))
    ORDER BY o.id
    RETURNING office_id, service_key
)
INSERT INTO import_change
SELECT a.office_id, a.service_key, 'added'
FROM added a JOIN offices_office o ON o.id = a.office_id
WHERE o.first_import_id IS DISTINCT FROM %(run)s;

ANALYZE offices_officeservice;

-- Rows that the newest file of their service no longer has. A poorer copy of the same day cannot
-- take away what a fuller one has.
WITH departed AS (
    UPDATE offices_officeservice os SET listed_until = greatest(k.newest, os.listed_from)
    FROM import_key k, offices_office o
    WHERE k.service_key = os.service_key AND o.id = os.office_id
      AND os.source = 'listed' AND os.listed_until IS NULL AND k.current
      AND (%(as_of)s > k.newest OR k.columns >= k.newest_columns)
      AND NOT EXISTS (
          SELECT FROM import_listing l
          WHERE l.business_number = o.business_number AND l.service_key = os.service_key
            AND (l.listing_no = os.listing_no OR l.columns < os.columns AND %(as_of)s = k.newest)
      )
    RETURNING os.office_id, os.service_key
)
INSERT INTO import_change SELECT office_id, service_key, 'left' FROM departed;

UPDATE offices_corporation c SET name = n.name
FROM (
    SELECT os.corporate_number,
           mode() WITHIN GROUP (ORDER BY os.corporation_name COLLATE "C") AS name
    FROM offices_officeservice os
    WHERE os.corporate_number IN (
              SELECT l.corporate_number FROM import_listing l
              JOIN offices_office o ON o.business_number = l.business_number
              JOIN import_change ch ON ch.office_id = o.id
              WHERE l.corporate_number <> ''
          )
      AND os.corporation_name <> ''
    GROUP BY os.corporate_number
) n
WHERE c.corporate_number = n.corporate_number AND c.name <> n.name;

INSERT INTO offices_importedservice AS i (service_key, as_of, columns)
SELECT service_key, %(as_of)s, columns FROM import_key
ON CONFLICT (service_key) DO UPDATE SET
    as_of = greatest(i.as_of, EXCLUDED.as_of),
    columns = CASE WHEN EXCLUDED.as_of > i.as_of THEN EXCLUDED.columns
                   WHEN EXCLUDED.as_of = i.as_of THEN greatest(i.columns, EXCLUDED.columns)
                   ELSE i.columns END;
