-- Corporations and offices that were not there.
INSERT INTO offices_corporation (corporate_number, name)
SELECT corporate_number,
       coalesce(mode() WITHIN GROUP (ORDER BY corporation_name COLLATE "C") FILTER (WHERE corporation_name <> ''), '')
FROM import_listing
WHERE corporate_number <> ''
GROUP BY corporate_number
ON CONFLICT (corporate_number) DO NOTHING;

CREATE TEMP TABLE import_new_office ON COMMIT DROP AS
SELECT DISTINCT l.business_number
FROM import_listing l
WHERE NOT EXISTS (SELECT FROM offices_office o WHERE o.business_number = l.business_number);
ANALYZE import_new_office;

INSERT INTO offices_office (
    business_number, name, kana, postal_code, address, building, municipality_id, prefecture_id,
    latitude, longitude, phone, phone_digits, fax, url, corporation_id, corporation_name,
    scope, search_key, unlisted, listed_from, listed_until, first_import_id
)
SELECT n.key, n.name, n.kana, '', n.address, n.building, n.municipality, n.prefecture,
       n.latitude, n.longitude, n.phone, n.phone_digits, n.fax, n.url, c.id, n.corporation_name,
       n.scope, n.search_key, false, n.listed_from, n.listed_until, %(run)s
FROM ({chosen}) n
LEFT JOIN offices_corporation c ON c.corporate_number = nullif(n.corporate_number, '')
-- In the order of numbers: the indexes grow at their ends.
ORDER BY n.key;

-- What follows joins these rows by the thousand: a plan made from what the tables were before takes hours.
ANALYZE offices_corporation;
ANALYZE offices_office;
