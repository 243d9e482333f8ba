"use strict";
for (const wide of document.querySelectorAll("[data-hover]")) {
  const hover = JSON.parse(wide.dataset.hover);
  const drawing = wide.querySelector(".drawing");
  const read = wide.parentElement.querySelector(".read");
  const tip = document.createElement("div");
  const at = document.createElement("div");
  tip.className = "tip";
  at.className = "at";
  tip.hidden = at.hidden = true;
  at.style.top = 100 * hover.top + "%";
  at.style.height = 100 * (hover.bottom - hover.top) + "%";
  tip.style.top = 100 * hover.top + "%";
  drawing.append(at, tip);
  let place = 0;

  const show = (index, aloud) => {
    place = Math.max(0, Math.min(hover.x.length - 1, index));
    const width = drawing.clientWidth;
    const x = hover.x[place] * width;
    const lines = Object.entries(hover.values).map(([name, words]) => name + "  " + words[place]);
    tip.textContent = [hover.dates[place], ...lines].join("\n");
    tip.hidden = at.hidden = false;
    at.style.left = x + "px";
    const shown = x - wide.scrollLeft;
    const left = shown > wide.clientWidth / 2 ? x - tip.offsetWidth - 8 : x + 8;
    tip.style.left = Math.max(0, Math.min(left, width - tip.offsetWidth)) + "px";
    if (aloud) {
      read.textContent = tip.textContent;
      if (shown < 0 || shown > wide.clientWidth) wide.scrollLeft = x - wide.clientWidth / 2;
    }
  };
  const hide = () => { tip.hidden = at.hidden = true; };

  drawing.addEventListener("pointermove", (event) => {
    const box = drawing.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    let nearest = 0;
    hover.x.forEach((x, index) => {
      if (Math.abs(x - part) < Math.abs(hover.x[nearest] - part)) nearest = index;
    });
    show(nearest, false);
  });
  drawing.addEventListener("pointerleave", hide);
  wide.addEventListener("blur", hide);
  wide.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: hover.x.length - 1 };
    if (event.key === "Escape") hide();
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(tip.hidden ? place : steps[event.key], true);
  });
}
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
