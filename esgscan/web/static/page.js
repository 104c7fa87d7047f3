"use strict";
// Better with scripts: drop files on the card, see the work go on, sort a table by a click. Nothing needs them.
for (const form of document.querySelectorAll("[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  form.querySelector("[data-drop-hint]").hidden = false;
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over-it"); });
  form.addEventListener("dragleave", () => form.classList.remove("over-it"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over-it");
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; field.focus(); }
  });
}
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button[type=submit]");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled")) { event.preventDefault(); return; }
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => { button.removeAttribute("aria-disabled"); button.textContent = label; });
}
for (const place of document.querySelectorAll("[data-progress]")) {
  const lines = [...place.querySelectorAll("[data-step]")];
  const text = place.querySelector("[role=status]");
  const working = "Working.";
  const show = (told) => {
    const at = lines.findIndex((line) => line.dataset.step === told.step);
    lines.forEach((line, number) => {
      line.className = number < at ? "done" : number === at ? "now" : "later";
      if (number === at) line.setAttribute("aria-current", "step"); else line.removeAttribute("aria-current");
      const bar = line.querySelector("progress");
      if (number < at) bar.value = 1;
      else if (number > at) bar.value = 0;
      else if (told.share === null) bar.removeAttribute("value");
      else bar.value = told.share;
    });
    const said = at >= 0 ? working : told.ahead ? `Waiting: ${told.ahead} before this one.` : "Beginning.";
    if (at < 0 || !text.textContent.startsWith("Working")) text.textContent = said;
  };
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : { done: true };
      if (told.done) { location.reload(); return; }
      show(told);
    } catch { /* The server is away for a moment; look again. */ }
    setTimeout(look, 400);
  };
  setTimeout(look, 200);
}
for (const table of document.querySelectorAll("table[data-sort], .wide table")) {
  const body = table.tBodies[0];
  if (!table.tHead || body.rows.length < 2 || body.querySelector("select")) continue;
  [...table.tHead.rows[0].cells].forEach((header, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = header.getAttribute("aria-sort") !== "ascending";
      for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => {
        const cell = row.cells[at];
        const number = cell.dataset.value ?? cell.dataset.n;
        return number !== undefined ? Number(number) : header.classList.contains("n") ? Number(cell.textContent.replace(/[^\d.-]/g, "")) || 0 : cell.textContent.trim();
      };
      const order = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
      body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * order(key(a), key(b))));
    });
  });
}
