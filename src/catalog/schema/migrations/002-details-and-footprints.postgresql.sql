-- what else labels say, and the index of footprints

CREATE TABLE image_detail (
  image_id INTEGER PRIMARY KEY,
  version_id VARCHAR NOT NULL,
  label_digest VARCHAR NOT NULL,
  label_stamp VARCHAR,
  title VARCHAR,
  start_time VARCHAR,
  stop_time VARCHAR,
  start_mjd DOUBLE PRECISION,
  stop_mjd DOUBLE PRECISION,
  exposure DOUBLE PRECISION,
  filter VARCHAR,
  field_id VARCHAR,
  limiting_magnitude DOUBLE PRECISION,
  corners VARCHAR,
  md5 VARCHAR,
  file_size BIGINT
);

CREATE INDEX ix_image_detail_start ON image_detail (start_mjd, stop_mjd);

CREATE INDEX ix_image_detail_filter ON image_detail (filter, start_mjd, stop_mjd);

CREATE INDEX ix_image_detail_long ON image_detail ((stop_mjd - start_mjd))
  WHERE stop_mjd - start_mjd > 1;

-- These include the id, so that pages ordered by id need no sorting; the indexes of the Python
-- service have only the column.
CREATE INDEX ix_image_collection_order ON image (collection, id);

CREATE INDEX ix_image_facility_order ON image (facility, id);

CREATE INDEX ix_image_instrument_order ON image (instrument, id);

CREATE INDEX ix_image_target ON image (target);

CREATE INDEX ix_image_label_url ON image (label_url);

-- Prefixes of LIDs are compared by code points, whatever the collation of the database.
CREATE INDEX ix_image_obs_id_c ON image (obs_id COLLATE "C");

CREATE TABLE image_footprint (id INTEGER PRIMARY KEY, xy BOX NOT NULL, z BOX NOT NULL);

CREATE INDEX ix_image_footprint ON image_footprint USING gist (xy, z);

-- Trigger functions run with the rights of their owner, so that users who may change image need
-- none on the other tables, and with only the schema of image in the search path, so that nobody
-- can substitute other tables.
DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_detail_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN DELETE FROM image_detail USING gone WHERE image_id = gone.id; DELETE
    FROM image_footprint USING gone WHERE image_footprint.id = gone.id;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

CREATE TRIGGER image_detail_delete AFTER DELETE ON image REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION image_detail_deleted();

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_detail_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN DELETE FROM image_detail; DELETE FROM image_footprint;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

CREATE TRIGGER image_detail_truncate AFTER TRUNCATE ON image
  FOR EACH STATEMENT EXECUTE FUNCTION image_detail_emptied();
