// The tasks and photos of a period on a phone: kept on the device before they are sent, sent again when the
// network or the session comes back. A task carries its identifier, so that sending twice writes once.
import { pageHeaders } from "./page-headers.js";
import { begin, end, readAgain } from "./sending.js";

const root = document.querySelector("[data-tasks]");
const STORE = "waiting";

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("livret", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, deed) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(STORE, mode);
    const request = deed(transaction.objectStore(STORE));
    transaction.oncomplete = () => { base.close(); resolve(request.result); };
    transaction.onerror = () => { base.close(); reject(transaction.error); };
  });
}

function start() {
  const { tasks: period, person, login, most } = root.dataset;
  const owner = `${period}:${person}`;
  const draftKey = `livret-mission:${owner}`;
  const banner = root.querySelector("[data-tasks-banner]");
  const taskForm = root.querySelector("[data-task-form]");
  const proofForm = root.querySelector("[data-proof-form]");
  let sending = false;
  let delay = 0;
  let timer = 0;

  const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

  function error(form, message) {
    const place = form.querySelector("[data-task-error]");
    place.textContent = message;
    place.hidden = !message;
  }

  function line(item, text) {
    let row = root.querySelector(`[data-waiting="${item.id}"]`);
    if (!row) {
      row = document.createElement("li");
      row.dataset.waiting = item.id;
      root.querySelector("[data-tasks-list]").append(row);
    }
    row.textContent = `${item.label} `;
    const state = document.createElement("span");
    state.className = "save-state small";
    state.textContent = text;
    row.append(state);
  }

  async function mine() {
    const all = await inStore("readonly", (store) => store.getAll());
    return all.filter((item) => item.owner === owner).sort((a, b) => a.at - b.at);
  }

  async function keep(item, form) {
    try {
      await inStore("readwrite", (store) => store.put(item));
    } catch {
      error(form, "Cet appareil n'a plus de place\u00a0: libérez-en, ou attendez le réseau pour envoyer.");
      return false;
    }
    line(item, "⟳ Gardé sur cet appareil");
    flush();
    return true;
  }

  async function flush() {
    if (sending || !begin(root)) return;
    sending = true;
    clearTimeout(timer);
    let sent = 0;
    let refused = false;
    try {
      for (const item of await mine()) {
        const result = await send(item);
        if (result === "wait") return;
        await inStore("readwrite", (store) => store.delete(item.id));
        if (result === "refused") refused = true;
        else sent += 1;
      }
      delay = 0;
      if (sent && !refused) readAgain(); // a refusal stays under the eyes
    } finally {
      sending = false;
      end(root);
    }
  }

  function wait(sentence, signIn = false) {
    banner.textContent = sentence;
    if (signIn && login) {
      const link = document.createElement("a");
      link.href = login;
      link.target = "_blank";
      link.rel = "opener";
      link.textContent = "Reconnectez-vous dans un autre onglet";
      banner.append(" ", link, ", puis revenez ici.");
    }
    delay = Math.min(delay ? delay * 2 : 3000, 60000);
    timer = setTimeout(flush, delay);
    return "wait";
  }

  async function send(item) {
    const body = new FormData();
    for (const [name, value] of item.fields) body.append(name, value);
    if (item.file) body.append("file", item.file, item.name);
    let response;
    try {
      response = await fetch(item.url, {
        method: "POST",
        redirect: "manual",
        headers: { ...pageHeaders(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        body,
      });
    } catch {
      line(item, "⚠ Gardé sur cet appareil, pas encore envoyé");
      return wait("Pas de réseau\u00a0: vos missions sont gardées sur cet appareil et partiront toutes seules.");
    }
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    if (response.type === "opaqueredirect" || (!isJson && response.status < 500)) {
      line(item, "⚠ Gardé sur cet appareil, pas encore envoyé");
      return wait("Votre session a expiré, ou quelqu'un d'autre s'est connecté dans ce navigateur\u00a0: vos missions sont gardées sur cet appareil.", true);
    }
    if (response.status >= 500) return wait("Le serveur ne répond pas\u00a0: l'envoi reprendra tout seul.");
    const answer = await response.json();
    if (answer.state === "saved") {
      line(item, "✓ Envoyé");
      return "saved";
    }
    const form = item.kind === "task" ? taskForm : proofForm;
    root.querySelector(`[data-waiting="${item.id}"]`)?.remove();
    if (item.kind === "task") fill(item.fields);
    form.closest("details").open = true;
    error(form, `${item.label}\u00a0: ${answer.message}`);
    form.querySelector("[data-task-error]").scrollIntoView({ block: "center" });
    return "refused";
  }

  // --- the form as it is typed -----------------------------------------------------------------
  const written = () => [...new FormData(taskForm)].filter(([name]) => !["csrfmiddlewaretoken", "uuid"].includes(name));

  function fill(fields) {
    for (const [name, value] of fields) {
      for (const one of taskForm.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (one.type === "checkbox") one.checked ||= one.value === value;
        else if (one.type !== "hidden") one.value = value;
      }
    }
    taskForm.closest("details").open = true;
  }

  function saveDraft() {
    try {
      localStorage.setItem(draftKey, JSON.stringify(written()));
    } catch {
      // Without room the page still holds what was typed.
    }
  }

  taskForm.addEventListener("input", saveDraft);
  taskForm.elements.planned?.addEventListener("change", ({ target }) => {
    const { kind, network, title } = target.selectedOptions[0].dataset;
    if (!title) return;
    taskForm.elements.title.value = title;
    taskForm.elements.kind.value = kind;
    taskForm.elements.network.value = network;
    saveDraft();
  });
  taskForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    const title = taskForm.elements.title.value.trim();
    if (!title) {
      error(taskForm, "Dites en quelques mots ce que vous avez fait.");
      taskForm.elements.title.focus();
      return;
    }
    error(taskForm, "");
    const id = newId();
    const fields = [...written(), ["uuid", id]];
    const item = { id, owner, kind: "task", url: taskForm.action, fields, label: title, at: Date.now() };
    if (await keep(item, taskForm)) {
      taskForm.reset();
      localStorage.removeItem(draftKey);
      delete taskForm.dataset.sent;
    }
  });
  proofForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    delete proofForm.dataset.sent;
    const [file] = proofForm.elements.file.files;
    if (!file) return error(proofForm, "Choisissez un fichier.");
    if (file.size > Number(most)) {
      const size = Math.round(file.size / 1024 / 1024);
      return error(proofForm, `Ce fichier pèse ${size} Mo\u00a0: pas plus de 25 Mo. Envoyez une photo, ou un PDF plus léger.`);
    }
    error(proofForm, "");
    const id = newId();
    const item = {
      id, owner, kind: "proof", url: proofForm.action, fields: [["uuid", id]],
      file, name: file.name, label: file.name, at: Date.now(),
    };
    if (await keep(item, proofForm)) proofForm.reset();
  });
  // Chosen is sent: a photo left in its field would not be in what is signed.
  proofForm.querySelector("[type=submit]").hidden = true;
  proofForm.elements.file.addEventListener("change", () => proofForm.requestSubmit());
  document.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "sign") return;
    const isTyped = taskForm.elements.title.value.trim() !== "";
    if (!isTyped && !root.querySelector("[data-waiting]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    taskForm.closest("details").open = true;
    error(taskForm, isTyped
      ? "Cette mission n'est pas encore ajoutée\u00a0: ajoutez-la ou effacez-la, puis signez."
      : "Une mission ou un fichier n'est pas encore parti\u00a0: attendez son envoi, puis signez.");
    taskForm.querySelector("[data-task-error]").scrollIntoView({ block: "center" });
  }, true);
  window.addEventListener("online", flush);
  window.addEventListener("focus", flush);

  // What an earlier visit typed or could not send.
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey));
    if (draft?.some(([name, value]) => ["title", "details"].includes(name) && value)) fill(draft);
  } catch {
    localStorage.removeItem(draftKey);
  }
  mine().then((items) => {
    items.forEach((item) => line(item, "⟳ Envoi…"));
    flush();
  });
}

if (root && window.indexedDB) start();
