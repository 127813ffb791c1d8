"""Traps for what attacks do in a browser: dialogs, scripts, requests to others, broken policies.

Deliberately absent: what pages look like otherwise.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

TRAPS = """
window.__reports = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...given) => { window.__reports.push(`${name}(${given})`); };
}
document.addEventListener("securitypolicyviolation", (event) => {
  window.__reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
FOUND = """() => {
  const leads = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "ping"];
  const acts = ({ name, value }) =>
    /^(on|hx-(?!post$|target$)|data-hx-|srcdoc$)/.test(name) || (leads.includes(name)
    && /^[\\0- ]*(javascript|vbscript|data|blob|file):/i.test(value.replace(/[\\t\\n\\r]/g, "")));
  const acting = [...document.querySelectorAll("*")]
    .flatMap((each) => [...each.attributes].filter(acts))
    .map(({ ownerElement, name, value }) => `${ownerElement.localName} ${name}=${value}`);
  return [
    ...window.__reports, ...acting, ...(window.__pwned === undefined ? [] : ["ran"]),
    ...(document.createElement instanceof Function ? [] : ["clobbered"]),
    ...(document.querySelector("parsererror") ? ["ill-formed"] : []),
  ];
}"""


class Trapped:
    """A page of somebody's with every trap set; what was caught is in ``caught``.

    Nothing but ``sites`` may be asked for anything; the first of them is the town's.
    """

    def __init__(self, page: Page, sites: Iterable[str]):
        self.page, self.sites, self.caught = page, tuple(sites), []
        page.add_init_script(TRAPS)
        page.on("dialog", lambda dialog: (self.caught.append(dialog.message), dialog.dismiss()))
        page.context.on("page", lambda other: other is page or self.caught.append(other.url))
        page.context.on("request", self.asked)
        page.on("console", self.said)

    def asked(self, request) -> None:
        if urlsplit(request.url).scheme in ("data", "blob") or request.url.startswith(self.sites):
            return
        self.caught.append(request.url)

    def said(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.caught.append(message.text)

    def look(self, address: str) -> None:
        """Open it, wait until its scripts are done, and see what was caught."""
        self.page.goto(address, wait_until="load")
        self.seen(address)

    def look_unprotected(self, html: str, kind: str = "text/html", where: str = "") -> None:
        """Open ``html`` as a page of the town's without any policy, as mail programs do."""
        address = f"{self.sites[0]}/unprotected/"

        def answer(route: Route) -> None:
            route.fulfill(body=html, content_type=f"{kind}; charset=utf-8")

        self.page.route(address, answer)
        self.page.goto(address, wait_until="load")
        self.page.unroute(address)
        self.seen(where or html)

    def seen(self, where: str) -> None:
        for frame in self.page.frames:
            self.caught += frame.evaluate(FOUND)
        assert self.caught == [], where
