import { ApiError, SiteConfigError, UnreachableError } from "./failures.js";

const UNREACHABLE =
  "The service can't be reached. Check your connection, then try again.";
const TROUBLE = "Something went wrong on our side. Try again in a moment.";
const TOO_MANY = "Too many attempts. Wait a few minutes, then try again.";

/** @type {Record<number, string>} */
const API_SENTENCES = {
  400: "The service didn't accept this request.",
  403: "You aren't allowed to do that.",
  404: "There is no mysfit at this address.",
  429: "Too many people are asking at once. Wait a moment, then try again.",
};

// Errors of Cognito's user pools:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
/** @type {Record<string, string>} */
const COGNITO_SENTENCES = {
  AliasExistsException: "Another account has this e-mail address already.",
  CodeDeliveryFailureException:
    "The code couldn't be sent. Check the e-mail address, then try again.",
  CodeMismatchException: "This code is wrong. Check it, or ask for a new one.",
  ExpiredCodeException: "This code has expired or is wrong. Ask for a new one.",
  InvalidParameterException: "Some of this isn't accepted. Check what you entered.",
  LimitExceededException: TOO_MANY,
  NetworkError: UNREACHABLE,
  NotAuthorizedException: "The e-mail address or the password is wrong.",
  TooManyFailedAttemptsException: TOO_MANY,
  TooManyRequestsException: TOO_MANY,
  UserLambdaValidationException: "This account isn't accepted here.",
  UserNotConfirmedException: "This account isn't confirmed yet. Confirm it first.",
  UserNotFoundException: "The e-mail address or the password is wrong.",
  UsernameExistsException:
    "There is an account with this e-mail address. Sign in, or reset its password.",
};

/**
 * Say what went wrong in a sentence for the person who reads the page.
 *
 * @param {unknown} error
 */
export function sentenceFor(error) {
  if (error instanceof ApiError) return API_SENTENCES[error.status] ?? TROUBLE;
  if (error instanceof SiteConfigError) {
    return "This site isn't set up completely. Its owner has to deploy it again.";
  }
  if (error instanceof UnreachableError) return UNREACHABLE;
  return error instanceof Error ? cognitoSentence(error) : TROUBLE;
}

/**
 * Cognito gives several causes one name and tells them apart in the message only.
 *
 * @param {Error} error
 */
function cognitoSentence({ name, message }) {
  if (/attempts? exceeded/i.test(message)) return TOO_MANY;
  if (/current status is confirmed/i.test(message)) {
    return "This account is confirmed already. Sign in.";
  }
  if (/no registered\/verified email/i.test(message)) {
    return "This account has no confirmed e-mail address to send a code to.";
  }
  if (name === "InvalidPasswordException") return passwordSentence(message);
  return COGNITO_SENTENCES[name] ?? TROUBLE;
}

/** @param {string} message */
function passwordSentence(message) {
  const rule = /policy:\s*(?<rule>.+?)\.?$/i.exec(message)?.groups?.rule;
  return rule
    ? `Choose another password. ${rule.replaceAll(";", ".")}.`
    : "Choose another password: longer, with letters, digits and symbols.";
}
