// The live sheet asks for its news every three seconds: it waits while somebody is writing in it,
// so that a half-typed reason is not swept away.
document.addEventListener("htmx:beforeRequest", (event) => {
  const sheet = event.target.closest?.("#feuille");
  if (sheet && event.target === sheet && sheet.querySelector("details[open]")) event.preventDefault();
});

// Kept whole by the browser and come back to with its arrow, the sheet asks for its news at once.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.htmx?.trigger("#feuille", "renouveler");
});
