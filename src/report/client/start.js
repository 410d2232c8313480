import { startExports } from "./export.js";
import { startKeys } from "./keys.js";
import { startTheme } from "./theme.js";
import { startViews } from "./view.js";

startTheme();
startKeys();
startViews();
startExports();
