/** Where a list that was pasted or dropped waits for the page that reads lists (sessionStorage). */
export const PASTED_LIST = "pasted-list";
