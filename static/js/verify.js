// Compares a file's SHA-256 with the one on the page; the file never leaves the browser.
const box = document.querySelector("[data-verify-sha256]");

async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(output, kind) {
  for (const line of output.children) line.hidden = line.dataset.result !== kind;
}

if (box) {
  const input = box.querySelector("input[type=file]");
  const output = box.querySelector("[data-verify-results]");
  const choose = async (file) => {
    if (!file) return show(output, "none");
    if (!window.crypto?.subtle) return show(output, "unable");
    show(output, "busy");
    try {
      show(output, (await sha256(file)) === box.dataset.verifySha256 ? "same" : "different");
    } catch {
      show(output, "unable");
    }
  };
  input.addEventListener("change", () => choose(input.files[0]));
  if (input.files.length) choose(input.files[0]); // chosen while this script was still on its way
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    choose(event.dataTransfer.files[0]);
  });
}
