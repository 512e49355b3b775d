/**
 * Let a change follow one's own change of the same fields: what one has done oneself is no conflict.
 *
 * A second tick is made upon the first before the first has come back. It is sent with the version that the
 * first one got, for the server has found that nobody else came between.
 * @import {Answer, Operation} from "./types"
 */

/** @typedef {{read: number, became: number, fields: string[]}} Own */

export class OwnChanges {
  /** @type {Map<string, Own>} the last conditional change of each entity */
  #last = new Map();

  /** @param {Operation} operation @returns {Operation} as it is to be sent */
  raised(operation) {
    const own = this.#last.get(nameOf(operation));
    return own && follows(operation, own) ? { ...operation, ifMatch: own.became } : operation;
  }

  /** @param {Operation} operation @param {Answer} answer */
  taken(operation, { entity }) {
    if (operation.ifMatch === undefined || !entity) return;
    const own = this.#last.get(nameOf(operation));
    const read = own && follows(operation, own) ? own.read : operation.ifMatch;
    this.#last.set(nameOf(operation), { read, became: entity.version, fields: Object.keys(operation.body) });
  }
}

/** @param {Operation} operation @param {Own} own @returns {boolean} whether all that it changes was own, and nobody else's, since it was read */
function follows({ ifMatch, body }, { read, became, fields }) {
  return ifMatch !== undefined && ifMatch >= read && ifMatch < became && Object.keys(body).every((name) => fields.includes(name));
}

/** @param {Operation} operation @returns {string} */
function nameOf({ entity, id }) {
  return `${entity} ${id}`;
}
