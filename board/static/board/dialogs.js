/**
 * The dialogs of a board by name, so that whoever opens one need not know its module.
 *
 * Their modules, and the libraries that only they use, are fetched once the board is drawn: they are half of
 * what the page needs, and none of what it shows first.
 */
import { signal } from "@preact/signals";

/** @typedef {Record<string, (props: any) => any>} Dialogs */

/** @type {import("@preact/signals").Signal<Dialogs | null>} */
const loaded = signal(null);
/** @type {Promise<void> | null} */
let loading = null;

/** @returns {Promise<void>} when every dialog can be opened; asked again, it tries what failed again */
export function loadDialogs() {
  loading ??= fetchDialogs().then((dialogs) => { loaded.value = dialogs; }, () => { loading = null; });
  return loading;
}

/** @param {string} kind @returns {((props: any) => any) | undefined} undefined while its module is on its way */
export function dialogOf(kind) {
  if (!loaded.value) loadDialogs();
  return loaded.value?.[kind];
}

/** @returns {Promise<Dialogs>} */
async function fetchDialogs() {
  const [archive, column, help, people, sprints, task] = await Promise.all([
    import("./archive-dialog.js"), import("./column-dialog.js"), import("./help-dialog.js"),
    import("./people-dialog.js"), import("./sprints-dialog.js"), import("./task-dialog.js"),
  ]);
  return {
    archive: archive.ArchiveDialog, column: column.ColumnDialog, help: help.HelpDialog,
    people: people.PeopleDialog, sprints: sprints.SprintsDialog, task: task.TaskDialog,
  };
}
