import { showAccount } from "./account.js";
import { formById, inputOf, runOnce, sendByScript } from "./forms.js";
import { confirmRegistration, resendConfirmationCode } from "./session.js";
import {
  keepReturnTarget,
  rememberEmail,
  rememberedEmail,
  returnTarget,
  urlWithReturn,
} from "./site.js";
import { say } from "./status.js";

const form = formById("confirm");
const email = inputOf(form, "email");

async function resend() {
  if (!email.reportValidity()) return;
  await runOnce(form, "Sending a new code…", async () => {
    await resendConfirmationCode(email.value);
    rememberEmail(email.value);
    say("A new code is on its way. The older ones don't work any more.");
  });
}

keepReturnTarget();
email.value = rememberedEmail();
document.getElementById("resend")?.addEventListener("click", resend);
sendByScript(form, "Checking the code…", async (value) => {
  await confirmRegistration(value("email"), value("code").trim());
  rememberEmail(value("email"));
  const url = new URL(urlWithReturn("sign-in.html", returnTarget()));
  url.searchParams.set("after", "confirmation");
  location.assign(url);
});
void showAccount();
