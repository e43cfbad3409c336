/** Stars in a frame: the icon of the service in browsers. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="2" fill="#1b1b32"/><g fill="#fff"><circle cx="5" cy="5" r="1.4"/><circle cx="11" cy="7" r="1"/><circle cx="7" cy="11.5" r=".8"/></g></svg>';
