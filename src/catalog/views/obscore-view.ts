/** What rows of the view refer to outside the database. */
export interface ObscoreAddresses {
  /** Address of the Virtual Observatory's interfaces, without a slash at the end. */
  readonly voUrl: string;
  /** Authority of the publisher; empty if there is none. */
  readonly authority: string;
}

/** A text as an SQL literal. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The polygon of a footprint (DALI 1.1, 3.3.7): counter-clockwise as seen from inside, which is the
 * sign of the sum of the volumes of each edge with the center.
 */
const OUTLINE = `CREATE OR REPLACE FUNCTION ivoa.sbnsis_outline(corners text, ra float8, d float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $outline$
  WITH vertex AS (
    SELECT n, (c ->> 0)::float8 AS lon, (c ->> 1)::float8 AS lat
    FROM json_array_elements(corners::json) WITH ORDINALITY AS corner(c, n)),
  direction AS (
    SELECT n, lon, lat, cosd(lat) * cosd(lon) AS x, cosd(lat) * sind(lon) AS y, sind(lat) AS z FROM vertex),
  edge AS (
    SELECT a.x AS ax, a.y AS ay, a.z AS az, b.x AS bx, b.y AS by, b.z AS bz
    FROM direction a JOIN direction b ON b.n = a.n % 4 + 1),
  turn AS (
    SELECT sum(cosd(d) * cosd(ra) * (ay * bz - az * by) + cosd(d) * sind(ra) * (az * bx - ax * bz)
      + sind(d) * (ax * by - ay * bx)) AS volume FROM edge)
  SELECT 'POLYGON ICRS ' || string_agg(lon || ' ' || lat, ' ' ORDER BY CASE WHEN volume > 0 THEN -n ELSE n END)
  FROM vertex, turn
$outline$`;

/** A text in an address (RFC 3986, 2.1), as encodeURIComponent of JavaScript writes it. */
const ENCODED = `CREATE OR REPLACE FUNCTION ivoa.sbnsis_encoded(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $encoded$
  SELECT CASE WHEN value ~ '^[A-Za-z0-9_.!~*''():-]*$' THEN replace(value, ':', '%3A') ELSE (
    SELECT string_agg(CASE WHEN c ~ '^[A-Za-z0-9_.!~*''()-]$' THEN c
      ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\\1', 'g') END, '' ORDER BY n)
    FROM regexp_split_to_table(value, '') WITH ORDINALITY AS part(c, n)) END
$encoded$`;

/**
 * Statements that create the view `ivoa.obscore` (IVOA ObsCore 1.1) in PostgreSQL, for TAP servers,
 * with the same values as /vo/sia2.
 */
export function obscoreView({ voUrl, authority }: ObscoreAddresses): readonly string[] {
  const did = authority === "" ? "obs_id" : `${literal(`ivo://${authority}/sbnsis?`)} || obs_id`;
  const atlas = "survey = 'ATLAS'";
  return [
    "CREATE SCHEMA IF NOT EXISTS ivoa",
    OUTLINE,
    ENCODED,
    "DROP VIEW IF EXISTS ivoa.obscore",
    `CREATE VIEW ivoa.obscore AS SELECT
  data_product_type AS dataproduct_type,
  CASE WHEN ${atlas} AND obs_id LIKE '%.diff' THEN 'difference' END AS dataproduct_subtype,
  greatest(1, coalesce(calibration_level, 1)) AS calib_level,
  survey AS obs_collection,
  CASE WHEN ${atlas} THEN regexp_replace(obs_id, '\\.(fits|diff)$', '') ELSE obs_id END AS obs_id,
  title AS obs_title,
  ${did} AS obs_publisher_did,
  ${literal(`${voUrl}/links?ID=`)} || ivoa.sbnsis_encoded(obs_id) AS access_url,
  'application/x-votable+xml;content=datalink' AS access_format,
  ceil(file_size / 1000.0)::bigint AS access_estsize,
  target AS target_name,
  s_ra, s_dec, s_fov,
  ivoa.sbnsis_outline(corners, s_ra, s_dec) AS s_region,
  NULL::float8 AS s_resolution,
  axis1::bigint AS s_xel1, axis2::bigint AS s_xel2,
  pixel_scale * 3600 AS s_pixel_scale,
  start_mjd AS t_min, stop_mjd AS t_max,
  exposure AS t_exptime, exposure AS t_resolution, 1::bigint AS t_xel,
  em_min, em_max, NULL::float8 AS em_res_power, 1::bigint AS em_xel,
  NULL::text AS pol_states, 0::bigint AS pol_xel,
  'phot.count' AS o_ucd,
  facility AS facility_name, instrument AS instrument_name,
  filter, collection AS pds_collection, limiting_magnitude
FROM image JOIN image_detail ON image_id = id
WHERE data_product_type IN ('image', 'cube')`,
  ];
}
