// A form that saves itself, field by field. What is not saved yet is kept in localStorage and sent again
// when the network or the session comes back, after a reload too.
//
// <form data-autosave="KIND:OBJECT" data-person="WHO" data-save="URL" data-login="URL">
// Beside each field, <input type="hidden" name="seen-FIELD"> holds what the server last said, and
// <span data-state-of="FIELD"> shows what became of it. The server answers in JSON: state (saved,
// conflict, error, later), value, current, message. With data-whole the submit buttons send the whole form.
import { pageHeaders } from "./page-headers.js";
import { begin, end, readAgain } from "./sending.js";
import { isTyped } from "./typed.js";

export function autosave(form, { onSaved = () => {}, normalised = () => false } = {}) {
  const { autosave: key, person, save, login, whole } = form.dataset;
  const prefix = `${key}:${person}:`;
  const pending = new Map(); // field -> {value, seen}: to be sent, oldest first
  const timers = new Map();
  const banner = form.querySelector("[data-autosave-banner]");
  let sending = false;
  let delay = 0;
  let retryTimer = 0;
  let stored = true;
  let mustReload = false;

  const controls = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const seenInput = (name) => form.querySelector(`[name="${CSS.escape(`seen-${name}`)}"]`);
  const state = (name) => form.querySelector(`[data-state-of="${CSS.escape(name)}"]`);
  const isField = (target) => target.name && seenInput(target.name) !== null;

  function valueOf(name) {
    const all = controls(name);
    if (all[0]?.type === "radio") return all.find((one) => one.checked)?.value ?? "";
    return all[0]?.value ?? "";
  }

  const typedAlready = (name) => controls(name).some(isTyped);

  function setValue(name, value) {
    for (const one of controls(name)) {
      if (one.type === "radio") one.checked = one.value === value;
      else one.value = value;
    }
  }

  function show(name, kind, text, buttons = []) {
    const place = state(name);
    if (!place) return;
    place.dataset.kind = kind;
    place.textContent = text;
    for (const control of controls(name)) {
      if (kind === "error") control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-secondary btn-sm";
      button.textContent = label;
      button.addEventListener("click", act);
      place.append(document.createElement("br"), button);
    }
  }

  function keep(name, entry) {
    try {
      localStorage.setItem(prefix + name, JSON.stringify(entry));
    } catch {
      stored = false;
    }
  }

  function forget(name) {
    try {
      localStorage.removeItem(prefix + name);
    } catch {
      stored = false;
    }
  }

  function queue(name) {
    clearTimeout(timers.get(name));
    const value = valueOf(name);
    const seen = seenInput(name).value;
    if (value === seen && !pending.has(name)) {
      forget(name);
      show(name, "", "");
      return;
    }
    // A field being sent keeps the value it started from: the answer will tell the new one.
    const entry = { value, seen };
    pending.set(name, entry);
    keep(name, entry);
    show(name, "waiting", "⟳ Enregistrement…");
    flush();
  }

  async function flush() {
    if (sending || !begin(form)) return;
    sending = true;
    clearTimeout(retryTimer);
    try {
      while (pending.size) {
        const [name, entry] = pending.entries().next().value;
        if (!(await send(name, entry))) return;
      }
      delay = 0;
      banner.textContent = "";
      if (mustReload) readAgain();
    } finally {
      sending = false;
      end(form);
    }
  }

  // True when the field has its answer, false when everything must wait.
  async function send(name, entry) {
    let response;
    try {
      response = await fetch(save, {
        method: "POST",
        redirect: "manual",
        headers: { ...pageHeaders(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        body: new URLSearchParams({ name, value: entry.value, seen: entry.seen }),
      });
    } catch {
      return wait(name, "Pas de réseau\u00a0: votre saisie est gardée sur cet appareil et repartira toute seule.");
    }
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    // A page instead of our answer: the sign-in, or the refusal of a token that is no longer ours.
    const isPage = !isJson && [200, 400, 401, 403].includes(response.status);
    if (response.type === "opaqueredirect" || isPage) {
      return wait(name, login
        ? "Votre session a expiré, ou quelqu'un d'autre s'est connecté dans ce navigateur\u00a0: votre saisie est gardée sur cet appareil."
        : "La page a expiré\u00a0: votre saisie est gardée sur cet appareil. Rechargez la page.", Boolean(login));
    }
    if (response.status >= 500) {
      return wait(name, "Le serveur ne répond pas\u00a0: votre saisie est gardée et repartira toute seule.");
    }
    const answer = isJson ? await response.json() : { state: "error", message: "Ce champ n'existe plus\u00a0: rechargez la page." };
    if (answer.state === "later") return wait(name, `${answer.message} Votre saisie est gardée sur cet appareil.`);
    const current = pending.get(name);
    const typedSince = current !== entry && current.value !== entry.value;
    pending.delete(name);
    if (answer.state === "saved") saved(name, answer, typedSince, current);
    else if (answer.state === "conflict") conflict(name, answer);
    else {
      forget(name);
      show(name, "error", `⚠ ${answer.message}`);
      if (typedSince) queue(name);
    }
    return true;
  }

  function saved(name, answer, typedSince, current) {
    seenInput(name).value = answer.value;
    if (typedSince) {
      const entry = { value: current.value, seen: answer.value };
      pending.set(name, entry);
      keep(name, entry);
    } else {
      forget(name);
      if (normalised(name)) setValue(name, answer.value);
      show(name, "saved", "✓ Enregistré");
    }
    onSaved(answer);
    mustReload ||= Boolean(answer.reload);
  }

  function conflict(name, answer) {
    showConflict(name, answer);
    if (!answer.current || controls(name)[0]?.tagName !== "TEXTAREA") return;
    const other = document.createElement("blockquote");
    other.className = "small border-start ps-2 my-1";
    other.textContent = `L'autre\u00a0: ${answer.current}`;
    state(name)?.insertBefore(other, state(name).querySelector("br"));
  }

  function showConflict(name, answer) {
    show(name, "error", `⚠ ${answer.message}`, [
      ["Garder ma saisie", () => {
        seenInput(name).value = answer.current;
        queue(name);
      }],
      ["Prendre l'autre", () => {
        seenInput(name).value = answer.current;
        setValue(name, answer.current);
        forget(name);
        show(name, "saved", "✓ Enregistré");
      }],
    ]);
  }

  function wait(name, sentence, signIn = false) {
    for (const waiting of pending.keys()) show(waiting, "waiting", "⚠ Gardé sur cet appareil, pas encore enregistré");
    banner.textContent = sentence;
    if (signIn) {
      const link = document.createElement("a");
      link.href = login;
      link.target = "_blank";
      link.rel = "opener";
      link.textContent = "Reconnectez-vous dans un autre onglet";
      banner.append(" ", link, ", puis revenez ici\u00a0: elle repartira toute seule.");
    }
    delay = Math.min(delay ? delay * 2 : 3000, 60000);
    retryTimer = setTimeout(flush, delay);
    return false;
  }

  form.addEventListener("input", (event) => {
    const { target } = event;
    if (!isField(target) || target.type === "radio") return;
    const { name } = target;
    keep(name, { value: valueOf(name), seen: seenInput(name).value });
    show(name, "waiting", "⟳ …");
    clearTimeout(timers.get(name));
    // A date or a mark is finished when the field is left; a text saves itself while one writes.
    if (target.tagName === "TEXTAREA") timers.set(name, setTimeout(() => queue(name), 2000));
  });
  form.addEventListener("change", (event) => {
    if (isField(event.target)) queue(event.target.name);
  });
  form.addEventListener("submit", (event) => {
    if (whole !== undefined) return; // the browser sends the whole form, then shows the next page
    event.preventDefault();
    const names = new Set([...form.elements].filter(isField).map((one) => one.name));
    for (const name of names) if (valueOf(name) !== seenInput(name).value) queue(name);
    flush();
  });
  window.addEventListener("online", flush);
  window.addEventListener("focus", flush);
  window.addEventListener("beforeunload", (event) => {
    if (pending.size && !stored) event.preventDefault();
  });

  const early = [...new Set([...form.elements].filter(isField).map((one) => one.name))].filter(typedAlready);
  // What an earlier visit could not send.
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      const name = key.slice(prefix.length);
      const entry = JSON.parse(localStorage.getItem(key));
      if (early.includes(name)) continue;
      if (!seenInput(name) || seenInput(name).value === entry.value) {
        forget(name);
        continue;
      }
      setValue(name, entry.value);
      pending.set(name, entry);
      show(name, "waiting", "⟳ Renvoi de votre saisie…");
    }
  } catch {
    stored = false;
  }
  early.forEach(queue);
  flush();
}
