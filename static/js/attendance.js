// The live sheet asks for its news every three seconds: it waits while somebody is writing in it,
// so that a half-typed reason is not swept away.
document.addEventListener("htmx:beforeRequest", (event) => {
  const sheet = event.target.closest?.("#feuille");
  if (sheet && event.target === sheet && sheet.querySelector("details[open]")) event.preventDefault();
});
