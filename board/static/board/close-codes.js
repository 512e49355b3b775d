/** What the hub's close codes ask of a client. */
export const TICKET_EXPIRED = 4004;

const ABOUT_THE_TICKET = [TICKET_EXPIRED, 4500, 4503];  // expired, bad, revoked
const FIRST_FINAL = 4500;

/** @param {number} code @returns {boolean} whether a new ticket may mend it */
export function wantsTicket(code) {
  return ABOUT_THE_TICKET.includes(code);
}

/** @param {number} code @returns {boolean} whether coming back the same way would not help */
export function isFinal(code) {
  return code >= FIRST_FINAL;
}

/** @param {string} why the hub refuses a subscription @returns {boolean} whether the API is to be asked: the hub may have heard wrong of a board */
export function isAboutTheTicket(why) {
  return ["ticket", "board"].includes(why);
}
