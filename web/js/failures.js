/** config.json is missing or incomplete. */
export class SiteConfigError extends Error {
  name = "SiteConfigError";
}

/** No answer came: offline, blocked, or too slow. */
export class UnreachableError extends Error {
  name = "UnreachableError";
}

/** The API answered with a failure, or with something else than it promises. */
export class ApiError extends Error {
  name = "ApiError";

  /** @param {number} status */
  constructor(status) {
    super(`the API answered ${status}`);
    this.status = status;
  }
}
