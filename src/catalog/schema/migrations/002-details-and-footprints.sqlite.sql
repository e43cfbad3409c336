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

CREATE INDEX ix_image_detail_long ON image_detail (stop_mjd - start_mjd)
  WHERE stop_mjd - start_mjd > 1;

CREATE INDEX ix_image_target ON image (target);

CREATE INDEX ix_image_label_url ON image (label_url);

CREATE VIRTUAL TABLE image_footprint USING rtree(id, x0, x1, y0, y1, z0, z1);

CREATE TRIGGER image_detail_delete AFTER DELETE ON image BEGIN DELETE FROM image_detail
  WHERE image_id = old.id; DELETE FROM image_footprint WHERE id = old.id;
  END;
