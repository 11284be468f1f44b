-- Rows of the files as read. What comes after compares them in place: copying them would cost as much again.
-- Left-overs of an import in the same transaction (tests, demo) go first.
DROP TABLE IF EXISTS pg_temp.import_listing, pg_temp.import_tally, pg_temp.import_many, pg_temp.import_key, pg_temp.import_new_office,
    pg_temp.import_change, pg_temp.import_stored, pg_temp.import_match, pg_temp.import_changed,
    pg_temp.import_chosen, pg_temp.import_result, pg_temp.import_gone;

CREATE TEMP TABLE import_listing (
    id bigint GENERATED ALWAYS AS IDENTITY,
    listing_no smallint NOT NULL DEFAULT 1,
    columns smallint NOT NULL,
    business_number varchar(10) NOT NULL,
    service_key varchar(60) NOT NULL,
    service_type varchar(2),
    open_data_code varchar(3) NOT NULL,
    service_name text NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    address text NOT NULL,
    full_address text NOT NULL,
    building text NOT NULL,
    municipality varchar(6),
    prefecture varchar(6),
    latitude double precision,
    longitude double precision,
    phone text NOT NULL,
    phone_digits text NOT NULL,
    fax text,
    corporate_number text,
    corporation_name text,
    capacity integer,
    url text,
    weekdays text,
    weekdays_note text,
    extra jsonb,
    search_key text NOT NULL
) ON COMMIT DROP;
