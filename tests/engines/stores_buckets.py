"""Makes the bucket `shop` in every store, as soon as the store answers."""

import base64
import email.utils
import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request

ACCOUNT = "devstoreaccount1"
# The key that azurite publishes for its only account.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def ask(method, url, headers=None, body=None):
    """Sends a request until the server takes connections."""
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    for attempt in range(300):
        try:
            return urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {url}: {error} {error.read()[:300]}")
        except OSError:
            if attempt == 299:
                raise
            time.sleep(0.1)


def azure(url):
    date = email.utils.formatdate(usegmt=True)
    # urllib gives a request with a body a type, so it is named, and signed with the rest.
    kind = "application/octet-stream"
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06", "Content-Length": "0", "Content-Type": kind}
    signed = "PUT" + 5 * "\n" + kind + 7 * "\n" + f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/{ACCOUNT}/{ACCOUNT}/shop\nrestype:container"
    mark = hmac.new(base64.b64decode(KEY), signed.encode(), hashlib.sha256).digest()
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(mark).decode()}"
    ask("PUT", f"{url}/shop?restype=container", headers, b"")


ask("PUT", os.environ["EPSTATS_TEST_S3_URL"] + "/shop")
ask("PUT", os.environ["EPSTATS_TEST_S3_STRICT_URL"] + "/shop")
google = os.environ["EPSTATS_TEST_GCS_URL"] + "/storage/v1/b?project=test"
ask("POST", google, {"Content-Type": "application/json"}, json.dumps({"name": "shop"}).encode())
azure(os.environ["EPSTATS_TEST_AZURE_URL"])
