// What a form holds is never lost. Without network it is not sent into the void. One that was refused because the session had ended, or because somebody signed in in another tab since the
// page was opened (the page's key is then too old): its words and its drawn signature wait in this tab, and come
// back with the page once the same person is signed in. Passwords, files and fields marked data-private are never kept.
const KEY = "sent-form";
const person = document.body.dataset.person ?? "";
const here = window.location.pathname + window.location.search;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(draft) {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // No storage in this browser: nothing is kept, nothing breaks.
  }
}

const LEFT_OUT = ["password", "file", "hidden", "submit", "button"];
const isKept = (one) => !LEFT_OUT.includes(one.type) || "signatureValue" in one.dataset;
const fields = (form) => [...form.elements].filter((one) => one.name && isKept(one) && !("private" in one.dataset));
const forms = () => [...document.querySelectorAll("main form[method=post]")].filter(
  (form) => !("autosave" in form.dataset),
);

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.type === "select-multiple") return [...field.selectedOptions].map((one) => one.value);
  return field.value;
}

function setValue(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.type === "select-multiple") {
    for (const option of field.options) option.selected = value.includes(option.value);
  } else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("submit", (event) => {
  const rank = forms().indexOf(event.target);
  const kept = rank < 0 ? [] : fields(event.target);
  // Signing in again is a form too: it must not take the place of what waits for it.
  if (!kept.length || (!person && read()?.interrupted)) return;
  const values = kept.map((field) => [field.name, valueOf(field)]);
  write({ person, page: here, rank, values, hasFile: Boolean(event.target.querySelector("[type=file]")) });
});

function tell(form, sentence) {
  const notice = form.querySelector("[data-draft-notice]") || document.createElement("p");
  notice.className = "alert alert-warning";
  notice.dataset.draftNotice = "";
  notice.setAttribute("role", "status");
  notice.tabIndex = -1;
  notice.textContent = sentence;
  form.prepend(notice);
  notice.focus();
}

// On the window, after whoever sends the form itself: here the browser would really leave the page.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  delete form.dataset.sent;
  write(null);
  tell(form, "Pas de réseau\u00a0: rien n'est parti, rien n'est perdu. Gardez cette page ouverte et recommencez au retour du réseau.");
});

function restore(draft) {
  const form = forms()[draft.rank];
  if (!form) return;
  // By name and rank among the fields of that name: boxes and radios share one.
  const now = fields(form);
  const seen = {};
  for (const [name, value] of draft.values) {
    const rank = (seen[name] = (seen[name] ?? -1) + 1);
    const field = now.filter((one) => one.name === name)[rank];
    if (field && typeof value === typeof valueOf(field)) setValue(field, value);
  }
  tell(form, `${draft.why}. Ce que vous aviez écrit est revenu. ${
    draft.hasFile ? "Choisissez de nouveau les fichiers, puis envoyez." : "Relisez, puis envoyez."}`);
}

const draft = read();
const isMine = draft && (!draft.person || draft.person === person); // a page without account is nobody's
// An answer comes to the page that sent the form, or to another of ours that forgets it. Opened anew, or come back
// to from the browser's own page of error: no answer came.
const isAnswer = document.referrer === window.location.origin + here
  && performance.getEntriesByType("navigation")[0]?.type !== "back_forward";
if (draft && document.querySelector("[data-stale-form]") && (isMine || !person)) {
  write({ ...draft, interrupted: true, why: "Rien n'a été envoyé\u00a0: vous vous êtes reconnecté dans un autre onglet" });
  window.location.replace(draft.page);
} else if (draft?.person && !person) {
  write({ ...draft, interrupted: true, why: draft.why || "Rien n'a été envoyé\u00a0: votre session avait expiré" });
} else if (isMine && draft.page === here && (draft.interrupted || !isAnswer)) {
  write(null);
  restore({ why: "Le réseau a manqué pendant l'envoi, et rien n'a répondu", ...draft });
} else if (draft && !(isMine && draft.interrupted)) write(null);
