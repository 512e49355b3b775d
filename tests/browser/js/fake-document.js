/** Just so much of a document as a list of cards needs. */

class FakeElement {
  dataset = {};
  children = [];
  parent = null;
  className = "";
  #text = "";

  get textContent() { return this.#text; }
  set textContent(text) { this.#text = text; }
  get firstElementChild() { return this.children[0] ?? null; }
  get lastElementChild() { return this.children.at(-1) ?? null; }
  get nextElementSibling() { return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null; }
  get nextSibling() { return this.nextElementSibling; }

  append(...children) {
    children.forEach((child) => this.insertBefore(child, null));
  }

  insertBefore(child, next) {
    child.remove();
    FakeElement.insertions += 1;
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child);
    child.parent = this;
  }

  remove() {
    if (this.parent) this.parent.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }

  setAttribute() {}

  classList = { toggle: (name, on) => {
    const others = this.className.split(" ").filter((one) => one && one !== name);
    this.className = (on ? [...others, name] : others).join(" ");
  } };

  static insertions = 0;
}

/** @returns {FakeElement} an empty list, in a document that lasts for the whole test file */
export function fakeList() {
  const list = new FakeElement();
  const getElementById = (id) => list.children.find((one) => one.id === id) ?? null;
  globalThis.document = { createElement: () => new FakeElement(), getElementById };
  return list;
}

/** @returns {number} how many elements were put somewhere while `act` ran */
export function insertionsIn(act) {
  const before = FakeElement.insertions;
  act();
  return FakeElement.insertions - before;
}
