// What every page needs: the error summary takes the focus, a form is not sent twice, the menu closes.
import { pageHeaders } from "./page-headers.js";
import { isTyped } from "./typed.js";

document.querySelector("[data-focus]")?.focus();

// What was typed before htmx came is checked like the rest (htmx listens to this event before us).
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll('form[hx-trigger*="change"]')) {
    if ([...form.elements].some((one) => one.matches("input, select, textarea") && isTyped(one))) {
      form.dispatchEvent(new Event("change"));
    }
  }
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  Object.assign(detail.headers, pageHeaders());
  delete detail.parameters.csrfmiddlewaretoken; // Django believes the field before the header
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  // A form of the offline queue serves one person after the other: the queue itself counts each once.
  const served = ["hx-post", "data-offline"].some((name) => form.hasAttribute(name));
  if (form.method !== "post" || served) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Coming back with the browser's arrow shows the page as it was: forms may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A deed that cannot be undone asks once more: <button data-confirm="Ce qui va se passer">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

// Pages kept on this device for use without network belong to one person: they leave with that person.
if (window.caches) {
  if (!document.body.dataset.person) caches.delete("emargement-pages");
  const mine = `pages:${document.body.dataset.person}`;
  caches.keys().then((names) => names.filter((name) => name.startsWith("pages:") && name !== mine).forEach((name) => caches.delete(name)));
}
