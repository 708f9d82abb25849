// Inlined in verification.html (attendance/proofs/export.py): recomputes every hash, without server or
// network, and without crypto.subtle, which some browsers refuse to a file opened from a disk.
(function () {
  "use strict";
  const K = [];
  const H0 = [];
  for (let n = 2; K.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    const part = (x) => ((x - Math.floor(x)) * 4294967296) >>> 0;
    if (H0.length < 8) H0.push(part(Math.sqrt(n)));
    K.push(part(Math.cbrt(n)));
  }

  function sha256(bytes) {
    const size = ((bytes.length + 8) >> 6) + 1;
    const padded = new Uint8Array(size * 64);
    padded.set(bytes);
    padded[bytes.length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(size * 64 - 8, Math.floor(bytes.length / 536870912));
    view.setUint32(size * 64 - 4, (bytes.length << 3) >>> 0);
    const h = H0.slice();
    const w = new Uint32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let start = 0; start < padded.length; start += 64) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(start + i * 4);
      for (let i = 16; i < 64; i += 1) {
        const a = w[i - 15];
        const b = w[i - 2];
        w[i] = (w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 64; i += 1) {
        const t1 = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      [a, b, c, d, e, f, g, k].forEach((value, i) => { h[i] = (h[i] + value) | 0; });
    }
    return h.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  }

  const encoder = new TextEncoder();
  const digest = (text) => sha256(encoder.encode(text));

  function verify(data) {
    const problems = [];
    const told = [];
    let previous = data.before;
    let number = null;
    for (const [sequence, content, payload, hash] of data.events) {
      if (number !== null && sequence !== number + 1) problems.push([sequence, "il manque un événement avant celui-ci"]);
      number = sequence;
      const computed = digest(`${sequence}\n${previous}\n${content}`);
      if (payload !== undefined) {
        if (digest(payload) !== content) problems.push([sequence, "le contenu a changé"]);
        if (hash !== computed) problems.push([sequence, "l'empreinte ne suit pas celle de l'événement précédent"]);
        let read = {};
        try { read = JSON.parse(payload); } catch { problems.push([sequence, "le contenu est illisible"]); }
        told.push({ sequence, hash, content: read });
      }
      previous = computed;
    }
    if (previous !== data.after) problems.push([number, "la dernière empreinte n'est pas celle du dossier"]);
    for (const event of told) {
      const facts = event.content.signature;
      if (!facts) continue;
      const kept = data.signatures[facts.signature];
      if (!kept) problems.push([event.sequence, `la signature de ${facts.signer} manque`]);
      else if (kept.sha256 !== facts.sha256 || (kept.text && digest(kept.text) !== facts.sha256)) {
        problems.push([event.sequence, `le tracé de ${facts.signer} a changé`]);
      }
    }
    const closings = new Map(told.filter((e) => e.content.kind === "close").map((e) => [`${e.content.sheet}:${e.content.version}`, e]));
    for (const closing of data.closings) {
      const event = closings.get(`${closing.sheet}:${closing.number}`);
      if (!event) problems.push([null, `aucun événement ne raconte la clôture ${closing.number} de la feuille ${closing.sheet}`]);
      else if (event.content.content_sha256 !== closing.sha256 || (closing.content !== null && digest(closing.content) !== closing.sha256)) {
        problems.push([event.sequence, `le contenu figé de la feuille ${closing.sheet} a changé`]);
      }
    }
    return { problems, told };
  }

  const WORDS = { open: "Ouverture", sign: "Signature", mark: "Annotation", countersign: "Contresignature", close: "Clôture", reopen: "Réouverture", correct: "Correction" };

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function drawing(text) {
    const strokes = JSON.parse(text).strokes;
    if (!strokes) return element("em", JSON.parse(text).typed_name);
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 600 200");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "Tracé de la signature");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", strokes.map((s) => `M${s.map((p) => `${p[0]} ${p[1]}`).join("L")}`).join(""));
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "3");
    svg.append(path);
    return svg;
  }

  function show(data, { problems, told }) {
    const verdict = document.getElementById("verdict");
    verdict.className = problems.length ? "ko" : "ok";
    verdict.textContent = problems.length
      ? `Chaîne rompue\u00a0: ${problems.length} anomalie(s), la première d'abord.`
      : `Chaîne entière\u00a0: ${data.events.length} événements recalculés, dont ${told.length} lisibles\u00a0; ${Object.keys(data.signatures).length} signatures et ${data.closings.length} clôtures vérifiées.`;
    const list = document.getElementById("anomalies");
    problems.slice(0, 100).forEach(([number, words]) => list.append(element("li", `${number ? `Événement n°\u00a0${number}\u00a0: ` : ""}${words}`)));
    const events = document.getElementById("evenements");
    for (const { sequence, hash, content } of told) {
      const line = element("li");
      line.value = sequence;
      line.append(element("strong", `${WORDS[content.kind] || content.kind} · ${content.date} ${content.half}${content.apprentice ? ` · ${content.apprentice}` : ""}`));
      line.append(element("div", `par ${content.by_label}, le ${content.happened_at}${content.reason ? `. Motif\u00a0: ${content.reason}` : ""}`));
      const facts = content.signature;
      if (facts) {
        line.append(element("div", `Signée par ${facts.signer} le ${facts.signed_at} (${facts.method}), appareil\u00a0: ${facts.user_agent || "non communiqué"}`));
        const kept = data.signatures[facts.signature];
        if (kept && kept.text) line.append(drawing(kept.text));
      }
      line.append(element("div", hash, "hash"));
      events.append(line);
    }
  }

  async function checkFiles(data, files) {
    const list = document.getElementById("verdicts-fichiers");
    list.replaceChildren();
    for (const file of files) {
      const found = data.files.find((known) => known.name.endsWith(`/${file.name}`));
      const hash = sha256(new Uint8Array(await file.arrayBuffer()));
      const words = !found ? "n'est pas du dossier" : found.sha256 === hash ? "est intact" : "a changé";
      list.append(element("li", `${file.name} ${words}`));
    }
  }

  const data = JSON.parse(document.getElementById("donnees").textContent);
  show(data, verify(data));
  // The same name chosen again, after it was changed on the disk, is looked at again.
  document.getElementById("fichiers").addEventListener("click", (event) => { event.target.value = ""; });
  document.getElementById("fichiers").addEventListener("change", (event) => checkFiles(data, event.target.files));
})();
