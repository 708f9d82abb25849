// Appreciations: each text saves itself while it is written.
import { autosave } from "./autosave.js";

const form = document.querySelector("form[data-remarks]");
if (form) autosave(form);
