import { loadConfig } from "./config.js";
import { UnreachableError } from "./failures.js";

/** @typedef {typeof import("../vendor/aws-amplify-auth.js")} AmplifyAuth */

/** @type {Promise<AmplifyAuth> | undefined} */
let starting;

/** Load the library that speaks to the user pool, when a page first needs it. */
function amplify() {
  starting ??= startAmplify().catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function startAmplify() {
  const [config, library] = await Promise.all([
    loadConfig(),
    import("../vendor/aws-amplify-auth.js").catch((cause) => {
      throw new UnreachableError("aws-amplify-auth.js", { cause });
    }),
  ]);
  library.Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: config.userPoolId,
        userPoolClientId: config.userPoolClientId,
        userPoolEndpoint: config.cognitoEndpoint,
        loginWith: { email: true },
      },
    },
  });
  return library;
}

/** @param {string} email @param {string} password */
export async function register(email, password) {
  const { signUp } = await amplify();
  const userAttributes = { email };
  await signUp({ username: email, password, options: { userAttributes } });
}

/** @param {string} email @param {string} code */
export async function confirmRegistration(email, code) {
  const { confirmSignUp } = await amplify();
  await confirmSignUp({ username: email, confirmationCode: code });
}

/** @param {string} email */
export async function resendConfirmationCode(email) {
  const { resendSignUpCode } = await amplify();
  await resendSignUpCode({ username: email });
}

/**
 * Sign in, or name the step that Cognito asks for first.
 *
 * A session that this browser still holds is ended before, because the library
 * refuses a second one.
 *
 * @param {string} email
 * @param {string} password
 * @returns {Promise<string>} `DONE`, or a step of
 *   https://docs.amplify.aws/react/build-a-backend/auth/connect-your-frontend/sign-in/
 */
export async function signIn(email, password) {
  const library = await amplify();
  await library.signOut();
  const result = await library.signIn({ username: email, password });
  return result.nextStep.signInStep;
}

/** Revoke the refresh token and forget the session. */
export async function signOut() {
  const library = await amplify();
  await library.signOut();
}

/** @param {string} email */
export async function requestPasswordReset(email) {
  const { resetPassword } = await amplify();
  await resetPassword({ username: email });
}

/** @param {string} email @param {string} code @param {string} newPassword */
export async function resetPassword(email, code, newPassword) {
  const { confirmResetPassword } = await amplify();
  await confirmResetPassword({ username: email, confirmationCode: code, newPassword });
}

/**
 * Read who is signed in, refreshing the session where it is due.
 *
 * @returns {Promise<{email: string, idToken: string} | null>}
 */
export async function currentUser() {
  const { fetchAuthSession } = await amplify();
  const { tokens } = await fetchAuthSession();
  if (!tokens?.idToken) return null;
  const email = String(tokens.idToken.payload.email ?? "");
  return { email, idToken: tokens.idToken.toString() };
}
