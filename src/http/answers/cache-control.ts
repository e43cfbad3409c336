/** How long a cache may give out a product while the service fails, in seconds (RFC 5861, 4). */
const STALE_IF_ERROR = 86_400;

/**
 * Cache-Control of products. They change only when their source does; their validators tell
 * whether that has happened, so a short time is enough and a corrected label is soon seen. A cache
 * may give out an old one for that time once more while it asks (RFC 5861, 3).
 *
 * @param maxAge seconds, SBNSIS_MAX_AGE
 */
export function productCacheControl(maxAge: number): string {
  const revalidate = maxAge === 0 ? "" : `, stale-while-revalidate=${maxAge}`;
  return `public, max-age=${maxAge}${revalidate}, stale-if-error=${STALE_IF_ERROR}`;
}
