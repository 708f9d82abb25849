// The grading page of a CCF: autosave.js keeps each field, this page counts what is ticked and missing.
import { autosave } from "./autosave.js";

const form = document.querySelector("form[data-ccf]");
if (form) autosave(form, { onSaved, normalised: (name) => name === "mark" });

function onSaved(answer) {
  document.getElementById("ccf-cochees").textContent = answer.ticked;
  document.getElementById("ccf-lignes").textContent = answer.lines;
  const suggested = document.getElementById("ccf-indicative");
  if (suggested) suggested.textContent = answer.indicative ? `${answer.indicative} / 20` : "—";
  const list = document.getElementById("ccf-manque");
  list.replaceChildren(
    ...answer.missing.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }),
  );
  document.getElementById("reste").textContent = answer.missing.length
    ? "Reste à faire avant de verrouiller"
    : "Rien ne manque";
}
