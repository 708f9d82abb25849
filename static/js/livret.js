// A period of the livret, or a review, is kept as it is written.
import { autosave } from "./autosave.js";

const form = document.querySelector("form[data-autosave]");
if (form) autosave(form, { onSaved: () => document.dispatchEvent(new Event("page:saved")) });
