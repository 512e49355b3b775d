/** The dialogs of a board by name, so that whoever opens one need not know its module. */
import { ArchiveDialog } from "./archive-dialog.js";
import { ColumnDialog } from "./column-dialog.js";
import { HelpDialog } from "./help-dialog.js";
import { PeopleDialog } from "./people-dialog.js";
import { SprintsDialog } from "./sprints-dialog.js";
import { TaskDialog } from "./task-dialog.js";

/** @type {Record<string, (props: any) => any>} */
export const dialogs = {
  archive: ArchiveDialog, column: ColumnDialog, help: HelpDialog, people: PeopleDialog, sprints: SprintsDialog, task: TaskDialog,
};
