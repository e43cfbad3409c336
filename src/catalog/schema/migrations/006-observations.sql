-- size, survey, wavelengths, middle of the exposure, center and field of view

ALTER TABLE image_detail ADD COLUMN axis1 INTEGER;

ALTER TABLE image_detail ADD COLUMN axis2 INTEGER;

ALTER TABLE image_detail ADD COLUMN survey VARCHAR;

ALTER TABLE image_detail ADD COLUMN em_min DOUBLE PRECISION;

ALTER TABLE image_detail ADD COLUMN em_max DOUBLE PRECISION;

ALTER TABLE image_detail ADD COLUMN mid_mjd DOUBLE PRECISION;

ALTER TABLE image_detail ADD COLUMN s_ra DOUBLE PRECISION;

ALTER TABLE image_detail ADD COLUMN s_dec DOUBLE PRECISION;

ALTER TABLE image_detail ADD COLUMN s_fov DOUBLE PRECISION;

CREATE INDEX ix_image_detail_survey ON image_detail (survey, start_mjd);
