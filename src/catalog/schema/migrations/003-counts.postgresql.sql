-- counts by collection, facility, instrument and type, kept by triggers

-- If each combination had one row, two writers would wait for each other and could deadlock: they
-- only add rows, and now and then one of them sums up those that exist.
CREATE TABLE image_count_change (
  collection VARCHAR NOT NULL,
  facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  data_product_type VARCHAR NOT NULL,
  count BIGINT NOT NULL
);

CREATE SEQUENCE image_count_turn;

CREATE VIEW image_count AS
  SELECT collection, facility, instrument, data_product_type, sum(count)::bigint AS count
  FROM image_count_change GROUP BY collection, facility, instrument, data_product_type;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_count_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    INSERT INTO image_count_change (collection, facility, instrument, data_product_type, count)
    SELECT collection, facility, instrument, data_product_type, sum(n)
    FROM (SELECT collection, facility, instrument, data_product_type, 1 AS n FROM added) AS changed
    GROUP BY collection, facility, instrument, data_product_type HAVING sum(n) <> 0;
    IF nextval('image_count_turn') %% 500 = 0
      AND pg_try_advisory_xact_lock(hashtext('image_count_change')) THEN
    WITH folded AS (DELETE FROM image_count_change RETURNING *)
    INSERT INTO image_count_change (collection, facility, instrument, data_product_type, count)
    SELECT collection, facility, instrument, data_product_type, sum(count) FROM folded
    GROUP BY collection, facility, instrument, data_product_type HAVING sum(count) <> 0;
    END IF;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_count_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    INSERT INTO image_count_change (collection, facility, instrument, data_product_type, count)
    SELECT collection, facility, instrument, data_product_type, sum(n)
    FROM (SELECT collection, facility, instrument, data_product_type, -1 AS n FROM gone) AS changed
    GROUP BY collection, facility, instrument, data_product_type HAVING sum(n) <> 0;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_count_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    INSERT INTO image_count_change (collection, facility, instrument, data_product_type, count)
    SELECT collection, facility, instrument, data_product_type, sum(n)
    FROM (SELECT collection, facility, instrument, data_product_type, 1 AS n FROM added
      UNION ALL SELECT collection, facility, instrument, data_product_type, -1 FROM gone) AS changed
    GROUP BY collection, facility, instrument, data_product_type HAVING sum(n) <> 0;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_count_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN DELETE FROM image_count_change;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO image_count_change (collection, facility, instrument, data_product_type, count)
  SELECT collection, facility, instrument, data_product_type, count(*) FROM image
  GROUP BY collection, facility, instrument, data_product_type;

CREATE TRIGGER image_count_insert AFTER INSERT ON image REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION image_count_inserted();

CREATE TRIGGER image_count_delete AFTER DELETE ON image REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION image_count_deleted();

CREATE TRIGGER image_count_update AFTER UPDATE ON image
  REFERENCING OLD TABLE AS gone NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION image_count_updated();

CREATE TRIGGER image_count_truncate AFTER TRUNCATE ON image
  FOR EACH STATEMENT EXECUTE FUNCTION image_count_emptied();
