import type { Settings } from "./settings.ts";

/** The first part of all links to this service. */
export function publicBase({ IS_PRODUCTION, PUBLIC_URL, API_HOST, API_PORT, BASE_HREF }: Settings): string {
  if (IS_PRODUCTION) return PUBLIC_URL;
  const host = API_HOST.includes(":") ? `[${API_HOST}]` : API_HOST;
  return `http://${host}:${API_PORT}${BASE_HREF}`;
}
