import { SiteConfigError, UnreachableError } from "./failures.js";
import { siteUrl } from "./site.js";

/**
 * @typedef {object} SiteConfig
 * @property {string} region
 * @property {string} userPoolId
 * @property {string} userPoolClientId
 * @property {string} cognitoEndpoint
 * @property {string} apiEndpoint
 */

const KEYS = [
  "region",
  "userPoolId",
  "userPoolClientId",
  "cognitoEndpoint",
  "apiEndpoint",
];

/** @type {Promise<SiteConfig> | undefined} */
let loading;

/**
 * Load config.json, once per page.
 *
 * @throws {SiteConfigError} if the file is missing or incomplete.
 * @throws {UnreachableError} if no answer comes.
 */
export function loadConfig() {
  loading ??= fetchConfig().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @returns {Promise<SiteConfig>} */
async function fetchConfig() {
  const response = await fetch(siteUrl("config.json"), { cache: "no-cache" }).catch(
    (cause) => {
      throw new UnreachableError("config.json", { cause });
    },
  );
  if (!response.ok) throw new SiteConfigError("config.json is missing");
  const config = await response.json().catch(() => null);
  for (const key of KEYS) {
    if (typeof config?.[key] !== "string" || config[key] === "") {
      throw new SiteConfigError(`config.json lacks ${key}`);
    }
  }
  return config;
}
