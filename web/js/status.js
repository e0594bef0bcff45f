/**
 * @typedef {object} NextStep
 * @property {string} label
 * @property {string | (() => void)} target An address to go to, or what to do.
 */

/** The page's live region: there from the start, so that its changes are read out. */
function region() {
  const element = document.getElementById("status");
  if (!element) throw new Error("the page has no element with the id status");
  return element;
}

/** @param {string} text */
export function say(text) {
  show(text, "note");
}

/**
 * @param {string} text
 * @param {NextStep} [nextStep] Shown behind the text. Defaults to none.
 */
export function sayProblem(text, nextStep) {
  show(text, "problem");
  if (nextStep) region().append(" ", nextStepElement(nextStep));
}

/** @param {string} text @param {"note" | "problem"} kind */
function show(text, kind) {
  region().dataset.kind = kind;
  region().textContent = text;
}

/** @param {NextStep} nextStep */
function nextStepElement({ label, target }) {
  if (typeof target === "string") {
    const link = document.createElement("a");
    link.href = target;
    link.textContent = label;
    return link;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = label;
  button.addEventListener("click", target);
  return button;
}
