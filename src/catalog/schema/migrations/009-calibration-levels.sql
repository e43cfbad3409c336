-- which calibration levels there are

CREATE INDEX ix_image_calibration_level ON image (calibration_level);
