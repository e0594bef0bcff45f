import { sentenceFor } from "./messages.js";
import { say, sayProblem } from "./status.js";

/** @param {string} id */
export function formById(id) {
  const form = document.getElementById(id);
  if (!(form instanceof HTMLFormElement)) throw new Error(`no form has the id ${id}`);
  return form;
}

/** @param {HTMLFormElement} form @param {string} name */
export function inputOf(form, name) {
  const input = form.elements.namedItem(name);
  if (!(input instanceof HTMLInputElement))
    throw new Error(`no input is named ${name}`);
  return input;
}

/**
 * Send a form by script. Its button, off until now, is switched on: without the script
 * a password would travel in an address.
 *
 * @param {HTMLFormElement} form
 * @param {string} busyText
 * @param {(value: (name: string) => string) => Promise<void>} send Gets a function that
 *   reads an input by its name.
 */
export function sendByScript(form, busyText, send) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void runOnce(form, busyText, () => send((name) => inputOf(form, name).value));
  });
  for (const button of form.querySelectorAll("button")) button.disabled = false;
}

/**
 * Run an action unless `element` is still busy with one, and say how it fails.
 *
 * @param {HTMLElement} element
 * @param {string} busyText
 * @param {() => Promise<void>} action
 */
export async function runOnce(element, busyText, action) {
  if (element.ariaBusy === "true") return;
  element.ariaBusy = "true";
  say(busyText);
  try {
    await action();
  } catch (error) {
    sayProblem(sentenceFor(error));
  } finally {
    element.ariaBusy = "false";
  }
}

/** Let each “Show password” box show the password of its form. */
export function wirePasswordBoxes() {
  for (const box of document.querySelectorAll("input[data-shows]")) {
    box.addEventListener("change", () => {
      const input = document.getElementById(box.getAttribute("data-shows") ?? "");
      if (!(input instanceof HTMLInputElement)) return;
      input.type = box instanceof HTMLInputElement && box.checked ? "text" : "password";
    });
  }
}
