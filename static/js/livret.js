// A period of the livret is kept as it is written.
import { autosave } from "./autosave.js";

const form = document.querySelector("form[data-autosave]");
if (form) autosave(form);
