SELECT
    (SELECT count(*) FROM import_new_office) AS created,
    (SELECT count(*) FROM import_changed ch JOIN offices_office o ON o.id = ch.office_id
      WHERE EXISTS (SELECT FROM import_listing l WHERE l.business_number = o.business_number)) AS updated,
    (SELECT count(DISTINCT business_number) FROM import_listing) AS offices,
    (SELECT count(*) FROM import_gone) AS gone,
    (SELECT count(*) FROM import_listing) AS services,
    (SELECT count(*) FROM import_listing WHERE listing_no > 1) AS number_again,
    (SELECT count(*) FROM import_row r WHERE r.columns < (
        SELECT max(s.columns) FROM import_listing s
        WHERE s.business_number = r.business_number AND s.service_key = r.service_key)) AS poorer_copy,
    (SELECT count(*) FROM import_row) AS kept_rows,
    d.name_differs, d.address_differs, d.municipality_differs
FROM (
    SELECT count(*) FILTER (WHERE one_name <> other_name) AS name_differs,
           count(*) FILTER (WHERE one_address <> other_address) AS address_differs,
           count(*) FILTER (WHERE one_place <> other_place) AS municipality_differs
    FROM (
        SELECT min(name) AS one_name, max(name) AS other_name,
               min(address) AS one_address, max(address) AS other_address,
               min(municipality) AS one_place, max(municipality) AS other_place
        FROM import_listing GROUP BY business_number
    ) n
) d;
