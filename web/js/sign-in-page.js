import { showAccount } from "./account.js";
import { formById, inputOf, sendByScript, wirePasswordBoxes } from "./forms.js";
import { signIn } from "./session.js";
import {
  keepReturnTarget,
  rememberEmail,
  rememberedEmail,
  returnTarget,
  urlWithReturn,
} from "./site.js";
import { sayProblem } from "./status.js";

/** @type {Record<string, string>} */
const GREETINGS = {
  confirmation: "Your e-mail address is confirmed. Sign in now.",
  reset: "Your new password is set. Sign in with it.",
  "sign-out": "You are signed out.",
};

/** @param {string} step */
function goOn(step) {
  if (step === "DONE") location.assign(returnTarget());
  else if (step === "CONFIRM_SIGN_UP") {
    location.assign(urlWithReturn("confirm.html", returnTarget()));
  } else if (step === "RESET_PASSWORD") {
    location.assign(urlWithReturn("forgot-password.html", returnTarget()));
  } else {
    sayProblem("This account needs a further step that this site doesn't offer.");
  }
}

const form = formById("sign-in");
const greeting = document.getElementById("greeting");
const after = new URLSearchParams(location.search).get("after") ?? "";

async function showFormOrSession() {
  const user = await showAccount();
  const session = document.getElementById("session");
  if (session) session.hidden = user === null;
  if (greeting) greeting.hidden = user !== null;
  form.hidden = user !== null;
}

keepReturnTarget();
wirePasswordBoxes();
inputOf(form, "email").value = rememberedEmail();
document.getElementById("continue")?.setAttribute("href", returnTarget());
if (greeting && after in GREETINGS) greeting.textContent = GREETINGS[after] ?? "";
sendByScript(form, "Signing in…", async (value) => {
  rememberEmail(value("email"));
  goOn(await signIn(value("email"), value("password")));
});
void showFormOrSession();
