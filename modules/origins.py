"""
Who is reached where: the origins of the site, the API and Cognito, and the CSP.
"""

import re
from collections.abc import Iterable

from modules.regions import dns_suffix_of

SELF = "'self'"
NONE = "'none'"


def cognito_origin(region: str) -> str:
    """
    Return the origin of the region's user pools API.

    Source: https://docs.aws.amazon.com/general/latest/gr/cognito_identity.html
    """
    return f"https://cognito-idp.{region}.{dns_suffix_of(region)}"


def api_source(region: str) -> str:
    """
    Return the CSP source of every REST API in a region.

    The name of one API is known only once its body is, and its body names the site:
    the site's headers can't wait for it.
    """
    return f"https://*.execute-api.{region}.{dns_suffix_of(region)}"


def source_of_template(url: str) -> str:
    """
    Return the CSP source of a URL whose host may start with a `{name}`.
    """
    match = re.match(r"[a-z]+://[^/]+", url)
    origin = match.group() if match else url
    return re.sub(r"//[^./:]*\{[^}]*\}[^./:]*", "//*", origin)


def content_security_policy(
    *, connect: Iterable[str], images: Iterable[str] = ()
) -> str:
    """
    Return a policy that lets pages load their own files and call two services.

    Source: https://www.w3.org/TR/CSP3/

    Args:
        connect: origins that scripts may call.
        images: origins that images may come from besides the site. Defaults to none.
    """
    directives = {
        "default-src": (NONE,),
        "script-src": (SELF,),
        "style-src": (SELF,),
        "img-src": (SELF, "data:", *images),
        "font-src": (SELF,),
        "manifest-src": (SELF,),
        "connect-src": (SELF, *dict.fromkeys(connect)),
        "base-uri": (NONE,),
        "form-action": (NONE,),
        "frame-ancestors": (NONE,),
    }
    return "; ".join(
        f"{name} {' '.join(values)}" for name, values in directives.items()
    )
