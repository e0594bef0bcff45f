import { loadConfig } from "./config.js";
import { ApiError, UnreachableError } from "./failures.js";

/**
 * @typedef {object} Mysfit
 * @property {string} mysfitId
 * @property {string} name
 * @property {string} goodevil
 * @property {string} lawchaos
 * @property {string} species
 * @property {string} [thumbImageUri]
 * @property {number} [age]
 * @property {string} [description]
 * @property {string} [profileImageUri]
 * @property {number} [likes]
 * @property {boolean} [adopted]
 */

// API Gateway gives an integration 29 seconds by default:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const TIMEOUT_MILLISECONDS = 30_000;

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @throws {ApiError} if the answer is a failure or not JSON.
 * @throws {UnreachableError} if no answer comes.
 */
async function call(path, options) {
  const { apiEndpoint } = await loadConfig();
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const response = await fetch(`${apiEndpoint}${path}`, { ...options, signal }).catch(
    (cause) => {
      throw new UnreachableError(path, { cause });
    },
  );
  if (!response.ok) throw new ApiError(response.status);
  return response.json().catch(() => {
    throw new ApiError(502);
  });
}

/** @param {string} mysfitId */
function mysfitPath(mysfitId) {
  return `/mysfits/${encodeURIComponent(mysfitId)}`;
}

/**
 * List mysfits. The API takes one filter; the second is applied to its answer.
 *
 * @param {{goodevil: string, lawchaos: string}} wanted An empty value means any.
 * @returns {Promise<Mysfit[]>}
 */
export async function listMysfits({ goodevil, lawchaos }) {
  const filters = [];
  if (goodevil) filters.push({ filter: "GoodEvil", value: goodevil });
  if (lawchaos) filters.push({ filter: "LawChaos", value: lawchaos });
  const query = filters.length ? `?${new URLSearchParams(filters[0])}` : "";
  const answer = await call(`/mysfits${query}`);
  if (!Array.isArray(answer?.mysfits)) throw new ApiError(502);
  /** @type {Mysfit[]} */
  const mysfits = answer.mysfits;
  return mysfits.filter((mysfit) => !lawchaos || mysfit.lawchaos === lawchaos);
}

/** @param {string} mysfitId @returns {Promise<Mysfit>} */
export async function readMysfit(mysfitId) {
  const mysfit = await call(mysfitPath(mysfitId));
  if (typeof mysfit?.name !== "string") throw new ApiError(502);
  return mysfit;
}

/**
 * Like or adopt a mysfit in the name of the signed-in user.
 *
 * @param {string} mysfitId
 * @param {"like" | "adopt"} action
 * @param {string} idToken Sent as it is, without `Bearer`: the form that API Gateway's
 *   Cognito authorizer reads.
 */
export async function postAction(mysfitId, action, idToken) {
  await call(`${mysfitPath(mysfitId)}/${action}`, {
    method: "POST",
    headers: { Authorization: idToken },
  });
}
