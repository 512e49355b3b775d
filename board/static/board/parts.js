/**
 * The parts of a board's page that it is drawn without at first, by name: its dialogs, and who else is here.
 *
 * Their modules, and the libraries that only they use, are fetched once the board is drawn: they are half of
 * what the page needs, and none of what it shows first.
 */
import { signal } from "@preact/signals";

/** @typedef {Record<string, (props: any) => any>} Parts */

/** @type {import("@preact/signals").Signal<Parts | null>} */
const loaded = signal(null);
/** @type {Promise<void> | null} */
let loading = null;

/** @returns {Promise<void>} when every part can be shown; asked again, it tries what failed again */
export function loadParts() {
  loading ??= fetchParts().then((parts) => { loaded.value = parts; }, () => { loading = null; });
  return loading;
}

/** @param {string} kind @returns {((props: any) => any) | undefined} undefined while its module is on its way */
export function partOf(kind) {
  if (!loaded.value) loadParts();
  return loaded.value?.[kind];
}

/** @returns {Promise<Parts>} */
async function fetchParts() {
  const [archive, column, help, here, people, sprints, task] = await Promise.all([
    import("./archive-dialog.js"), import("./column-dialog.js"), import("./help-dialog.js"), import("./here.js"),
    import("./people-dialog.js"), import("./sprints-dialog.js"), import("./task-dialog.js"),
  ]);
  return {
    archive: archive.ArchiveDialog, column: column.ColumnDialog, help: help.HelpDialog, here: here.Here,
    people: people.PeopleDialog, sprints: sprints.SprintsDialog, task: task.TaskDialog,
  };
}
