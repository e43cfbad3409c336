/** How long a cache may serve a product while the service fails, in seconds (RFC 5861, 4). */
const STALE_IF_ERROR = 86_400;

/**
 * Cache-Control of products. They change only when their source does, which their validators
 * reveal, so a short time is enough and a corrected label soon shows. A cache may serve a stale
 * product for the same time again while it revalidates (RFC 5861, 3).
 *
 * @param maxAge seconds, SBNSIS_MAX_AGE
 */
export function productCacheControl(maxAge: number): string {
  const revalidate = maxAge === 0 ? "" : `, stale-while-revalidate=${maxAge}`;
  return `public, max-age=${maxAge}${revalidate}, stale-if-error=${STALE_IF_ERROR}`;
}
