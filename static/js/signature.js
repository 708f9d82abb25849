// The signature pad of components/_signature_pad.html: strokes in a box of 600 x 200, times kept.
// Without JavaScript the typed name alone shows, and that is a valid signature too.
const BOX = { width: 600, height: 200 };
const MINIMUM_INK = 60; // units of the box: a dot or a slip of the finger is not a signature

function strokesOf(pad, width) {
  const scale = BOX.width / width;
  const groups = pad.toData().filter((group) => group.points.length > 0);
  const start = groups.length ? groups[0].points[0].time : 0;
  const within = (value, most) => Math.min(most, Math.max(0, Math.round(value * scale * 10) / 10));
  return groups.map((group) =>
    group.points.map((p) => [within(p.x, BOX.width), within(p.y, BOX.height), Math.max(0, Math.round(p.time - start))]),
  );
}

function inkOf(strokes) {
  let length = 0;
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i += 1) {
      length += Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]);
    }
  }
  return length;
}

function start(root) {
  if (root.dataset.ready) return;
  root.dataset.ready = "yes";
  const part = (name) => root.querySelector(`[data-signature-${name}]`);
  const canvas = root.querySelector("canvas");
  const [drawn, typed, value, error] = ["drawn", "typed", "value", "error"].map(part);
  const field = typed.querySelector("input");
  const pad = new window.SignaturePad(canvas, { minWidth: 0.8, maxWidth: 2.4 });
  const form = root.closest("form");
  let width = 0;

  function fit() {
    const seen = canvas.offsetWidth;
    if (!seen || seen === width) return;
    const data = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = seen * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.penColor = getComputedStyle(canvas).color;
    // Turning the phone keeps what was drawn.
    const factor = width ? seen / width : 1;
    data.forEach((group) => group.points.forEach((p) => { p.x *= factor; p.y *= factor; }));
    width = seen;
    pad.clear();
    if (data.length) pad.fromData(data);
  }

  function store() {
    const strokes = strokesOf(pad, width);
    value.value = strokes.length ? JSON.stringify(strokes) : "";
    return strokes;
  }

  // What the page of a refused form gives back (drafts.js).
  function draw() {
    const back = (value.value ? JSON.parse(value.value) : []).map((stroke) => ({
      minWidth: pad.minWidth, maxWidth: pad.maxWidth, penColor: pad.penColor,
      points: stroke.map(([x, y, time]) => ({ x: (x * width) / BOX.width, y: (y * width) / BOX.width, time, pressure: 0.5 })),
    }));
    pad.fromData(back);
  }

  function show(keyboard) {
    drawn.hidden = keyboard;
    typed.hidden = !keyboard;
    part("draw").hidden = !keyboard;
    error.hidden = true;
    if (keyboard) {
      pad.clear();
      value.value = "";
    } else {
      field.value = "";
      fit();
    }
  }

  function refuse(event, message) {
    event.preventDefault();
    event.stopImmediatePropagation();
    error.textContent = message;
    error.hidden = false;
  }

  field.addEventListener("input", () => { error.hidden = true; });
  pad.addEventListener("endStroke", () => { error.hidden = true; store(); });
  part("clear").addEventListener("click", () => { pad.clear(); value.value = ""; });
  part("keyboard").addEventListener("click", () => { show(true); field.focus(); });
  part("draw").addEventListener("click", () => { show(false); });
  window.addEventListener("resize", fit);
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formnovalidate")) return;
    if (!typed.hidden) {
      if (field.value.trim().length < 3) refuse(event, "Écrivez vos prénom et nom pour signer.");
      return;
    }
    if (inkOf(store()) < MINIMUM_INK) {
      refuse(event, "La signature est trop courte. Dessinez-la dans le cadre, ou choisissez «\u00a0Signer au clavier\u00a0».");
    }
  }, true);
  show(Boolean(field.value));
  draw();
}

function startAll(scope) {
  scope.querySelectorAll("[data-signature]").forEach(start);
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target.parentElement || document));
