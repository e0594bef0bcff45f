import { showAccount } from "./account.js";
import { formById, inputOf, sendByScript, wirePasswordBoxes } from "./forms.js";
import { requestPasswordReset, resetPassword } from "./session.js";
import {
  keepReturnTarget,
  rememberEmail,
  rememberedEmail,
  returnTarget,
  urlWithReturn,
} from "./site.js";
import { say } from "./status.js";

const requestForm = formById("request");
const resetForm = formById("reset");

/** @param {string} email */
function showResetForm(email) {
  inputOf(resetForm, "email").value = email;
  requestForm.hidden = true;
  resetForm.hidden = false;
  inputOf(resetForm, "code").focus();
}

keepReturnTarget();
wirePasswordBoxes();
inputOf(requestForm, "email").value = rememberedEmail();
document.getElementById("request-again")?.addEventListener("click", () => {
  requestForm.hidden = false;
  resetForm.hidden = true;
  say("");
});
sendByScript(requestForm, "Asking for a code…", async (value) => {
  await requestPasswordReset(value("email"));
  rememberEmail(value("email"));
  showResetForm(value("email"));
  say("If there is an account with this address, a code is on its way to it.");
});
sendByScript(resetForm, "Setting the new password…", async (value) => {
  await resetPassword(value("email"), value("code").trim(), value("password"));
  const url = new URL(urlWithReturn("sign-in.html", returnTarget()));
  url.searchParams.set("after", "reset");
  location.assign(url);
});
void showAccount();
